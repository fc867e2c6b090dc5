// `fmnet evaluate`: how often a trained network is right on noisy synthetic events that it has not seen.
//
// Two kinds of events (training_set.h): "on_grid", every mechanism of the training grid at places drawn at random with new
// noise - the authors' test of 972 - and "off_grid", mechanisms drawn at random from all double couples. The earth, the places
// and the disturbances may be others than those of the training (test_events.h); such a set has a name, SET_on_grid and
// SET_off_grid, and stands beside the plain one. In the folder:
//
//   evaluation_on_grid.tsv, evaluation_off_grid.tsv   a row an event (evaluation.h); evaluation_SET_on_grid.tsv, ...
//   metrics.json, section "evaluation"                a summary a set: shares with their 95 % intervals, median, classes, the
//                                                     conditions, and how long one prediction takes on one thread (network_ms)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/config.h"
#include "fmnet/evaluation.h"
#include "fmnet/foreign_events.h"
#include "fmnet/manifest.h"
#include "fmnet/test_events.h"

namespace fmnet {

struct EvaluationSet {
  std::string name;                                 // empty: the conditions of the training
  std::int64_t n_on_grid = 972, n_off_grid = 1000;  // 0: none of this kind
  TestWorld world;
  TestConditions conditions;
};

// `library_path`: Green's functions of the set's world. InputError where nothing is to be done, where a set that is not the
// plain one has no name, or where the library has too small a margin for the picking error. A kind of which no events are
// wanted leaves the metrics.
StepEnd run_evaluate(const Config& trained, const std::string& library_path, const std::string& weights_path,
                     const EvaluationSet& set, const std::string& directory, const StepMode& mode);

// `fmnet evaluate_foreign`: the same for waveforms of others (foreign_events.h); the configuration is that inside the weights.
// `quantity`: of the waveforms; it must be that of the training.
StepEnd run_evaluate_foreign(const std::string& weights_path, const ForeignPaths& paths, double dt_s,
                             data::Quantity quantity, const std::string& set, const std::string& directory,
                             const StepMode& mode);

// Writes the table of a set, and its summary with what else is `told` beside those of others into metrics.json.
void write_evaluation(const std::string& directory, const std::string& set, const std::vector<EvaluatedEvent>& events,
                      const nlohmann::json& told);

// What the events of a set are called in files and metrics: those with mechanisms on the grid, those off it.
std::vector<std::string> names_of(const EvaluationSet& set);

// "on_grid: 123 of 972 within 20 degrees ...", a line for each of these names.
std::string evaluation_lines(const std::string& directory, const std::vector<std::string>& names);

// "evaluation_NAME.tsv"
std::string evaluation_file(const std::string& name);

}  // namespace fmnet
