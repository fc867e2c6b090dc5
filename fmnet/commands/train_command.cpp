#include "fmnet/commands/train_command.h"

#include <filesystem>

#include "fmnet/commands/greens_command.h"
#include "fmnet/figures/architecture_drawing.h"
#include "fmnet/trainer.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr const char* log_file = "training_log.tsv";
constexpr const char* weights_file = "weights.safetensors";

// The mean loss of the validation samples before the first step.
double untrained_loss(const Config& config, const data::Dataset& dataset) {
  const auto sample = [&dataset](std::int64_t i) { return dataset.sample(i); };
  Trainer untrained(config, sample, dataset.size());
  return untrained.validate(unseen_samples(dataset, config, UnseenKind::validation, config.training.n_validation)).loss;
}

// The last row of the log that ends an epoch.
LogRow last_epoch(const std::string& path) {
  const std::vector<LogRow> rows = read_training_log(path);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->validation) return *row;
  }
  throw propagator::InputError(path, "", "", "", "holds no finished epoch");
}

nlohmann::json training_metrics(const Config& config, const data::Dataset& dataset, const TrainingOutcome& outcome,
                                const std::string& directory) {
  const LogRow last = last_epoch((std::filesystem::path(directory) / log_file).string());
  const double first_loss = untrained_loss(config, dataset);
  const NetworkCounts counts = network_counts(FmNet(config.seed));
  return {{"experiment", config.name},
          {"grid_size", dataset.size()},
          {"n_stations", config.stations.size()},
          {"n_samples", config.training.n_samples},
          {"n_validation", config.training.n_validation},
          {"batch_size", config.training.batch_size},
          {"epochs", last.epoch},
          {"n_steps", outcome.n_steps},
          {"n_convolutions", counts.n_convolutions},
          {"n_trainable", counts.n_trainable},
          {"first_validation_loss", first_loss},
          {"last_validation_loss", last.validation->loss},
          {"last_training_loss", last.training_loss},
          {"validation_reduction", first_loss / last.validation->loss},
          {"samples_per_s", outcome.samples_per_s},
          {"share_of_time_on_samples", outcome.share_of_time_on_samples}};
}

}  // namespace

StepEnd run_train(const Config& config, const std::string& library_path, const std::string& directory,
                  const StepMode& mode) {
  const Step step{
      "train",
      step_key({{"config", training_toml(config)}, {"greens", file_sha256(library_path)}, {"version", version}}),
      {weights_file, log_file}};
  return run_step(directory, step, mode, [&] {
    const data::Dataset dataset = open_dataset(config, library_path);
    TrainingOptions options;
    options.directory = directory;
    const TrainingOutcome outcome = train(config, dataset, options);
    if (outcome.end == TrainingEnd::interrupted) return false;
    write_metrics(directory, "training", training_metrics(config, dataset, outcome, directory));
    return true;
  });
}

}  // namespace fmnet
