#include "fmnet/commands/study_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "data/atomic_file.h"
#include "data/geodesy.h"
#include "fmnet/commands/evaluate_command.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/commands/search_command.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/figures/depth_figure.h"
#include "fmnet/figures/evaluation_figures.h"
#include "fmnet/figures/flow_drawing.h"
#include "fmnet/figures/mechanism_map.h"
#include "fmnet/figures/search_figures.h"
#include "fmnet/mechanism_list.h"
#include "fmnet/plane_json.h"
#include "fmnet/result_table.h"
#include "fmnet/trainer.h"
#include "fmnet/training_log.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t max_learning_rates_bytes = 1 << 20;
constexpr const char* rates_file = "learning_rates.tsv";
const std::vector<std::string> learning_rate_columns = {"learning_rate", "training_mse", "validation_mse", "samples"};

std::string in_folder(const FigurePlace& place, const std::string& file) {
  return (fs::path(place.directory) / file).string();
}

// The part of metrics.json that a step wrote; InputError where it was not run in this folder.
json section_of(const std::string& directory, const std::string& name, const std::string& command) {
  const json metrics = read_metrics(directory);
  if (!metrics.contains(name)) {
    throw propagator::InputError((fs::path(directory) / "metrics.json").string(), "", "", "",
                                 fmt::format("has no section \"{}\": run `{}` first", name, command));
  }
  return metrics.at(name);
}

SearchPicture search_picture(const FigurePlace& place) {
  const json search = section_of(place.directory, "search", "fmnet search");
  SearchPicture picture{search.at("event").get<std::string>(),
                        search.at("n_samples").get<std::int64_t>(),
                        read_found_samples(in_folder(place, "search_waveforms.tsv")),
                        read_found_samples(in_folder(place, "search_features.tsv")),
                        {}};
  if (search.contains("reference")) picture.reference = plane_of(search.at("reference"));
  return picture;
}

// A figure of the two tables of the search.
StepEnd draw_from_search(const FigurePlace& place, const std::string& name, Figure (*figure)(const SearchPicture&)) {
  const SearchPicture picture = search_picture(place);
  const auto r = picture.reference;
  return draw_step(place, name,
                   {{"waveforms", file_sha256(in_folder(place, "search_waveforms.tsv"))},
                    {"features", file_sha256(in_folder(place, "search_features.tsv"))},
                    {"event", picture.event_name},
                    {"n_samples", std::to_string(picture.n_samples)},
                    {"reference", r ? fmt::format("{} {} {}", r->strike_deg, r->dip_deg, r->rake_deg) : ""}},
                   [&] { return figure(picture); });
}

// The places of the grid under one point of its map, in the order of depth.
std::vector<std::int64_t> column_nearest_to(const data::TrainingGrid& grid, const data::Event& event) {
  std::int64_t nearest = 0;
  double smallest_km = std::numeric_limits<double>::infinity();
  const std::int64_t n_depths = grid.depth().count;
  for (std::int64_t i = 0; i < grid.n_places(); i += n_depths) {
    const data::Place at = grid.place(i);
    const double km =
        data::geodesic(event.latitude_deg, event.longitude_deg, at.latitude_deg, at.longitude_deg).distance_km;
    if (km < smallest_km) {
      smallest_km = km;
      nearest = i;
    }
  }
  std::vector<std::int64_t> column;
  for (std::int64_t d = 0; d < n_depths; ++d) column.push_back(nearest + d);
  return column;
}

DepthPicture depth_picture(const Config& config, const std::string& library_path, const data::Event& event,
                           const propagator::FocalMechanism& mechanism) {
  const data::Dataset dataset = open_dataset(config, library_path);
  const data::GreensLibrary& library = dataset.synthesizer().library();
  DepthPicture picture;
  picture.settings = config.preprocess;
  double smallest_km = std::numeric_limits<double>::infinity();
  const std::vector<std::int64_t> column = column_nearest_to(dataset.grid(), event);
  for (std::size_t d = 0; d < column.size(); ++d) {
    const double depth_km = dataset.grid().place(column[d]).depth_km;
    picture.depths_km.push_back(depth_km);
    picture.samples.push_back(dataset.clean(column[d], mechanism));
    if (std::abs(depth_km - event.depth_km) < smallest_km) {
      smallest_km = std::abs(depth_km - event.depth_km);
      picture.reference = d;
    }
  }
  for (int s = 0; s < library.n_stations(); ++s) {
    picture.station_names.push_back(config.stations[static_cast<std::size_t>(s)].code);
    picture.distances_km.push_back(library.path(column.front(), s).distance_km);
  }
  const data::Place at = dataset.grid().place(column.front());
  picture.description =
      fmt::format("Strike {:g}°, dip {:g}°, rake {:g}° at latitude {:g}, longitude {:g}", mechanism.strike_deg,
                  mechanism.dip_deg, mechanism.rake_deg, at.latitude_deg, at.longitude_deg);
  return picture;
}

// ---- learning rates ------------------------------------------------------------------------------------------------

// Trains with one rate; nothing where it was interrupted.
std::optional<LearningRatePoint> train_with(Config config, const data::Dataset& dataset, double rate,
                                            const std::string& directory) {
  config.training.adam.learning_rate = rate;
  TrainingOptions options;
  options.directory =
      (fs::path(directory) / "learning_rates" / fmt::format("{}_{}", config.training.n_samples, rate)).string();
  if (train(config, dataset, options).end == TrainingEnd::interrupted) return std::nullopt;
  const std::vector<LogRow> rows = read_training_log((fs::path(options.directory) / "training_log.tsv").string());
  const auto last =
      std::find_if(rows.rbegin(), rows.rend(), [](const LogRow& row) { return row.validation.has_value(); });
  if (last == rows.rend()) {
    throw propagator::InputError(options.directory, "training_log.tsv", "", "", "holds no finished epoch");
  }
  // The mean over the last interval of the log, which has forgotten the beginning; over the whole where it is shorter than that.
  const auto end = std::find_if(rows.rbegin(), rows.rend(), [](const LogRow& row) { return !row.validation; });
  const double training = end == rows.rend() ? last->training_loss : end->training_loss;
  return LearningRatePoint{rate, training, last->validation->loss, config.training.n_samples};
}

std::vector<LearningRatePoint> read_learning_rates(const std::string& path) {
  const TableForm form{learning_rate_columns, ", as `fmnet learning_rates` writes them", max_learning_rates_bytes};
  std::vector<LearningRatePoint> points;
  for_each_row(path, form, [&](const TableRow& row) {
    points.push_back({row.number(0, 1e-9, 1.0), row.number(1, 0.0, 1e300), row.number(2, 0.0, 1e300),
                      static_cast<std::int64_t>(row.number(3, 1.0, 1e12))});
  });
  if (points.empty()) throw propagator::InputError(path, "", "", "", "holds no training");
  return points;
}

}  // namespace

StepEnd draw_flow(const FigurePlace& place, const Config& config) {
  return draw_step(place, "flow", {{"config", training_toml(config)}}, [&] { return flow_figure(config); });
}

StepEnd draw_mechanism_map(const FigurePlace& place, const Config& config, const std::string& events_path,
                           const std::string& mechanisms_path, const std::string& prediction_path,
                           const std::string& predicted_id) {
  const NamedInputs inputs = {{"config", training_toml(config)},
                              {"events", file_sha256(events_path)},
                              {"mechanisms", file_sha256(mechanisms_path)},
                              {"prediction", prediction_path.empty() ? "" : file_sha256(prediction_path)},
                              {"predicted", predicted_id}};
  return draw_step(place, "mechanism_map", inputs, [&] {
    std::vector<MappedEvent> events;
    for (const data::Event& event : data::read_events(events_path)) {
      MappedEvent mapped{event, {}, published_mechanisms(mechanisms_path, event.id)};
      if (!prediction_path.empty() && event.id == predicted_id) mapped.ours = read_prediction(prediction_path).plane;
      if (mapped.ours || !mapped.published.empty()) events.push_back(mapped);
    }
    const auto is_predicted = [](const MappedEvent& event) { return event.ours.has_value(); };
    if (!prediction_path.empty() && std::none_of(events.begin(), events.end(), is_predicted)) {
      throw propagator::InputError("", "", "--event-id", predicted_id, "is no event of " + events_path);
    }
    return mechanism_map(config.training_grid(), events);
  });
}

StepEnd draw_search(const FigurePlace& place) { return draw_from_search(place, "search", search_figure); }
StepEnd draw_search_balls(const FigurePlace& place) {
  return draw_from_search(place, "search_balls", search_balls_figure);
}

StepEnd draw_evaluation(const FigurePlace& place, const std::string& set) {
  const std::string path = in_folder(place, evaluation_file(set));
  return draw_step(place, "evaluation_" + set, {{"events", file_sha256(path)}},
                   [&] { return evaluation_figure(set, read_evaluation(path)); });
}

StepEnd draw_depth(const FigurePlace& place, const Config& config, const std::string& library_path,
                   const data::Event& event, const propagator::FocalMechanism& mechanism) {
  return draw_step(
      place, "depth",
      {{"config", training_toml(config)},
       {"greens", file_sha256(library_path)},
       {"event", fmt::format("{} {} {}", event.latitude_deg, event.longitude_deg, event.depth_km)},
       {"mechanism", fmt::format("{} {} {}", mechanism.strike_deg, mechanism.dip_deg, mechanism.rake_deg)}},
      [&] { return depth_figure(depth_picture(config, library_path, event, mechanism)); });
}

StepEnd run_learning_rates(const Config& config, const std::string& library_path, const std::vector<double>& rates,
                           std::int64_t n_samples, const std::string& directory, const StepMode& mode) {
  Config short_training = config;
  short_training.training.n_samples = n_samples;
  short_training.training.epochs = 1;
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
                  {rates_file},
                  {"/learning_rates"}};
  return run_step(directory, step, mode, [&] {
    const data::Dataset dataset = open_dataset(short_training, library_path);
    Table table(learning_rate_columns);
    json metrics = json::array();
    for (const double rate : sorted) {
      const std::optional<LearningRatePoint> point = train_with(short_training, dataset, rate, directory);
      if (!point) return false;
      table.add_row(std::vector<double>{rate, point->training, point->validation, static_cast<double>(n_samples)});
      metrics.push_back({{"learning_rate", rate}, {"training", point->training}, {"validation", point->validation}});
    }
    data::write_file_atomically((fs::path(directory) / rates_file).string(), table.text());
    write_metrics(directory, "learning_rates", metrics);
    return true;
  });
}

StepEnd draw_learning_rates(const FigurePlace& place) {
  const std::string path = in_folder(place, rates_file);
  return draw_step(place, "learning_rates", {{"points", file_sha256(path)}},
                   [&] { return learning_rate_figure(read_learning_rates(path)); });
}

}  // namespace fmnet
