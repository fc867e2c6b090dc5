// `fmnet train`: trains the network of a configuration, going on from where an earlier run was stopped.
// Where a preset comes with trained weights (its key "shipped"), these are taken instead, with their log.
//
// In the folder: weights.safetensors, training_log.tsv, state.safetensors (trainer.h), and the section "training" of
// metrics.json: samples, epochs, losses before and after, speed. The loss before training is that of the untrained network
// with the initial weights of the same seed, on the same validation samples.
#pragma once

#include <cstdint>
#include <string>

#include "fmnet/config.h"
#include "fmnet/manifest.h"

namespace fmnet {

// stop_after_steps: as an interrupt after so many steps of this run; -1: never.
StepEnd run_train(const Config& config, const std::string& library_path, const std::string& directory,
                  const StepMode& mode, std::int64_t stop_after_steps = -1);

// Copies weights.safetensors and training_log.tsv from the folder `from`. InputError where they are of another configuration.
StepEnd run_shipped(const Config& config, const std::string& library_path, const std::string& from,
                    const std::string& directory, const StepMode& mode);

}  // namespace fmnet
