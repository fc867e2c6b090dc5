// Training: the mean squared error between the network's three curves and the labels, made smaller by Adam, batch after
// batch of samples that are computed when they are needed.
//
// One step takes the network and the optimizer from step s to s + 1 with the batch of training_set.h, equation (1). It is
// a pure function of (state, configuration, s): nothing else is remembered, so that a training that was stopped and
// resumed at any step has the same bits as one that never stopped, and as one on any number of threads.
//
// train() runs the steps until the configured epochs are done. In its directory it keeps
//
//   training_log.tsv      training_log.h: a row every 100 steps, and one with the validation at the end of each epoch
//   state.safetensors     checkpoint.h: every checkpoint_interval_s seconds, at the end of each epoch, on an interrupt
//   weights.safetensors   written at the same times; without the optimizer's state, for prediction
//
// and goes on from the state that it finds there, if its configuration is the same (checkpoint.h tells what may differ). An
// interrupt (interrupt.h) writes a checkpoint and returns. A loss that is not finite is a std::runtime_error that names the
// step and the layer in which the first such number arises, a weight that is not finite one that names the array when it
// is to be saved; the last good checkpoint stays. Validation: mean loss and Kagan angles of unseen samples, computed once and
// kept (24 KB each).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "autodiff/adam.h"
#include "fmnet/architecture.h"
#include "fmnet/batch.h"
#include "fmnet/checkpoint.h"
#include "fmnet/config.h"
#include "fmnet/training_log.h"
#include "fmnet/training_set.h"

namespace fmnet {

inline constexpr std::int64_t steps_per_log_row = 100;

class Trainer {
 public:
  // `sample` computes grid sample i of 0 .. n_grid - 1.
  Trainer(const Config& config, SampleOf sample, std::int64_t n_grid);

  // One batch; returns its loss before the update.
  double step();

  std::int64_t steps_per_epoch() const { return order_.steps_per_epoch(); }
  const TrainingState& state() const { return state_; }
  // Seconds spent so far on computing samples.
  double sample_seconds() const { return sample_seconds_; }

  // The mean loss of the steps since the last call of the same function, which may have been in the run before this one;
  // std::invalid_argument when no step was made since.
  double take_interval_loss();
  double take_epoch_loss();

  // In evaluation mode; the network is in training mode again when this returns or throws.
  Validation validate(const std::vector<data::Sample>& samples);

  void save(const std::string& directory) const;  // state and weights
  // `message`: see load_state.
  void resume(const std::string& directory, std::string& message);

 private:
  Config config_;
  SampleOf sample_;
  TrainingOrder order_;
  FmNet network_;
  autodiff::Adam adam_;
  TrainingState state_;
  double sample_seconds_ = 0.0;
};

struct TrainingOptions {
  std::string directory;               // made if it does not exist
  bool progress = true;                // the line on stderr
  std::int64_t stop_after_steps = -1;  // as an interrupt after so many steps of this run; -1: never
};

enum class TrainingEnd { finished, interrupted };
struct TrainingOutcome {
  TrainingEnd end;
  std::int64_t n_steps;             // of the whole training so far
  double samples_per_s;             // of this run, validation and checkpoints included
  double share_of_time_on_samples;  // of this run
};

TrainingOutcome train(const Config& config, const data::Dataset& dataset, const TrainingOptions& options);

}  // namespace fmnet
