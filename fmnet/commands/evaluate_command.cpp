#include "fmnet/commands/evaluate_command.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/parallel_items.h"
#include "fmnet/predictor.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

struct NamedSet {
  std::string name;
  UnseenKind kind;
  std::int64_t n_events;
};

// Both kinds, wanted or not.
std::vector<NamedSet> both_kinds(const EvaluationSet& set) {
  const std::string prefix = set.name.empty() ? "" : set.name + "_";
  return {{prefix + "on_grid", UnseenKind::on_grid, set.n_on_grid},
          {prefix + "off_grid", UnseenKind::off_grid, set.n_off_grid}};
}

std::vector<NamedSet> sets_of(const EvaluationSet& set) {
  std::vector<NamedSet> sets;
  for (const NamedSet& kind : both_kinds(set)) {
    if (kind.n_events > 0) sets.push_back(kind);
  }
  if (sets.empty()) throw propagator::InputError("", "", "--off-grid", "0", "no events are left to evaluate");
  return sets;
}

std::string description(const EvaluationSet& set) {
  const std::string model = set.world.velocity_model_path.empty()
                                ? "the training's velocity model"
                                : std::filesystem::path(set.world.velocity_model_path).filename().string();
  return fmt::format("{}, places {} the grid, {}", model, set.world.between_places ? "half a step off" : "on",
                     conditions_text(set.conditions));
}

void require_set_name(const std::string& name) {
  const char* allowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (name.find_first_not_of(allowed) != std::string::npos || name.size() > 40) {
    throw propagator::InputError("", "", "--set", name, "at most 40 of the characters a-z 0-9 _ expected");
  }
}

void require_sensible(const EvaluationSet& set, int n_stations) {
  require_set_name(set.name);
  if (set.name.empty() && description(set) != description({})) {
    throw propagator::InputError("", "", "--set", "nothing",
                                 "a set under other conditions than the training's needs a name of its own");
  }
  const TestConditions& c = set.conditions;
  if (c.snr_range && !(c.snr_range->second >= c.snr_range->first)) {
    throw propagator::InputError("", "", "--snr", fmt::format("{} {}", c.snr_range->first, c.snr_range->second),
                                 "the highest ratio must be at least the lowest");
  }
  if (c.n_missing && *c.n_missing >= n_stations) {
    throw propagator::InputError("", "", "--drop", std::to_string(*c.n_missing),
                                 fmt::format("must be below the number of stations, {}", n_stations));
  }
}

// Results of a kind that is not wanted this time would be those of other weights or conditions.
void forget_unwanted(const EvaluationSet& set, const std::string& directory) {
  if (set.n_on_grid > 0 && set.n_off_grid > 0) return;
  change_metrics(directory, "evaluation", [&set](nlohmann::json& all) {
    if (all.is_null()) all = nlohmann::json::object();
    for (const NamedSet& kind : both_kinds(set)) {
      if (kind.n_events == 0) all.erase(kind.name);
    }
  });
}

// The angles of a row from its truth and its answer.
void judge(const data::TrainingGrid& grid, EvaluatedEvent& event) {
  event.truth_to_grid_deg = angle_to_grid_deg(grid, event.truth);
  event.predicted_to_grid_deg = angle_to_grid_deg(grid, event.predicted);
  event.kagan_deg = propagator::kagan_angle_deg(event.truth, event.predicted);
}

std::vector<EvaluatedEvent> evaluate(const Predictor& predictor, const data::Dataset& dataset, const Config& trained,
                                     const NamedSet& set, const TestConditions& conditions) {
  std::vector<TestEvent> events(static_cast<std::size_t>(set.n_events));
  for_each_item(set.n_events, [&](std::int64_t i) {
    events[static_cast<std::size_t>(i)] = test_event(dataset, trained, set.kind, conditions, i);
  });
  std::vector<data::Waveforms> records;
  for (const TestEvent& e : events) records.push_back(e.sample.waveforms);
  const std::vector<Prediction> predictions = predictor.predict(records);
  const data::TrainingGrid grid = trained.training_grid();
  std::vector<EvaluatedEvent> rows(events.size());
  for_each_item(set.n_events, [&](std::int64_t event) {
    const auto i = static_cast<std::size_t>(event);
    const TestEvent& e = events[i];
    const data::Place place = dataset.grid().place(e.sample.place);
    rows[i] = {std::to_string(i + 1), place.latitude_deg,   place.longitude_deg,
               place.depth_km,        e.median_distance_km, e.snr,
               e.n_missing,           e.sample.mechanism,   predictions[i].plane};
    judge(grid, rows[i]);
  });
  return rows;
}

}  // namespace

std::string evaluation_file(const std::string& name) { return "evaluation_" + name + ".tsv"; }

void write_evaluation(const std::string& directory, const std::string& set, const std::vector<EvaluatedEvent>& events,
                      const nlohmann::json& told) {
  data::write_file_atomically((std::filesystem::path(directory) / evaluation_file(set)).string(),
                              evaluation_table(events).text());
  nlohmann::json summary = evaluation_summary(events);
  summary.update(told);
  change_metrics(directory, "evaluation", [&](nlohmann::json& all) { all[set] = summary; });
}

StepEnd run_evaluate(const Config& trained, const std::string& library_path, const std::string& weights_path,
                     const EvaluationSet& asked_for, const std::string& directory, const StepMode& mode) {
  require_sensible(asked_for, static_cast<int>(trained.stations.size()));
  EvaluationSet set = asked_for;
  set.conditions = applied_conditions(asked_for.conditions, trained);
  const Config world = config_of(trained, set.world);
  const std::vector<NamedSet> sets = sets_of(set);
  Step step{set.name.empty() ? "evaluate" : "evaluate " + set.name,
            step_key({{"config", training_toml(trained)},
                      {"world", training_toml(world)},
                      {"greens", file_sha256(library_path)},
                      {"weights", file_sha256(weights_path)},
                      {"events", fmt::format("{} {}", set.n_on_grid, set.n_off_grid)},
                      {"conditions", description(set)},
                      {"version", version}}),
            {},
            {}};
  for (const NamedSet& s : sets) {
    step.outputs.push_back(evaluation_file(s.name));
    step.metrics.push_back("/evaluation/" + s.name);
  }
  return run_step(directory, step, mode, [&] {
    const Predictor predictor(weights_path, trained);
    const data::Dataset dataset = open_dataset(world, library_path);
    require_margin(set.conditions, dataset, library_path);
    forget_unwanted(set, directory);
    for (const NamedSet& s : sets) {
      const std::vector<EvaluatedEvent> events = evaluate(predictor, dataset, trained, s, set.conditions);
      const data::Sample one = test_event(dataset, trained, s.kind, set.conditions, 0).sample;
      write_evaluation(
          directory, s.name, events,
          {{"conditions", description(set)}, {"network_ms", prediction_time_ms(predictor, one.waveforms)}});
    }
    return true;
  });
}

StepEnd run_evaluate_foreign(const std::string& weights_path, const ForeignPaths& paths, double dt_s,
                             data::Quantity quantity, const std::string& set, const std::string& directory,
                             const StepMode& mode) {
  require_set_name(set);
  if (set.empty()) throw propagator::InputError("", "", "--set", "nothing", "a set of foreign events needs a name");
  if (set.ends_with("on_grid") || set.ends_with("off_grid")) {
    throw propagator::InputError("", "", "--set", set,
                                 "names that end in on_grid or off_grid are those of `fmnet evaluate`");
  }
  const Step step{"evaluate_foreign " + set,
                  step_key({{"weights", file_sha256(weights_path)},
                            {"waveforms", file_sha256(paths.waveforms)},
                            {"events", file_sha256(paths.events)},
                            {"stations", file_sha256(paths.stations)},
                            {"picks", file_sha256(paths.picks)},
                            {"dt", fmt::format("{}", dt_s)},
                            {"quantity", std::to_string(static_cast<int>(quantity))},
                            {"version", version}}),
                  {evaluation_file(set)},
                  {"/evaluation/" + set}};
  return run_step(directory, step, mode, [&] {
    const Predictor predictor(weights_path);
    if (predictor.config().preprocess.quantity != quantity) {
      const bool velocity = quantity == data::Quantity::velocity;
      throw propagator::InputError(
          "", "", "--quantity", velocity ? "velocity" : "displacement",
          "the network in " + weights_path + " was trained on " + (velocity ? "displacement" : "velocity"));
    }
    const std::vector<ForeignEvent> events = read_foreign_events(paths, dt_s, predictor.config());
    std::vector<data::Waveforms> records;
    for (const ForeignEvent& e : events) records.push_back(e.waveforms);
    const std::vector<Prediction> predictions = predictor.predict(records);
    const data::TrainingGrid grid = predictor.config().training_grid();
    std::vector<EvaluatedEvent> rows(events.size());
    for_each_item(static_cast<std::int64_t>(events.size()), [&](std::int64_t event) {
      const auto i = static_cast<std::size_t>(event);
      const ForeignEvent& e = events[i];
      rows[i] = {e.name, e.latitude_deg, e.longitude_deg, e.depth_km,          e.median_distance_km,
                 {},     e.n_missing,    e.mechanism,     predictions[i].plane};
      judge(grid, rows[i]);
    });
    write_evaluation(directory, set, rows, {{"conditions", "waveforms of others"}});
    return true;
  });
}

std::vector<std::string> names_of(const EvaluationSet& set) {
  std::vector<std::string> names;
  for (const NamedSet& s : sets_of(set)) names.push_back(s.name);
  return names;
}

std::string evaluation_lines(const std::string& directory, const std::vector<std::string>& names) {
  std::string lines;
  const nlohmann::json evaluation = read_metrics(directory).at("evaluation");
  for (const std::string& name : names) lines += name + ": " + summary_line(evaluation.at(name)) + "\n";
  return lines;
}

}  // namespace fmnet
