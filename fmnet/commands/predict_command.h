// `fmnet predict`: the mechanism of a real earthquake from the records in a folder.
//
//   records -> window (data/records/record_set.h) -> network (predictor.h) -> one line, JSON, figure
//                                              `-> synthetics of the answer against the records (trust/trust.h)
//
// P comes from the velocity model of the configuration (the earlier of direct and head waves) or, for stations that a pick
// list names, from the pick; p_from says which, notes how many picks were used. In the folder of results, where one is given:
//
//   prediction.json         everything: both planes, the curves, the feature vector, each channel with the reason why it was
//                           left out, P times, notes, and the trust figures
//   prediction.xml          the same as QuakeML 1.2 (quakeml.h)
//   figures/prediction.*    beach ball, curves, the rows that the network saw
//   figures/fit.*           records against synthetics of the predicted mechanism
//   metrics.json            section "prediction"
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "data/event.h"
#include "fmnet/config.h"
#include "fmnet/manifest.h"
#include "fmnet/prediction_json.h"

namespace fmnet {

struct PredictInputs {
  std::string weights_path;
  std::string records_path;  // see data/records/record_files.h
  data::Event event;
  std::string picks_path;  // empty: theory alone
  std::string sac_unit;    // for SAC records
  std::optional<propagator::FocalMechanism> reference;
  bool force = false;  // predict with fewer stations than the configuration asks for
  // Seconds by which the window is cut later than P; none: that of 0, 1, .. 15 s which trust/delay_scan.h finds.
  std::optional<double> delay_s = 0.0;
};

// What a prediction reads from a folder of records, for its key: "NAME SHA-256" of each file, a line each. Whatever else lies there may
// change without changing the prediction, the results of this program among it. Throws as data::record_file_paths.
std::string checksums_of_records(const std::string& path);

// Is given the prediction as soon as there is one, before any figure is drawn: without gnuplot there is an answer all the same.
using TellPrediction = std::function<void(const nlohmann::json& prediction)>;

// With a directory: writes the files above, or reads prediction.json back where the step is up to date. With an empty
// directory: computes and writes nothing.
StepEnd run_predict(const Config& config, const PredictInputs& inputs, const std::string& directory,
                    const StepMode& mode, const TellPrediction& tell);

}  // namespace fmnet
