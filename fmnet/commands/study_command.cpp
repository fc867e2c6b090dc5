#include "fmnet/commands/study_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>

#include "data/atomic_file.h"
#include "data/geodesy.h"
#include "fmnet/commands/evaluate_command.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/commands/search_command.h"
#include "fmnet/figures/depth_figure.h"
#include "fmnet/figures/evaluation_figures.h"
#include "fmnet/figures/flow_drawing.h"
#include "fmnet/figures/mechanism_map.h"
#include "fmnet/figures/search_figures.h"
#include "fmnet/mechanism_list.h"
#include "fmnet/plane_json.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

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
                        search.at("network").get<std::string>(),
                        search.at("n_samples").get<std::int64_t>(),
                        search.at("place_step").get<int>(),
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
                    {"network", picture.network},
                    {"n_samples", std::to_string(picture.n_samples)},
                    {"place_step", std::to_string(picture.place_step)},
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
    std::optional<PredictionFile> prediction;
    if (!prediction_path.empty()) prediction = read_prediction(prediction_path);
    for (const data::Event& event : data::read_events(events_path)) {
      MappedEvent mapped{event, {}, published_mechanisms(mechanisms_path, event.id)};
      if (prediction && event.id == predicted_id) mapped.ours = prediction->plane;
      if (mapped.ours || !mapped.published.empty()) events.push_back(mapped);
    }
    const auto is_predicted = [](const MappedEvent& event) { return event.ours.has_value(); };
    if (prediction && std::none_of(events.begin(), events.end(), is_predicted)) {
      throw propagator::InputError("", "", "--event-id", predicted_id, "is no event of " + events_path);
    }
    return mechanism_map(config.training_grid(), events, prediction ? prediction->network : "");
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

}  // namespace fmnet
