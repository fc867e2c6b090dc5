// `fmnet doctor`: what stands between this machine, these files and a prediction.
//
// Looks at the environment (gnuplot, threads, variables that change what programs compute), the configuration, the weights
// (do they belong to it?), and the records: which stations of the configuration have records, which have metadata. Nothing is
// computed from them.
#pragma once

#include <string>
#include <vector>

namespace fmnet {

struct Finding {
  bool is_problem;
  std::string what;  // "weights: 12500 steps, agree with the configuration"
};

struct DoctorInputs {
  std::string config_path, weights_path, records_path, sac_unit;  // those that are empty are passed over
};

std::vector<Finding> run_doctor(const DoctorInputs& inputs);

}  // namespace fmnet
