#include "fmnet/commands/search_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/figure.h"
#include "fmnet/interrupt.h"
#include "fmnet/metrics.h"
#include "fmnet/plane_json.h"
#include "fmnet/predictor.h"
#include "fmnet/progress.h"
#include "fmnet/result_table.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/matches.h"
#include "fmnet/search/waveform_search.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
using propagator::FocalMechanism;
using propagator::kagan_angle_deg;
namespace fs = std::filesystem;

constexpr std::size_t n_listed = 5000, n_compared = 10;
constexpr std::int64_t events_at_a_time = 32;
constexpr std::uint64_t max_table_bytes = 64ull << 20;
const std::vector<std::string> found_sample_columns = {
    "rank", "sample", "misfit", "latitude_deg", "longitude_deg", "depth_km", "strike_deg", "dip_deg", "rake_deg"};

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Everything that a search needs, opened.
struct Opened {
  explicit Opened(const SearchInputs& inputs)
      : predictor(inputs.weights_path, inputs.config),
        dataset(open_dataset(inputs.config, inputs.library_path)),
        places(searched_places(dataset.grid().n_places(), inputs.place_step)),
        layout(feature_layout(dataset, places, inputs.weights_path)) {}

  FocalMechanism mechanism(std::int64_t candidate) const {
    return dataset.grid().mechanism(candidate % dataset.grid().n_mechanisms());
  }
  std::int64_t grid_sample(std::int64_t candidate) const {
    const std::int64_t n = dataset.grid().n_mechanisms();
    return dataset.grid().index({places[static_cast<std::size_t>(candidate / n)], candidate % n});
  }
  std::int64_t n_samples() const { return layout.n_blocks * layout.samples_per_block; }

  Predictor predictor;
  data::Dataset dataset;
  std::vector<std::int64_t> places;
  FeatureLayout layout;
};

std::string inputs_key(const SearchInputs& inputs, const std::string& what) {
  return step_key({{"config", training_toml(inputs.config)},
                   {"greens", file_sha256(inputs.library_path)},
                   {"weights", file_sha256(inputs.weights_path)},
                   {"place step", std::to_string(inputs.place_step)},
                   {"conditions", conditions_text(inputs.conditions)},
                   {"what", what},
                   {"version", version}});
}

// ---- one event -----------------------------------------------------------------------------------------------------

struct Event {
  std::string name;
  data::Waveforms rows;
  FocalMechanism by_network;
  std::optional<FocalMechanism> reference;  // the truth of a synthetic event
};

Event event_of(const SearchedEvent& wanted, const Opened& opened, const SearchInputs& inputs) {
  if (wanted.prediction_path.empty()) {
    const data::Sample sample =
        test_event(opened.dataset, inputs.config, UnseenKind::off_grid, inputs.conditions, wanted.unseen).sample;
    return {fmt::format("unseen synthetic event {}", wanted.unseen + 1), sample.waveforms,
            opened.predictor.predict(sample.waveforms).plane, sample.mechanism};
  }
  const PredictionFile prediction = read_prediction(wanted.prediction_path);
  return {"event " + prediction.event_id, prediction.waveforms, prediction.plane, prediction.reference};
}

Table table_of(const std::vector<Match>& matches, const Opened& opened) {
  Table table(found_sample_columns);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::int64_t sample = opened.grid_sample(matches[i].candidate);
    const data::Place at = opened.dataset.grid().place(opened.dataset.grid().point(sample).place);
    const FocalMechanism m = opened.mechanism(matches[i].candidate);
    table.add_row(std::vector<double>{static_cast<double>(i + 1), static_cast<double>(sample),
                                      static_cast<double>(matches[i].misfit), at.latitude_deg, at.longitude_deg,
                                      at.depth_km, m.strike_deg, m.dip_deg, m.rake_deg});
  }
  return table;
}

json domain_json(const std::vector<Match>& best, const Opened& opened, const Event& event, double seconds) {
  const FocalMechanism found = opened.mechanism(best.front().candidate);
  json result = {{"seconds", seconds},
                 {"misfit", best.front().misfit},
                 {"best", plane_json(found)},
                 {"kagan_to_network_deg", kagan_angle_deg(found, event.by_network)}};
  if (event.reference) result["kagan_to_reference_deg"] = kagan_angle_deg(found, *event.reference);
  return result;
}

// The smallest Kagan angle between a mechanism and the first ten of a list.
double nearest_of_ten_deg(const FocalMechanism& mechanism, const std::vector<Match>& matches, const Opened& opened) {
  double nearest = 180.0;
  for (std::size_t i = 0; i < std::min(n_compared, matches.size()); ++i) {
    nearest = std::min(nearest, kagan_angle_deg(mechanism, opened.mechanism(matches[i].candidate)));
  }
  return nearest;
}

void search_one(const SearchInputs& inputs, const SearchedEvent& wanted, const std::string& directory) {
  const Opened opened(inputs);
  const std::vector<float> features = read_feature_file(inputs.features_path, opened.layout);
  const Event event = event_of(wanted, opened, inputs);
  std::vector<Match> by_waveform, by_feature;
  const double waveform_s = seconds_of([&] {
    by_waveform = best_matches(waveform_misfits(opened.dataset, opened.places, {event.rows}).front(), n_listed);
  });
  const double feature_s = seconds_of([&] {
    by_feature = best_matches(feature_misfits(features, opened.predictor.encode({event.rows})).front(), n_listed);
  });
  const fs::path folder(directory);
  data::write_file_atomically((folder / "search_waveforms.tsv").string(), table_of(by_waveform, opened).text());
  data::write_file_atomically((folder / "search_features.tsv").string(), table_of(by_feature, opened).text());
  const FocalMechanism first = opened.mechanism(by_waveform.front().candidate);
  json metrics = {{"event", event.name},
                  {"conditions", wanted.prediction_path.empty() ? conditions_text(inputs.conditions) : "a real event"},
                  {"n_samples", opened.n_samples()},
                  {"library_bytes", fs::file_size(inputs.library_path)},
                  {"feature_bytes", features.size() * sizeof(float)},
                  {"waveforms", domain_json(by_waveform, opened, event, waveform_s)},
                  {"features", domain_json(by_feature, opened, event, feature_s)},
                  {"nearest_of_ten_deg", nearest_of_ten_deg(first, by_feature, opened)}};
  if (event.reference) metrics["reference"] = plane_json(*event.reference);
  write_metrics(directory, "search", metrics);
}

// ---- many events ---------------------------------------------------------------------------------------------------

// What the searches and the network say of one synthetic event.
struct SearchOutcome {
  FocalMechanism truth, by_waveform, by_feature, by_network;
  double nearest_of_ten_deg;      // the data domain's best to the ten best of the feature domain
  std::int64_t rank_in_features;  // of the data domain's best
};

std::vector<SearchOutcome> outcomes_of(const SearchInputs& inputs, const Opened& opened,
                                       const std::vector<float>& features, std::int64_t begin, std::int64_t end) {
  std::vector<data::Waveforms> records;
  std::vector<FocalMechanism> truths;
  for (std::int64_t i = begin; i < end; ++i) {
    const data::Sample sample =
        test_event(opened.dataset, inputs.config, UnseenKind::off_grid, inputs.conditions, i).sample;
    records.push_back(sample.waveforms);
    truths.push_back(sample.mechanism);
  }
  const auto by_waveform = waveform_misfits(opened.dataset, opened.places, records);
  const std::vector<Prediction> predictions = opened.predictor.predict(records);
  std::vector<Features> encoded;
  for (const Prediction& p : predictions) encoded.push_back(p.features);
  const auto by_feature = feature_misfits(features, encoded);
  std::vector<SearchOutcome> rows;
  for (std::size_t e = 0; e < records.size(); ++e) {
    const Match first = best_matches(by_waveform[e], 1).front();
    const std::vector<Match> ten = best_matches(by_feature[e], n_compared);
    const float its_misfit = by_feature[e][static_cast<std::size_t>(first.candidate)];
    const auto n_nearer = std::count_if(by_feature[e].begin(), by_feature[e].end(),
                                        [its_misfit](float misfit) { return misfit < its_misfit; });
    const FocalMechanism best = opened.mechanism(first.candidate);
    rows.push_back({truths[e], best, opened.mechanism(ten.front().candidate), predictions[e].plane,
                    nearest_of_ten_deg(best, ten, opened), n_nearer + 1});
  }
  return rows;
}

json share_json(const std::vector<double>& angles_deg) {
  const KaganSummary s = summarize_kagan(angles_deg);
  return {{"share_good", s.share_good},
          {"share_low", s.share_interval.low},
          {"share_high", s.share_interval.high},
          {"median_kagan_deg", s.median_deg}};
}

// Table and summary of all events.
std::pair<Table, json> summarized(const std::vector<SearchOutcome>& rows) {
  Table table({"event", "strike_deg", "dip_deg", "rake_deg", "waveform_to_truth_deg", "feature_to_truth_deg",
               "network_to_truth_deg", "waveform_to_feature_deg", "nearest_of_ten_deg", "rank_in_features"});
  std::vector<double> waveform, feature, network, between, nearest, ranks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SearchOutcome& a = rows[i];
    waveform.push_back(kagan_angle_deg(a.by_waveform, a.truth));
    feature.push_back(kagan_angle_deg(a.by_feature, a.truth));
    network.push_back(kagan_angle_deg(a.by_network, a.truth));
    between.push_back(kagan_angle_deg(a.by_waveform, a.by_feature));
    nearest.push_back(a.nearest_of_ten_deg);
    ranks.push_back(static_cast<double>(a.rank_in_features));
    table.add_row(std::vector<double>{static_cast<double>(i + 1), a.truth.strike_deg, a.truth.dip_deg, a.truth.rake_deg,
                                      waveform.back(), feature.back(), network.back(), between.back(), nearest.back(),
                                      ranks.back()});
  }
  return {table,
          {{"n", rows.size()},
           {"waveform_to_truth", share_json(waveform)},
           {"feature_to_truth", share_json(feature)},
           {"network_to_truth", share_json(network)},
           {"waveform_to_feature", share_json(between)},
           {"nearest_of_ten", share_json(nearest)},
           {"median_rank_in_features", percentile(ranks, 0.5)}}};
}

std::string share_line(const json& part) {
  return fmt::format("{:.1f} % within 20 degrees (95 % interval {:.1f} to {:.1f} %), median {:.1f}",
                     100.0 * part.at("share_good").get<double>(), 100.0 * part.at("share_low").get<double>(),
                     100.0 * part.at("share_high").get<double>(), part.at("median_kagan_deg").get<double>());
}

}  // namespace

StepEnd run_features(const SearchInputs& inputs, const StepMode& mode) {
  const fs::path path(inputs.features_path);
  const std::string directory = path.has_parent_path() ? path.parent_path().string() : ".";
  const Step step{"features", inputs_key(inputs, "features"), {path.filename().string()}};
  return run_step(directory, step, mode, [&] {
    make_directory(directory);
    const Opened opened(inputs);
    const InterruptGuard guard;
    ProgressLine line(true);
    const auto start = std::chrono::steady_clock::now();
    std::int64_t n_before = -1;
    const auto progress = [&](std::int64_t n_done) {
      if (n_before < 0) n_before = n_done;
      const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - start;
      const auto made = static_cast<double>(n_done - n_before);
      const double left =
          made > 0.0 ? so_far.count() / made * static_cast<double>(opened.layout.n_blocks - n_done) : -1.0;
      line.show(fmt::format("features  place {} of {}  {:.0f} samples/s  {} left", n_done, opened.layout.n_blocks,
                            made * static_cast<double>(opened.layout.samples_per_block) / so_far.count(),
                            duration_text(left)));
    };
    return make_feature_file(
        inputs.features_path, opened.layout,
        [&](std::int64_t i) {
          return features_at(opened.dataset, opened.predictor, opened.places[static_cast<std::size_t>(i)]);
        },
        progress, interrupt_requested);
  });
}

StepEnd run_search(const SearchInputs& inputs, const SearchedEvent& event, const std::string& directory,
                   const StepMode& mode) {
  const std::string what =
      event.prediction_path.empty() ? fmt::format("unseen {}", event.unseen) : file_sha256(event.prediction_path);
  const Step step{"search", inputs_key(inputs, what), {"search_waveforms.tsv", "search_features.tsv"}};
  return run_step(directory, step, mode, [&] {
    search_one(inputs, event, directory);
    return true;
  });
}

StepEnd run_search_agreement(const SearchInputs& inputs, std::int64_t n_events, const std::string& directory,
                             const StepMode& mode) {
  const Step step{"search_agreement", inputs_key(inputs, fmt::format("{} events", n_events)), {"search_agreement.tsv"}};
  return run_step(directory, step, mode, [&] {
    const Opened opened(inputs);
    const std::vector<float> features = read_feature_file(inputs.features_path, opened.layout);
    ProgressLine line(true);
    std::vector<SearchOutcome> rows;
    for (std::int64_t begin = 0; begin < n_events; begin += events_at_a_time) {
      const std::int64_t end = std::min(n_events, begin + events_at_a_time);
      for (const SearchOutcome& a : outcomes_of(inputs, opened, features, begin, end)) rows.push_back(a);
      line.show(fmt::format("searches  {} of {} events", end, n_events));
    }
    auto [table, metrics] = summarized(rows);
    metrics["n_samples"] = opened.n_samples();
    metrics["conditions"] = conditions_text(inputs.conditions);
    data::write_file_atomically((fs::path(directory) / "search_agreement.tsv").string(), table.text());
    write_metrics(directory, "search_agreement", metrics);
    return true;
  });
}

std::vector<FoundSample> read_found_samples(const std::string& path) {
  const TableForm form{found_sample_columns, ", as `fmnet search` writes them", max_table_bytes};
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

std::string search_agreement_lines(const std::string& directory) {
  const json m = read_metrics(directory).at("search_agreement");
  std::string lines;
  for (const char* part :
       {"waveform_to_truth", "feature_to_truth", "network_to_truth", "waveform_to_feature", "nearest_of_ten"}) {
    lines += fmt::format("{}: {}\n", part, share_line(m.at(part)));
  }
  return lines;
}

}  // namespace fmnet
