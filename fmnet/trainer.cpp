#include "fmnet/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "autodiff/ops/mse_loss.h"
#include "data/atomic_file.h"
#include "data/directory.h"
#include "fmnet/interrupt.h"
#include "fmnet/metrics.h"
#include "fmnet/progress.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using autodiff::Tensor;
using autodiff::Variable;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double mean(double& sum, std::int64_t& n_steps) {
  if (n_steps == 0) throw std::invalid_argument("Trainer: the mean loss of no steps was asked for");
  const double value = sum / static_cast<double>(n_steps);
  sum = 0.0;
  n_steps = 0;
  return value;
}

// The network reads its running averages as long as this lives; it is back in training mode afterwards, also where something
// is thrown.
class EvaluationMode {
 public:
  explicit EvaluationMode(FmNet& network) : network_(network) { network_.eval(); }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;
  ~EvaluationMode() { network_.train(); }

 private:
  FmNet& network_;
};

}  // namespace

Trainer::Trainer(const Config& config, SampleOf sample, std::int64_t n_grid)
    : config_(config),
      sample_(std::move(sample)),
      order_(n_grid, config.training.n_samples, config.training.batch_size, config.seed),
      network_(config.seed, config.network.running_variance),
      adam_(network_.parameters(), config.training.adam) {
  network_.set_execution({true, config.training.convolution});
}

double Trainer::step() {
  const auto start = Clock::now();
  Batch batch = make_batch(sample_, order_.batch(state_.step), config_.label);
  sample_seconds_ += seconds_since(start);
  adam_.clear_gradients();
  const Variable waveforms(std::move(batch.waveforms));
  const Variable loss = autodiff::mse_loss(network_.forward(waveforms), std::move(batch.labels));
  const auto value = static_cast<double>(loss.value()[0]);
  if (!std::isfinite(value)) {
    const std::string place = network_.first_not_finite(waveforms);
    throw std::runtime_error(
        fmt::format("training: step {}: loss = {}: not finite; the first such number is in {}; a smaller "
                    "training.learning_rate may help (it is {})",
                    state_.step + 1, value, place.empty() ? "the labels" : place, config_.training.adam.learning_rate));
  }
  autodiff::backward(loss);
  adam_.step();
  ++state_.step;
  state_.interval_loss_sum += value;
  state_.epoch_loss_sum += value;
  ++state_.interval_steps;
  ++state_.epoch_steps;
  return value;
}

double Trainer::take_interval_loss() { return mean(state_.interval_loss_sum, state_.interval_steps); }
double Trainer::take_epoch_loss() { return mean(state_.epoch_loss_sum, state_.epoch_steps); }

Validation Trainer::validate(const std::vector<data::Sample>& samples) {
  const SampleOf sample = [&samples](std::int64_t i) { return samples[static_cast<std::size_t>(i)]; };
  const autodiff::RecordingOff recording_off;
  const EvaluationMode evaluation(network_);
  double loss_sum = 0.0;
  std::vector<double> angles;
  const auto n = static_cast<std::int64_t>(samples.size());
  for (std::int64_t begin = 0; begin < n; begin += config_.training.batch_size) {
    std::vector<std::int64_t> indices;
    for (std::int64_t i = begin; i < std::min(n, begin + config_.training.batch_size); ++i) indices.push_back(i);
    Batch batch = make_batch(sample, indices, config_.label);
    const Variable curves = network_.forward(Variable(std::move(batch.waveforms)));
    const Variable loss = autodiff::mse_loss(curves, std::move(batch.labels));
    loss_sum += static_cast<double>(loss.value()[0]) * static_cast<double>(indices.size());
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const propagator::FocalMechanism found =
          decode_curves(curves_of(curves.value(), static_cast<autodiff::Index>(k)), config_.label);
      angles.push_back(propagator::kagan_angle_deg(samples[static_cast<std::size_t>(indices[k])].mechanism, found));
    }
  }
  const KaganSummary summary = summarize_kagan(angles);
  return {loss_sum / static_cast<double>(n), summary.share_good, summary.median_deg};
}

void Trainer::save(const std::string& directory) const {
  save_state(directory, network_, adam_, config_, state_);
  save_weights(weights_path(directory), network_, config_, state_.step);
}

void Trainer::resume(const std::string& directory, std::string& message) {
  state_ = load_state(directory, network_, adam_, config_, message);
}

namespace {

std::string log_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "training_log.tsv").string();
}

// One run of train(): the trainer with its log, progress line and clock.
class TrainingRun {
 public:
  TrainingRun(const Config& config, const data::Dataset& dataset, const TrainingOptions& options)
      : config_(config),
        options_(options),
        trainer_(
            config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size()),
        validation_(unseen_samples(dataset, config, UnseenKind::validation, config.training.n_validation)),
        line_(options.progress),
        n_steps_(config.training.epochs * trainer_.steps_per_epoch()) {}

  TrainingOutcome run() {
    if (has_state(options_.directory)) {
      std::string message;
      trainer_.resume(options_.directory, message);
      line_.keep(message.empty() ? fmt::format("going on from step {}", step()) : message);
      if (step() > n_steps_) {
        throw propagator::InputError(
            state_path(options_.directory), "", "step", std::to_string(step()),
            fmt::format("this training has {} steps: choose another folder, or more epochs", n_steps_));
      }
    }
    TrainingLog log(log_path(options_.directory), step());
    first_step_ = step();
    const InterruptGuard guard;
    while (step() < n_steps_) {
      if (interrupt_requested() || step() - first_step_ == options_.stop_after_steps) return stop();
      const double loss = trainer_.step();
      show(loss);
      if (step() % steps_per_log_row == 0) log.append(row(trainer_.take_interval_loss()));
      if (step() % trainer_.steps_per_epoch() == 0) end_epoch(log);
      if (seconds_since(saved_) >= config_.training.checkpoint_interval_s) save();
    }
    if (step() == first_step_) save();  // done before: the weights are those of the state, whatever lay in the folder
    return outcome(TrainingEnd::finished);
  }

 private:
  std::int64_t step() const { return trainer_.state().step; }

  double samples_per_s() const {
    return static_cast<double>((step() - first_step_) * config_.training.batch_size) / seconds_since(start_);
  }

  LogRow row(double training_loss) const {
    const auto epoch = static_cast<int>(1 + (step() - 1) / trainer_.steps_per_epoch());
    return {step(), epoch, training_loss, {}, samples_per_s()};
  }

  void show(double loss) {
    const std::int64_t steps = trainer_.steps_per_epoch();
    const double seconds_a_step = seconds_since(start_) / static_cast<double>(step() - first_step_);
    line_.show(
        progress_text({static_cast<int>(1 + (step() - 1) / steps), config_.training.epochs, 1 + (step() - 1) % steps,
                       steps, loss, samples_per_s(), seconds_a_step * static_cast<double>(n_steps_ - step())}));
  }

  void end_epoch(const TrainingLog& log) {
    LogRow last = row(trainer_.take_epoch_loss());
    last.validation = trainer_.validate(validation_);
    log.append(last);
    save();
    line_.keep(
        fmt::format("epoch {}/{}  training loss {:.5f}  validation loss {:.5f}  Kagan <= 20 degrees {:.1f} %  "
                    "median {:.1f} degrees",
                    last.epoch, config_.training.epochs, last.training_loss, last.validation->loss,
                    100.0 * last.validation->kagan_share_20, last.validation->kagan_median_deg));
  }

  void save() {
    trainer_.save(options_.directory);
    saved_ = Clock::now();
  }

  TrainingOutcome stop() {
    save();
    line_.keep(
        fmt::format("interrupted after step {} of {}: checkpoint written to {}; the same command goes on from it",
                    step(), n_steps_, options_.directory));
    return outcome(TrainingEnd::interrupted);
  }

  TrainingOutcome outcome(TrainingEnd end) const {
    return {end, step(), samples_per_s(), trainer_.sample_seconds() / seconds_since(start_)};
  }

  const Config& config_;
  const TrainingOptions& options_;
  Trainer trainer_;
  std::vector<data::Sample> validation_;
  ProgressLine line_;
  std::int64_t n_steps_;
  std::int64_t first_step_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point saved_ = Clock::now();
};

}  // namespace

TrainingOutcome train(const Config& config, const data::Dataset& dataset, const TrainingOptions& options) {
  data::make_directory(options.directory);
  const std::string log = log_path(options.directory);
  for (const std::string& path : {state_path(options.directory), weights_path(options.directory), log}) {
    data::remove_abandoned_temporaries(path);
  }
  return TrainingRun(config, dataset, options).run();
}

}  // namespace fmnet
