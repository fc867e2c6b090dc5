// Trained networks and interrupted trainings as files, both safetensors.h.
//
// Weights (`weights.safetensors`, 1.4 MB): all parameters and running averages, in the order of architecture.h, and as
// metadata the format's version, the canonical configuration (config.h) and the number of training steps. It is all that a
// prediction needs. Names, order and shapes must be those of FMNet exactly, variances not negative.
//
// Training state (`state.safetensors`, 4.2 MB): the same with Adam's averages m and v, the step and the sums of losses that
// the log is made of: all that going on to the bit needs. Order and noise of the samples are functions of seed and step and
// need no saving. The state before the last one is kept as `state.previous.safetensors`; where the last one is missing
// or damaged, the training goes on from that, and what is damaged becomes `state.damaged.safetensors`: the next checkpoint
// must not put it in the place of the good one.
//
// Each file is written whole beside its place, then renamed into it; of the state two renames follow each other, and between
// them the previous one alone is there. Whenever the program is killed, at most the time since the last checkpoint is lost.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "autodiff/adam.h"
#include "fmnet/architecture.h"
#include "fmnet/config.h"

namespace fmnet {

// Where a training stands. `step` batches are done; the sums tell of those since the last row of the log (interval) and
// since the start of the epoch.
struct TrainingState {
  std::int64_t step = 0;
  double interval_loss_sum = 0.0, epoch_loss_sum = 0.0;
  std::int64_t interval_steps = 0, epoch_steps = 0;
};

struct Weights {
  Config config;
  std::int64_t n_steps = 0;
  std::shared_ptr<FmNet> network;
};

void save_weights(const std::string& path, const FmNet& network, const Config& config, std::int64_t n_steps);
// InputError naming file, array and rule.
Weights load_weights(const std::string& path);

std::string weights_path(const std::string& directory);
std::string state_path(const std::string& directory);
std::string previous_state_path(const std::string& directory);
std::string damaged_state_path(const std::string& directory);
bool has_state(const std::string& directory);

void save_state(const std::string& directory, const FmNet& network, const autodiff::Adam& adam, const Config& config,
                const TrainingState& state);
// Sets network and optimizer, and returns where the training stands. InputError where both files are missing or damaged,
// or where the configuration is not that of the training (name, epochs and checkpoint_interval_s may differ: a training can
// be made longer). `message` receives one line when the previous state had to be used, and is left empty otherwise.
TrainingState load_state(const std::string& directory, FmNet& network, autodiff::Adam& adam, const Config& config,
                         std::string& message);

}  // namespace fmnet
