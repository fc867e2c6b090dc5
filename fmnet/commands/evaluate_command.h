// `fmnet evaluate`: how often a trained network is right on noisy synthetic events that it has not seen.
//
// Two sets of events (training_set.h): "on_grid", every mechanism of the training grid at places drawn at random with new
// noise - the authors' test of 972 - and "off_grid", mechanisms drawn at random from all double couples. In the folder:
//
//   evaluation_on_grid.tsv, evaluation_off_grid.tsv   a row an event: place, truth, prediction, Kagan angle
//   metrics.json, section "evaluation"                share with a Kagan angle <= 20 degrees with its 95 % interval, median, ...
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/config.h"
#include "fmnet/manifest.h"
#include "fmnet/metrics.h"
#include "fmnet/training_set.h"

namespace fmnet {

struct EvaluationSizes {
  std::int64_t n_on_grid = 972, n_off_grid = 1000;
};

StepEnd run_evaluate(const Config& config, const std::string& library_path, const std::string& weights_path,
                     const EvaluationSizes& sizes, const std::string& directory, const StepMode& mode);

// "on_grid: 123 of 972 within 20 degrees (12.7 %, 95 % interval 10.7 to 14.9 %), median 45.1 degrees", a line a set.
std::string evaluation_lines(const std::string& directory);

// The Kagan angles of such a table. InputError where it is not one.
std::vector<double> read_kagan_angles(const std::string& path);

// "on_grid" or "off_grid".
std::string evaluation_name(UnseenKind kind);

}  // namespace fmnet
