// `fmnet doctor`: what stands between this machine, these files and a prediction.
//
// Looks at the environment (gnuplot, threads, variables that change what programs compute), the configuration, the weights
// (do they belong to it?), and the records: which stations of the configuration have records of the channels that it takes
// (records.channels) with metadata, and whether these have it in the same place. With an event the windows are cut as for a prediction, which shows what covers them and is sound.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/event.h"

namespace fmnet {

enum class Verdict { ok, note, problem };

struct Finding {
  Verdict verdict;   // note: less than could be, and no hindrance by itself
  std::string what;  // "weights: 12500 steps, agree with the configuration"
};

struct DoctorInputs {
  std::string config_path, weights_path, records_path, sac_unit;  // those that are empty are passed over
  std::optional<data::Event> event = {};                          // looked for in the records
};

std::vector<Finding> run_doctor(const DoctorInputs& inputs);

}  // namespace fmnet
