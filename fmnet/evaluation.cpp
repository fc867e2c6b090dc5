#include "fmnet/evaluation.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmnet/result_table.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::uint64_t max_evaluation_bytes = 256ull << 20;
constexpr std::size_t most_single_values = 8;
constexpr int n_quantile_classes = 4;

std::string decimals(double value, int n) { return fmt::format("{:.{}f}", value, n); }

nlohmann::json share_json(const KaganSummary& s) {
  return {{"n", s.n},
          {"share", s.share_good},
          {"share_low", s.share_interval.low},
          {"share_high", s.share_interval.high},
          {"median_kagan_deg", s.median_deg}};
}

// Where classes of equal counts begin.
std::vector<double> quantiles(const std::vector<double>& values) {
  std::vector<double> begins;
  for (int i = 0; i < n_quantile_classes; ++i) {
    begins.push_back(percentile(values, static_cast<double>(i) / n_quantile_classes));
  }
  return begins;
}

}  // namespace

const std::vector<std::string>& EvaluatedEvent::columns() {
  static const std::vector<std::string> names = {"event",
                                                 "latitude_deg",
                                                 "longitude_deg",
                                                 "depth_km",
                                                 "median_distance_km",
                                                 "snr",
                                                 "n_missing",
                                                 "strike_deg",
                                                 "dip_deg",
                                                 "rake_deg",
                                                 "predicted_strike_deg",
                                                 "predicted_dip_deg",
                                                 "predicted_rake_deg",
                                                 "truth_to_grid_deg",
                                                 "predicted_to_grid_deg",
                                                 "kagan_deg"};
  return names;
}

Table evaluation_table(const std::vector<EvaluatedEvent>& events) {
  Table table(EvaluatedEvent::columns());
  for (const EvaluatedEvent& e : events) {
    table.add_row(std::vector<std::string>{
        e.name, decimals(e.latitude_deg, 4), decimals(e.longitude_deg, 4), decimals(e.depth_km, 3),
        decimals(e.median_distance_km, 2), e.snr ? decimals(*e.snr, 2) : "-", std::to_string(e.n_missing),
        decimals(e.truth.strike_deg, 3), decimals(e.truth.dip_deg, 3), decimals(e.truth.rake_deg, 3),
        decimals(e.predicted.strike_deg, 3), decimals(e.predicted.dip_deg, 3), decimals(e.predicted.rake_deg, 3),
        decimals(e.truth_to_grid_deg, 4), decimals(e.predicted_to_grid_deg, 4), decimals(e.kagan_deg, 4)});
  }
  return table;
}

std::vector<EvaluatedEvent> read_evaluation(const std::string& path) {
  const TableForm form{EvaluatedEvent::columns(), ", as `fmnet evaluate` writes them", max_evaluation_bytes};
  std::vector<EvaluatedEvent> events;
  for_each_row(path, form, [&](const TableRow& row) {
    events.push_back({std::string(row.text(0)), row.number(1, -90.0, 90.0), row.number(2, -180.0, 180.0),
                      row.number(3, -10.0, 1000.0), row.number(4, 0.0, 21000.0), row.maybe(5, 0.0, 1e12),
                      static_cast<int>(row.number(6, 0.0, 1000.0)), row.mechanism(7), row.mechanism(10),
                      row.number(13, 0.0, 120.001), row.number(14, 0.0, 120.001), row.number(15, 0.0, 120.001)});
  });
  if (events.empty()) throw propagator::InputError(path, "", "", "", "holds no event");
  return events;
}

std::vector<double> kagan_angles_of(const std::vector<EvaluatedEvent>& events) {
  std::vector<double> angles;
  for (const EvaluatedEvent& e : events) angles.push_back(e.kagan_deg);
  return angles;
}

const std::vector<Criterion>& criteria() {
  using Value = std::optional<double>;
  static const std::vector<Criterion> all = {
      {"depth_km", "depth (km)", [](const EvaluatedEvent& e) -> Value { return e.depth_km; }},
      {"median_distance_km", "median distance of the stations (km)",
       [](const EvaluatedEvent& e) -> Value { return e.median_distance_km; }},
      {"snr", "signal-to-noise ratio", [](const EvaluatedEvent& e) -> Value { return e.snr; }},
      {"n_missing", "stations missing", [](const EvaluatedEvent& e) -> Value { return e.n_missing; }},
      {"strike_deg", "true strike (degrees)", [](const EvaluatedEvent& e) -> Value { return e.truth.strike_deg; }},
      {"dip_deg", "true dip (degrees)", [](const EvaluatedEvent& e) -> Value { return e.truth.dip_deg; }},
      {"truth_to_grid_deg", "nearest trained mechanism (degrees)",
       [](const EvaluatedEvent& e) -> Value { return e.truth_to_grid_deg; }}};
  return all;
}

std::vector<EvaluationClass> classes_by(const Criterion& criterion, const std::vector<EvaluatedEvent>& events) {
  std::vector<double> values, angles;
  for (const EvaluatedEvent& e : events) {
    const std::optional<double> value = criterion.value(e);
    if (!value) continue;
    values.push_back(*value);
    angles.push_back(e.kagan_deg);
  }
  if (values.empty()) return {};
  std::vector<double> distinct = values;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const std::vector<double> begins = distinct.size() <= most_single_values ? distinct : quantiles(values);
  std::vector<std::vector<double>> values_in(begins.size()), angles_in(begins.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::ptrdiff_t c = std::upper_bound(begins.begin(), begins.end(), values[i]) - begins.begin() - 1;
    values_in[static_cast<std::size_t>(c)].push_back(values[i]);
    angles_in[static_cast<std::size_t>(c)].push_back(angles[i]);
  }
  std::vector<EvaluationClass> classes;
  for (std::size_t c = 0; c < begins.size(); ++c) {
    if (values_in[c].empty()) continue;
    const auto [low, high] = std::minmax_element(values_in[c].begin(), values_in[c].end());
    classes.push_back({*low, *high, summarize_kagan(angles_in[c])});
  }
  return classes;
}

nlohmann::json evaluation_summary(const std::vector<EvaluatedEvent>& events) {
  const std::vector<double> angles = kagan_angles_of(events);
  const KaganSummary s = summarize_kagan(angles, 20.0), wider = summarize_kagan(angles, 30.0);
  std::vector<double> truth_to_grid_deg, predicted_to_grid_deg;
  for (const EvaluatedEvent& e : events) {
    truth_to_grid_deg.push_back(e.truth_to_grid_deg);
    predicted_to_grid_deg.push_back(e.predicted_to_grid_deg);
  }
  nlohmann::json by = nlohmann::json::object();
  for (const Criterion& criterion : criteria()) {
    nlohmann::json rows = nlohmann::json::array();
    for (const EvaluationClass& c : classes_by(criterion, events)) {
      nlohmann::json row = share_json(c.within_20);
      row["low"] = c.low;
      row["high"] = c.high;
      rows.push_back(row);
    }
    by[criterion.name] = rows;
  }
  return {{"n", s.n},
          {"n_good", s.n_good},
          {"threshold_deg", s.threshold_deg},
          {"share_good", s.share_good},
          {"share_low", s.share_interval.low},
          {"share_high", s.share_interval.high},
          {"share_30", wider.share_good},
          {"share_30_low", wider.share_interval.low},
          {"share_30_high", wider.share_interval.high},
          {"mean_kagan_deg", s.mean_deg},
          {"median_kagan_deg", s.median_deg},
          {"percentile_90_kagan_deg", s.percentile_90_deg},
          {"largest_kagan_deg", s.largest_deg},
          {"median_truth_to_grid_deg", percentile(truth_to_grid_deg, 0.5)},
          {"median_predicted_to_grid_deg", percentile(predicted_to_grid_deg, 0.5)},
          {"by", by}};
}

std::string summary_line(const nlohmann::json& m) {
  const auto percent = [&m](const char* key) { return 100.0 * m.at(key).get<double>(); };
  return fmt::format(
      "{} of {} within {:g} degrees ({:.1f} %, 95 % interval {:.1f} to {:.1f} %), {:.1f} % within 30 ({:.1f} to {:.1f} "
      "%); median {:.1f} degrees, 90th percentile {:.1f}",
      m.at("n_good").get<std::int64_t>(), m.at("n").get<std::int64_t>(), m.at("threshold_deg").get<double>(),
      percent("share_good"), percent("share_low"), percent("share_high"), percent("share_30"), percent("share_30_low"),
      percent("share_30_high"), m.at("median_kagan_deg").get<double>(), m.at("percentile_90_kagan_deg").get<double>());
}

}  // namespace fmnet
