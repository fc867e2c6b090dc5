#include "fmnet/commands/search_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/figure.h"
#include "fmnet/interrupt.h"
#include "fmnet/plane_json.h"
#include "fmnet/progress.h"
#include "fmnet/result_table.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/matches.h"
#include "fmnet/search/waveform_search.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
using propagator::FocalMechanism;
using propagator::kagan_angle_deg;
namespace fs = std::filesystem;

constexpr std::size_t n_listed = 5000;
constexpr std::uint64_t max_found_samples_bytes = 64ull << 20;
const std::vector<std::string> found_sample_columns = {
    "rank", "sample", "misfit", "latitude_deg", "longitude_deg", "depth_km", "strike_deg", "dip_deg", "rake_deg"};

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Event {
  std::string name;
  data::Waveforms rows;
  FocalMechanism by_network;
  std::optional<FocalMechanism> reference;  // the truth of a synthetic event
};

Event event_of(const SearchedEvent& wanted, const SearchedSamples& samples, const SearchInputs& inputs) {
  if (wanted.prediction_path.empty()) {
    require_margin(inputs.conditions, samples.dataset, inputs.library_path);
    const data::Sample sample =
        test_event(samples.dataset, inputs.config, UnseenKind::off_grid, inputs.conditions, wanted.unseen).sample;
    return {fmt::format("synthetic event {} off the grid", wanted.unseen + 1), sample.waveforms,
            samples.predictor.predict(sample.waveforms).plane, sample.mechanism};
  }
  const PredictionFile prediction = read_prediction(wanted.prediction_path);
  return {"event " + prediction.event_id, prediction.waveforms, prediction.plane, prediction.reference};
}

// The rows of a prediction are searched with the features of the network that it is of.
void require_same_weights(const std::string& prediction_path, const std::string& weights_path) {
  const std::string theirs = read_prediction(prediction_path).weights_sha256, ours = file_sha256(weights_path);
  if (theirs == ours) return;
  throw propagator::InputError(
      prediction_path, "", "weights_sha256", theirs,
      fmt::format("must be that of {}, {}: predict the event with these weights first", weights_path, ours));
}

Table table_of(const std::vector<Match>& matches, const SearchedSamples& samples) {
  Table table(found_sample_columns);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::int64_t sample = samples.grid_sample(matches[i].candidate);
    const data::Place at = samples.dataset.grid().place(samples.dataset.grid().point(sample).place);
    const FocalMechanism m = samples.mechanism(matches[i].candidate);
    table.add_row(std::vector<double>{static_cast<double>(i + 1), static_cast<double>(sample),
                                      static_cast<double>(matches[i].misfit), at.latitude_deg, at.longitude_deg,
                                      at.depth_km, m.strike_deg, m.dip_deg, m.rake_deg});
  }
  return table;
}

json domain_json(const std::vector<Match>& best, const SearchedSamples& samples, const Event& event, double seconds) {
  const FocalMechanism found = samples.mechanism(best.front().candidate);
  json result = {{"seconds", seconds},
                 {"misfit", best.front().misfit},
                 {"best", plane_json(found)},
                 {"kagan_to_network_deg", kagan_angle_deg(found, event.by_network)}};
  if (event.reference) result["kagan_to_reference_deg"] = kagan_angle_deg(found, *event.reference);
  return result;
}

void search_one(const SearchInputs& inputs, const SearchedEvent& wanted, const std::string& directory) {
  const SearchedSamples samples(inputs);
  const std::vector<float> features = read_feature_file(inputs.features_path, samples.layout);
  const Event event = event_of(wanted, samples, inputs);
  std::vector<Match> by_waveform, by_feature;
  const double waveform_s = seconds_of([&] {
    by_waveform = best_matches(waveform_misfits(samples.dataset, samples.places, {event.rows}).front(), n_listed);
  });
  const double feature_s = seconds_of([&] {
    by_feature = best_matches(feature_misfits(features, samples.predictor.encode({event.rows})).front(), n_listed);
  });
  const fs::path folder(directory);
  data::write_file_atomically((folder / "search_waveforms.tsv").string(), table_of(by_waveform, samples).text());
  data::write_file_atomically((folder / "search_features.tsv").string(), table_of(by_feature, samples).text());
  const FocalMechanism first = samples.mechanism(by_waveform.front().candidate);
  json metrics = {{"event", event.name},
                  {"conditions", wanted.prediction_path.empty() ? conditions_text(inputs.conditions) : "a real event"},
                  {"network", inputs.config.name},
                  {"n_samples", samples.size()},
                  {"place_step", inputs.place_step},
                  {"library_bytes", fs::file_size(inputs.library_path)},
                  {"feature_bytes", features.size() * sizeof(float)},
                  {"waveforms", domain_json(by_waveform, samples, event, waveform_s)},
                  {"features", domain_json(by_feature, samples, event, feature_s)},
                  {"nearest_of_ten_deg", samples.nearest_of_ten_deg(first, by_feature)}};
  if (event.reference) metrics["reference"] = plane_json(*event.reference);
  write_metrics(directory, "search", metrics);
}

}  // namespace

StepEnd run_features(const SearchInputs& inputs, const StepMode& mode) {
  const fs::path path(inputs.features_path);
  const std::string directory = path.has_parent_path() ? path.parent_path().string() : ".";
  const Step step{
      step_of_file("features", inputs.features_path), search_key(inputs, "features"), {path.filename().string()}};
  return run_step(directory, step, mode, [&] {
    const SearchedSamples samples(inputs);
    const InterruptGuard guard;
    ProgressLine line(true);
    const auto show = shown_progress(line, fmt::format("features of {} samples", samples.size()));
    return make_feature_file(
        inputs.features_path, samples.layout,
        [&](std::int64_t i) {
          return features_at(samples.dataset, samples.predictor, samples.places[static_cast<std::size_t>(i)]);
        },
        [&](std::int64_t n_blocks) {
          show(static_cast<double>(n_blocks) / static_cast<double>(samples.layout.n_blocks));
        },
        interrupt_requested);
  });
}

StepEnd run_search(const SearchInputs& asked_for, const SearchedEvent& event, const std::string& directory,
                   const StepMode& mode) {
  if (!event.prediction_path.empty()) require_same_weights(event.prediction_path, asked_for.weights_path);
  SearchInputs inputs = asked_for;
  inputs.conditions = applied_conditions(asked_for.conditions, asked_for.config);
  const std::string what = event.prediction_path.empty()
                               ? fmt::format("unseen {}, {}", event.unseen, conditions_text(inputs.conditions))
                               : file_sha256(event.prediction_path);
  const Step step{"search", search_key(inputs, what), {"search_waveforms.tsv", "search_features.tsv"}, {"/search"}};
  return run_step(directory, step, mode, [&] {
    search_one(inputs, event, directory);
    return true;
  });
}

std::vector<FoundSample> read_found_samples(const std::string& path) {
  const TableForm form{found_sample_columns, ", as `fmnet search` writes them", max_found_samples_bytes};
  std::vector<FoundSample> found;
  for_each_row(path, form, [&](const TableRow& row) {
    found.push_back({row.number(2, 0.0, 1e30), row.number(3, -90.0, 90.0), row.number(4, -180.0, 180.0),
                     row.number(5, 0.0, 1000.0), row.mechanism(6)});
  });
  if (found.empty()) throw propagator::InputError(path, "", "", "", "holds no sample");
  return found;
}

std::string search_lines(const std::string& directory) {
  const json m = read_metrics(directory).at("search");
  std::string lines =
      fmt::format("{}: {} samples\n", m.at("event").get<std::string>(), m.at("n_samples").get<std::int64_t>());
  for (const char* domain : {"waveforms", "features"}) {
    const json& d = m.at(domain);
    const FocalMechanism best = plane_of(d.at("best"));
    lines += fmt::format("{}: best {:.0f}/{:.0f}/{:.0f} in {:.2f} s", domain, best.strike_deg, best.dip_deg,
                         best.rake_deg, d.at("seconds").get<double>());
    lines +=
        fmt::format(", Kagan angle to the network's answer {:.1f} degrees", d.at("kagan_to_network_deg").get<double>());
    if (d.contains("kagan_to_reference_deg")) {
      lines += fmt::format(", to the reference {:.1f}", d.at("kagan_to_reference_deg").get<double>());
    }
    lines += "\n";
  }
  return lines + fmt::format("nearest of the ten best features to the best waveform: {:.1f} degrees\n",
                             m.at("nearest_of_ten_deg").get<double>());
}

}  // namespace fmnet
