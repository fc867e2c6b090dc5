#include "fmnet/prediction_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fmnet/plane_json.h"

namespace fmnet {

using nlohmann::json;

namespace {

constexpr std::size_t most_notes = 5;

json curves_json(const LabelCurves& curves) {
  json object = json::object();
  const char* names[n_curves] = {"strike", "dip", "rake"};
  for (int curve = 0; curve < n_curves; ++curve) {
    json values = json::array();
    for (int i = 0; i < n_bins; ++i) values.push_back(curves[static_cast<std::size_t>(i * n_curves + curve)]);
    object[names[curve]] = values;
  }
  return object;
}

json channels_json(const data::RecordWindow& window) {
  json channels = json::array();
  for (const data::ChannelReport& c : window.channels) {
    channels.push_back({{"station", c.station},
                        {"channel", c.channel},
                        {"action", data::action_name(c.action)},
                        {"reason", c.reason},
                        {"signal_to_noise", std::isfinite(c.snr) ? json(c.snr) : json(nullptr)}});
  }
  return channels;
}

std::vector<double> window_begins_s(const Config& config, const RecordsPrediction& found) {
  std::vector<double> begins_s = found.window.p_time_s;
  for (double& time_s : begins_s) time_s += found.delay_s - config.preprocess.before_p_s;
  return begins_s;
}

std::string angles(const json& plane) {
  const propagator::FocalMechanism m = plane_of(plane);
  return fmt::format("{:.0f}/{:.0f}/{:.0f}", m.strike_deg, m.dip_deg, m.rake_deg);
}

}  // namespace

json prediction_json(const Config& config, const data::Event& event, const RecordsPrediction& found) {
  const data::RecordWindow& window = found.window;
  const Prediction& prediction = found.prediction;
  json result = {{"event",
                  {{"id", event.id},
                   {"origin", data::format_utc(event.origin_ns)},
                   {"latitude_deg", event.latitude_deg},
                   {"longitude_deg", event.longitude_deg},
                   {"depth_km", event.depth_km}}},
                 {"network", config.name},
                 {"plane", plane_json(prediction.plane)},
                 {"auxiliary_plane", plane_json(prediction.auxiliary)},
                 {"n_stations", window.n_stations_used},
                 {"n_slots", config.stations.size()},
                 {"latency_ms", found.latency_ms},
                 {"delay_s", found.delay_s},
                 {"p_time_s", window.p_time_s},
                 {"window_begin_s", window_begins_s(config, found)},
                 {"channels", channels_json(window)},
                 {"notes", window.notes},
                 {"curves", curves_json(prediction.curves)},
                 {"features", prediction.features}};
  for (const DelayStep& step : found.delays) {
    json entry = plane_json(step.plane);
    entry["delay_s"] = step.delay_s;
    entry["mean_correlation"] = step.mean_correlation;
    result["delays"].push_back(entry);
  }
  return result;
}

std::string one_line(const json& prediction) {
  const propagator::FocalMechanism plane = plane_of(prediction["plane"]);
  std::string line = fmt::format("{}: strike {:.0f}, dip {:.0f}, rake {:.0f} (other plane {}); {} of {} stations",
                                 prediction["event"]["id"].get<std::string>(), plane.strike_deg, plane.dip_deg,
                                 plane.rake_deg, angles(prediction["auxiliary_plane"]),
                                 prediction["n_stations"].get<int>(), prediction["n_slots"].get<int>());
  if (prediction.contains("reference")) {
    line += fmt::format("; Kagan angle to {}: {:.1f} degrees", angles(prediction["reference"]),
                        prediction["kagan_deg"].get<double>());
  }
  if (const double delay_s = prediction["delay_s"].get<double>(); delay_s != 0.0) {
    line += fmt::format("; window {:g} s later than P", delay_s);
  }
  if (!prediction.contains("trust")) return line;
  const json& trust = prediction["trust"];
  const std::size_t n_warnings = trust["warnings"].size();
  line +=
      fmt::format("; mean cross-correlation with the records {:.2f}", trust["fit"]["mean_correlation"].get<double>());
  if (n_warnings > 0) line += fmt::format(", {} {}", n_warnings, n_warnings == 1 ? "warning" : "warnings");
  return line;
}

std::string channel_table(const data::RecordWindow& window) {
  const std::size_t n = std::min(window.notes.size(), most_notes);
  std::vector<std::string> notes(window.notes.begin(), window.notes.begin() + static_cast<std::ptrdiff_t>(n));
  if (n < window.notes.size()) notes.push_back(fmt::format("{} more like these", window.notes.size() - n));
  return channel_table(json{{"channels", channels_json(window)}, {"notes", notes}});
}

std::string channel_table(const json& prediction) {
  std::string text;
  for (const json& c : prediction["channels"]) {
    const std::string reason = c["reason"].get<std::string>();
    text += fmt::format("{:<10} {:<8} {}{}\n", c["station"].get<std::string>(), c["channel"].get<std::string>(),
                        c["action"].get<std::string>(), reason.empty() ? "" : ": " + reason);
  }
  for (const json& note : prediction["notes"]) text += "note: " + note.get<std::string>() + "\n";
  if (!prediction.contains("trust")) return text;
  text += "fit: cross-correlation with the synthetics of the mechanism, and how much later the record is\n";
  for (const json& s : prediction["trust"]["stations"]) {
    text += fmt::format("fit: {:<10} {:.2f}  {:+.0f} s\n", s["station"].get<std::string>(),
                        s["correlation"].get<double>(), s["lag_s"].get<double>());
  }
  if (prediction["trust"].contains("reference_fit")) {
    const json& fit = prediction["trust"]["reference_fit"];
    text += fmt::format("fit: reference  {:.2f}  {:+.0f} s, mean over stations\n",
                        fit["mean_correlation"].get<double>(), fit["common_lag_s"].get<double>());
  }
  for (const json& warning : prediction["trust"]["warnings"]) text += "warning: " + warning.get<std::string>() + "\n";
  return text;
}

}  // namespace fmnet
