#include "fmnet/commands/train_command.h"

#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/checkpoint.h"
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

// Weights that come with a preset would leave a training's state with another training's weights and log.
void require_no_other_training(const std::filesystem::path& shipped, const std::filesystem::path& folder) {
  if (!has_state(folder.string())) return;
  const std::string mine = (folder / weights_file).string();
  if (std::filesystem::exists(mine) && file_sha256(mine) == file_sha256((shipped / weights_file).string())) return;
  throw propagator::InputError(
      state_path(folder.string()), "", "", "",
      "is a training of this folder's own: go on with it (train --anew, make reproduce TRAIN=1) or choose "
      "another folder for the weights that the preset comes with");
}

// What the log and the weights in a folder tell of a training, also of one that was interrupted.
nlohmann::json training_metrics(const Config& config, const data::Dataset& dataset, const std::string& directory) {
  const std::filesystem::path folder(directory);
  const LogRow last = last_epoch((folder / log_file).string());
  const Weights weights = load_weights((folder / weights_file).string());
  const double first_loss = untrained_loss(config, dataset);
  const NetworkCounts counts = network_counts(FmNet(config.seed));
  return {{"experiment", config.name},
          {"grid_size", dataset.size()},
          {"n_stations", config.stations.size()},
          {"n_samples", config.training.n_samples},
          {"n_validation", config.training.n_validation},
          {"batch_size", config.training.batch_size},
          {"epochs", last.epoch},
          {"epochs_asked", config.training.epochs},
          {"n_steps", weights.n_steps},
          {"weights_bytes", std::filesystem::file_size(folder / weights_file)},
          {"n_convolutions", counts.n_convolutions},
          {"n_trainable", counts.n_trainable},
          {"first_validation_loss", first_loss},
          {"last_validation_loss", last.validation->loss},
          {"last_training_loss", last.training_loss},
          {"validation_reduction", first_loss / last.validation->loss},
          {"validation_share_20", last.validation->kagan_share_20},
          {"samples_per_s", last.samples_per_s}};
}

}  // namespace

StepEnd run_train(const Config& config, const std::string& library_path, const std::string& directory,
                  const StepMode& mode, std::int64_t stop_after_steps) {
  const Step step{
      "train",
      step_key({{"config", training_toml(config)}, {"greens", file_sha256(library_path)}, {"version", version}}),
      {weights_file, log_file},
      {"/training"}};
  return run_step(directory, step, mode, [&] {
    const data::Dataset dataset = open_dataset(config, library_path);
    TrainingOptions options;
    options.directory = directory;
    options.stop_after_steps = stop_after_steps;
    const TrainingOutcome outcome = train(config, dataset, options);
    if (outcome.end == TrainingEnd::interrupted) return false;
    nlohmann::json metrics = training_metrics(config, dataset, directory);
    metrics["share_of_time_on_samples"] = outcome.share_of_time_on_samples;
    write_metrics(directory, "training", metrics);
    return true;
  });
}

StepEnd run_shipped(const Config& config, const std::string& library_path, const std::string& from,
                    const std::string& directory, const StepMode& mode) {
  constexpr std::uint64_t max_bytes = 64ull << 20;
  const std::filesystem::path source(from), folder(directory);
  // A step of the same name as a training, because it takes its place: the manifest knows one or the other.
  const Step step{"train",
                  step_key({{"config", training_toml(config)},
                            {"greens", file_sha256(library_path)},
                            {"weights", file_sha256((source / weights_file).string())},
                            {"log", file_sha256((source / log_file).string())},
                            {"version", version}}),
                  {weights_file, log_file},
                  {"/training"}};
  return run_step(directory, step, mode, [&] {
    require_no_other_training(source, folder);
    const Weights weights = load_weights((source / weights_file).string());
    require_agreement(weights.config, (source / weights_file).string(), config, Agreement::training);
    for (const char* file : {weights_file, log_file}) {
      data::write_file_atomically((folder / file).string(), data::read_whole_file((source / file).string(), max_bytes));
    }
    const data::Dataset dataset = open_dataset(config, library_path);
    write_metrics(directory, "training", training_metrics(weights.config, dataset, directory));
    return true;
  });
}

}  // namespace fmnet
