#include "fmnet/commands/search_agreement_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/figure.h"
#include "fmnet/interrupt.h"
#include "fmnet/metrics.h"
#include "fmnet/progress.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/waveform_search.h"

namespace fmnet {
namespace {

using nlohmann::json;
using propagator::FocalMechanism;
namespace fs = std::filesystem;

// Events that share one pass through the samples, at the most; the file of partial results grows by as many.
constexpr std::int64_t max_events_at_a_time = 32;

// What the searches and the network say of one synthetic event. The columns of the table, behind its number. In single precision
// two mechanisms of the grid that are 20 degrees apart count as within 20 degrees, which rounding in double would leave to chance.
enum Outcome : std::size_t {
  strike_deg,
  dip_deg,
  rake_deg,
  waveform_to_truth_deg,
  feature_to_truth_deg,
  network_to_truth_deg,
  waveform_to_feature_deg,
  nearest_of_ten_deg,  // the data domain's best to the ten best of the feature domain
  rank_in_features,    // of the data domain's best
  n_outcomes
};

// The outcomes of events first .. end-1, event by event, in the order of Outcome.
std::vector<float> outcomes_of(const SearchInputs& inputs, const SearchedSamples& samples,
                               const std::vector<float>& features, std::int64_t first, std::int64_t end) {
  std::vector<data::Waveforms> records;
  std::vector<FocalMechanism> truths;
  for (std::int64_t i = first; i < end; ++i) {
    const data::Sample sample =
        test_event(samples.dataset, inputs.config, UnseenKind::off_grid, inputs.conditions, i).sample;
    records.push_back(sample.waveforms);
    truths.push_back(sample.mechanism);
  }
  const auto by_waveform = waveform_misfits(samples.dataset, samples.places, records);
  const std::vector<Prediction> predictions = samples.predictor.predict(records);
  std::vector<Features> encoded;
  for (const Prediction& p : predictions) encoded.push_back(p.features);
  const auto by_feature = feature_misfits(features, encoded);
  std::vector<float> values;
  for (std::size_t e = 0; e < records.size(); ++e) {
    const Match nearest = best_matches(by_waveform[e], 1).front();
    const std::vector<Match> ten = best_matches(by_feature[e], n_compared_matches);
    const float its_misfit = by_feature[e][static_cast<std::size_t>(nearest.candidate)];
    const auto n_nearer = std::count_if(by_feature[e].begin(), by_feature[e].end(),
                                        [its_misfit](float misfit) { return misfit < its_misfit; });
    const FocalMechanism truth = truths[e], waveform = samples.mechanism(nearest.candidate),
                         feature = samples.mechanism(ten.front().candidate);
    for (const double value : {truth.strike_deg, truth.dip_deg, truth.rake_deg, kagan_angle_deg(waveform, truth),
                               kagan_angle_deg(feature, truth), kagan_angle_deg(predictions[e].plane, truth),
                               kagan_angle_deg(waveform, feature), samples.nearest_of_ten_deg(waveform, ten),
                               static_cast<double>(n_nearer + 1)}) {
      values.push_back(static_cast<float>(value));
    }
  }
  return values;
}

// Of n_events events, event by event; nothing where it was interrupted.
std::vector<float> all_outcomes(const SearchInputs& inputs, const SearchedSamples& samples, std::int64_t n_events,
                                const std::string& partial_path) {
  const std::vector<float> features = read_feature_file(inputs.features_path, samples.layout);
  const std::int64_t at_a_time = std::min(n_events, max_events_at_a_time);
  const std::int64_t n_blocks = (n_events + at_a_time - 1) / at_a_time;
  const FeatureLayout layout{search_key(inputs, "outcomes, " + conditions_text(inputs.conditions)), n_blocks, at_a_time,
                             n_outcomes};
  const InterruptGuard guard;
  ProgressLine line(true);
  const auto show = shown_progress(line, fmt::format("searches for {} events", n_events));
  const bool complete = make_feature_file(
      partial_path, layout,
      [&](std::int64_t i) { return outcomes_of(inputs, samples, features, i * at_a_time, (i + 1) * at_a_time); },
      [&](std::int64_t n) { show(static_cast<double>(n) / static_cast<double>(n_blocks)); }, interrupt_requested);
  if (!complete) return {};
  std::vector<float> outcomes = read_feature_file(partial_path, layout);
  outcomes.resize(static_cast<std::size_t>(n_events) * n_outcomes);
  return outcomes;
}

json share_json(const std::vector<double>& angles_deg) {
  const KaganSummary s = summarize_kagan(angles_deg);
  return {{"share_good", s.share_good},
          {"share_low", s.share_interval.low},
          {"share_high", s.share_interval.high},
          {"median_kagan_deg", s.median_deg}};
}

// Table and summary of all events.
std::pair<Table, json> summarized(const std::vector<float>& outcomes) {
  Table table({"event", "strike_deg", "dip_deg", "rake_deg", "waveform_to_truth_deg", "feature_to_truth_deg",
               "network_to_truth_deg", "waveform_to_feature_deg", "nearest_of_ten_deg", "rank_in_features"});
  const std::size_t n_events = outcomes.size() / n_outcomes;
  std::vector<std::vector<double>> columns(n_outcomes);
  for (std::size_t e = 0; e < n_events; ++e) {
    std::vector<double> row = {static_cast<double>(e + 1)};
    for (std::size_t k = 0; k < n_outcomes; ++k) {
      row.push_back(static_cast<double>(outcomes[e * n_outcomes + k]));
      columns[k].push_back(row.back());
    }
    table.add_row(row);
  }
  return {table,
          {{"n", n_events},
           {"waveform_to_truth", share_json(columns[waveform_to_truth_deg])},
           {"feature_to_truth", share_json(columns[feature_to_truth_deg])},
           {"network_to_truth", share_json(columns[network_to_truth_deg])},
           {"waveform_to_feature", share_json(columns[waveform_to_feature_deg])},
           {"nearest_of_ten", share_json(columns[nearest_of_ten_deg])},
           {"median_rank_in_features", percentile(columns[rank_in_features], 0.5)}}};
}

std::string share_line(const json& part) {
  return fmt::format("{:.1f} % within 20 degrees (95 % interval {:.1f} to {:.1f} %), median {:.1f}",
                     100.0 * part.at("share_good").get<double>(), 100.0 * part.at("share_low").get<double>(),
                     100.0 * part.at("share_high").get<double>(), part.at("median_kagan_deg").get<double>());
}

}  // namespace

StepEnd run_search_agreement(const SearchInputs& asked_for, std::int64_t n_events, const std::string& directory,
                             const StepMode& mode) {
  SearchInputs inputs = asked_for;
  inputs.conditions = applied_conditions(asked_for.conditions, asked_for.config);
  const std::string what = fmt::format("{} events, {}", n_events, conditions_text(inputs.conditions));
  const Step step{"search_agreement", search_key(inputs, what), {"search_agreement.tsv"}, {"/search_agreement"}};
  return run_step(directory, step, mode, [&] {
    const SearchedSamples samples(inputs);
    require_margin(inputs.conditions, samples.dataset, inputs.library_path);
    const std::string table_path = (fs::path(directory) / step.outputs.front()).string();
    const std::string partial_path = table_path + ".partial";
    const std::vector<float> outcomes = all_outcomes(inputs, samples, n_events, partial_path);
    if (outcomes.empty()) return false;
    auto [table, metrics] = summarized(outcomes);
    metrics["n_samples"] = samples.size();
    metrics["conditions"] = conditions_text(inputs.conditions);
    data::write_file_atomically(table_path, table.text());
    write_metrics(directory, "search_agreement", metrics);
    fs::remove(partial_path);
    return true;
  });
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
