#include "fmnet/commands/learning_rates_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "data/atomic_file.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/result_table.h"
#include "fmnet/trainer.h"
#include "fmnet/training_log.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t max_rates_bytes = 1 << 20;
constexpr const char* rates_file = "learning_rates.tsv";
constexpr const char* rates_config_file = "learning_rates.toml";
const std::vector<std::string> rates_columns = {"learning_rate", "training_mse", "validation_mse", "samples",
                                                "constant_mse"};

std::string file_in(const std::string& directory, const char* file) { return (fs::path(directory) / file).string(); }

Config short_training_of(const Config& config, std::int64_t n_samples) {
  Config short_training = config;
  short_training.training.n_samples = n_samples;
  short_training.training.epochs = 1;
  return short_training;
}

// Trains with one rate; nothing where it was interrupted.
std::optional<LearningRatePoint> train_with(Config config, const data::Dataset& dataset, double rate, double constant,
                                            const std::string& directory) {
  config.training.adam.learning_rate = rate;
  TrainingOptions options;
  options.directory =
      (fs::path(directory) / "learning_rates" / fmt::format("{}_{}", config.training.n_samples, rate)).string();
  if (train(config, dataset, options).end == TrainingEnd::interrupted) return std::nullopt;
  const std::vector<LogRow> rows = read_training_log(file_in(options.directory, "training_log.tsv"));
  const auto last =
      std::find_if(rows.rbegin(), rows.rend(), [](const LogRow& row) { return row.validation.has_value(); });
  if (last == rows.rend()) {
    throw propagator::InputError(options.directory, "training_log.tsv", "", "", "holds no finished epoch");
  }
  // The mean over the last interval of the log, which has forgotten the beginning; over the whole where it is shorter than that.
  const auto end = std::find_if(rows.rbegin(), rows.rend(), [](const LogRow& row) { return !row.validation; });
  const double training = end == rows.rend() ? last->training_loss : end->training_loss;
  return LearningRatePoint{rate, training, last->validation->loss, config.training.n_samples, constant};
}

std::vector<LearningRatePoint> read_learning_rates(const std::string& path) {
  const TableForm form{rates_columns, ", as `fmnet learning_rates` writes them", max_rates_bytes};
  std::vector<LearningRatePoint> points;
  for_each_row(path, form, [&](const TableRow& row) {
    points.push_back({row.number(0, 1e-9, 1.0), row.number(1, 0.0, 1e300), row.number(2, 0.0, 1e300),
                      static_cast<std::int64_t>(row.number(3, 1.0, 1e12)), row.number(4, 0.0, 1.0)});
  });
  if (points.empty()) throw propagator::InputError(path, "", "", "", "holds no training");
  return points;
}

// The two files and the section of metrics.json.
void write_results(const std::vector<LearningRatePoint>& points, const std::string& made_with,
                   const std::string& directory) {
  Table table(rates_columns);
  json metrics = json::array();
  for (const LearningRatePoint& p : points) {
    table.add_row(
        std::vector<double>{p.learning_rate, p.training, p.validation, static_cast<double>(p.n_samples), p.constant});
    metrics.push_back({{"learning_rate", p.learning_rate},
                       {"training", p.training},
                       {"validation", p.validation},
                       {"samples", p.n_samples},
                       {"constant", p.constant}});
  }
  data::write_file_atomically(file_in(directory, rates_config_file), made_with);
  data::write_file_atomically(file_in(directory, rates_file), table.text());
  write_metrics(directory, "learning_rates", metrics);
}

}  // namespace

double constant_answer_loss(const Config& config) {
  const data::TrainingGrid grid = config.training_grid();
  const std::int64_t n = grid.n_mechanisms();
  LabelCurves sum{}, sum_of_squares{};
  for (std::int64_t m = 0; m < n; ++m) {
    const LabelCurves label = label_curves(grid.mechanism(m), config.label);
    for (std::size_t i = 0; i < label.size(); ++i) {
      sum[i] += label[i];
      sum_of_squares[i] += label[i] * label[i];
    }
  }
  double loss = 0.0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / static_cast<double>(n);
    loss += sum_of_squares[i] / static_cast<double>(n) - mean * mean;
  }
  return loss / static_cast<double>(sum.size());
}

StepEnd run_learning_rates(const Config& config, const std::string& library_path, const std::vector<double>& rates,
                           std::int64_t n_samples, const std::string& directory, const StepMode& mode) {
  const Config short_training = short_training_of(config, n_samples);
  std::vector<double> sorted = rates;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw propagator::InputError("", "", "--rates", fmt::format("{}", *twice), "is given twice");
  const Step step{"learning_rates",
                  step_key({{"config", training_toml(short_training)},
                            {"greens", file_sha256(library_path)},
                            {"rates", fmt::format("{}", fmt::join(rates, " "))},
                            {"version", version}}),
                  {rates_file, rates_config_file},
                  {"/learning_rates"}};
  return run_step(directory, step, mode, [&] {
    const data::Dataset dataset = open_dataset(short_training, library_path);
    const double constant = constant_answer_loss(short_training);
    std::vector<LearningRatePoint> points;
    for (const double rate : sorted) {
      const std::optional<LearningRatePoint> point = train_with(short_training, dataset, rate, constant, directory);
      if (!point) return false;
      points.push_back(*point);
    }
    write_results(points, training_toml(short_training), directory);
    return true;
  });
}

bool has_learning_rates(const std::string& directory) { return fs::exists(file_in(directory, rates_file)); }

StepEnd run_shipped_learning_rates(const Config& config, std::int64_t n_samples, const std::string& from,
                                   const std::string& directory, const StepMode& mode) {
  const std::string wanted = training_toml(short_training_of(config, n_samples));
  const std::string table_path = file_in(from, rates_file), config_path = file_in(from, rates_config_file);
  const Step step{"learning_rates",
                  step_key({{"config", wanted},
                            {"table", file_sha256(table_path)},
                            {"made with", file_sha256(config_path)},
                            {"version", version}}),
                  {rates_file, rates_config_file},
                  {"/learning_rates"}};
  return run_step(directory, step, mode, [&] {
    const std::string made_with = data::read_whole_file(config_path, max_rates_bytes);
    if (made_with != wanted) {
      throw propagator::InputError(config_path, "", "", "",
                                   "is another configuration or number of samples than the preset's: `fmnet "
                                   "learning_rates --anew` trains");
    }
    write_results(read_learning_rates(table_path), made_with, directory);
    return true;
  });
}

StepEnd draw_learning_rates(const FigurePlace& place) {
  const std::string path = file_in(place.directory, rates_file);
  return draw_step(place, "learning_rates", {{"points", file_sha256(path)}},
                   [&] { return learning_rate_figure(read_learning_rates(path)); });
}

}  // namespace fmnet
