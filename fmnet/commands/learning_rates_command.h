// `fmnet learning_rates`: short trainings that differ in the learning rate alone (the paper's Figure S8).
//
// Each is one epoch over the same samples in the same order from the same initial weights. Beside their losses stands that of the
// best answer that does not depend on the record, the mean of all labels: a training leaves it only after some two thousand
// steps of 16 samples, and rates can be compared only where it has been left. In the folder:
//
//   learning_rates.tsv     a row a rate: learning_rate, training_mse, validation_mse, samples, constant_mse
//   learning_rates.toml    the configuration of the trainings, but for the rate
//   metrics.json           section "learning_rates", the same numbers
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/commands/figure_step.h"
#include "fmnet/config.h"
#include "fmnet/manifest.h"

namespace fmnet {

// The loss of the mean of the labels of all mechanisms of the grid, against each of them.
double constant_answer_loss(const Config& config);

// Trains one behind the other in the folder's sub-folders learning_rates/SAMPLES_RATE; goes on where it was interrupted.
StepEnd run_learning_rates(const Config& config, const std::string& library_path, const std::vector<double>& rates,
                           std::int64_t n_samples, const std::string& directory, const StepMode& mode);

// Takes the results that come with a preset from the folder `from`. InputError where they are of another configuration or number
// of samples.
StepEnd run_shipped_learning_rates(const Config& config, std::int64_t n_samples, const std::string& from,
                                   const std::string& directory, const StepMode& mode);
bool has_learning_rates(const std::string& directory);

// Figure S8: from learning_rates.tsv in the folder.
StepEnd draw_learning_rates(const FigurePlace& place);

}  // namespace fmnet
