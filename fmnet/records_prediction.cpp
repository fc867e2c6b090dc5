#include "fmnet/records_prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "data/geodesy.h"
#include "propagator/errors.h"
#include "propagator/travel_time.h"

namespace fmnet {
namespace {

constexpr int longest_delay_s = 15;
constexpr double farthest_km = 2000.0;  // P times of a flat earth mean little long before

constexpr double far_from_theory_s = 3.0;

// "no metadata" of "no metadata: CI.CLC..HNZ: epochs = none: ..."
std::string kind_of_reason(const std::string& reason) { return reason.substr(0, reason.find(':')); }

// Why channels were left out: "clipped 3, no metadata 36", each kind of reason with the number of channels.
std::string kinds_of_reasons(const data::RecordWindow& window) {
  std::map<std::string, int> counts;
  for (const data::ChannelReport& c : window.channels) {
    if (c.action == data::ChannelAction::left_out) ++counts[kind_of_reason(c.reason)];
  }
  std::string line;
  for (const auto& [kind, count] : counts) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", kind, count);
  return line;
}

data::RecordWindow window_at(double delay_s, const Config& config, const data::RecordFiles& files,
                             const RecordsRequest& request) {
  return data::window_from_records(files, config.stations, request.event, request.p_time_s, config.preprocess,
                                   config.records.reading, delay_s);
}

// "", or which of the delays have no step.
std::string note_of_delays(const std::vector<double>& delays_s, const std::vector<DelayStep>& steps) {
  std::vector<double> not_tried;
  for (const double delay_s : delays_s) {
    const auto is_of_it = [delay_s](const DelayStep& step) { return step.delay_s == delay_s; };
    if (std::none_of(steps.begin(), steps.end(), is_of_it)) not_tried.push_back(delay_s);
  }
  if (not_tried.empty()) return "";
  return fmt::format("delays of {:g} s could not be tried: fewer than {} stations can be used with them",
                     fmt::join(not_tried, ", "), steps.front().n_stations);
}

void require_enough_stations(const data::RecordWindow& window, const Config& config, const RecordsRequest& request,
                             const std::string& source) {
  const int fewest = request.force ? 1 : config.records.min_stations;
  if (window.n_stations_used >= fewest) return;
  throw TooFewStations(
      source,
      fmt::format("must be at least {}{}; channels left out: {}", fewest,
                  request.force ? "" : " (records.min_stations; --force does with fewer)", kinds_of_reasons(window)),
      window);
}

}  // namespace

std::vector<double> theoretical_p_times(const Config& config, const data::Event& event) {
  const propagator::LayeredModel model = config.layered_model();
  std::vector<double> times_s;
  for (const data::Station& s : config.stations) {
    const data::Path path = data::geodesic(event.latitude_deg, event.longitude_deg, s.latitude_deg, s.longitude_deg);
    if (path.distance_km > farthest_km) {
      throw propagator::InputError("event", "", "latitude_deg, longitude_deg",
                                   fmt::format("{}, {}", event.latitude_deg, event.longitude_deg),
                                   fmt::format("station {}.{} is {:.0f} km away: at most {:.0f} km", s.network, s.code,
                                               path.distance_km, farthest_km));
    }
    times_s.push_back(propagator::first_p(model, std::max(0.0, event.depth_km), path.distance_km).time_s);
  }
  return times_s;
}

PickedTimes picked_times(const Config& config, const data::Event& event, const std::vector<data::Pick>& picks) {
  const std::vector<double> theory_s = theoretical_p_times(config, event);
  PickedTimes times{data::p_times_with_picks(config.stations, event, theory_s, picks),
                    std::vector<bool>(theory_s.size(), false),
                    {},
                    {}};
  for (const data::Pick& pick : picks) {
    const std::string name = pick.network + "." + pick.station;
    const auto slot = std::find_if(config.stations.begin(), config.stations.end(), [&pick](const data::Station& s) {
      return s.network == pick.network && s.code == pick.station;
    });
    if (slot == config.stations.end()) {
      times.strangers.push_back(name);
      continue;
    }
    const auto i = static_cast<std::size_t>(slot - config.stations.begin());
    times.is_picked[i] = true;
    const double late_s = times.p_time_s[i] - theory_s[i];
    if (std::abs(late_s) > far_from_theory_s) {
      times.warnings.push_back(fmt::format("the pick of {} is {:.1f} s {} than P of the velocity model", name,
                                           std::abs(late_s), late_s > 0.0 ? "later" : "earlier"));
    }
  }
  return times;
}

RecordsPrediction predict_records(const Predictor& predictor, const Config& config, const data::RecordFiles& files,
                                  const RecordsRequest& request, const std::string& source) {
  RecordsPrediction result;
  std::string delays_note;
  if (request.delay_s) {
    result.delay_s = *request.delay_s;
  } else {
    require_enough_stations(window_at(0.0, config, files, request), config, request, source);
    std::vector<double> delays_s;
    for (int delay_s = 0; delay_s <= longest_delay_s; ++delay_s) delays_s.push_back(delay_s);
    result.delays = scan_delays(
        config, request.event, delays_s, [&](double delay_s) { return window_at(delay_s, config, files, request); },
        [&predictor](const data::Waveforms& rows) { return predictor.predict(rows).plane; });
    result.delay_s = best_delay(result.delays).delay_s;
    delays_note = note_of_delays(delays_s, result.delays);
  }
  const auto start = std::chrono::steady_clock::now();
  result.window = window_at(result.delay_s, config, files, request);
  require_enough_stations(result.window, config, request, source);
  if (!delays_note.empty()) result.window.notes.push_back(delays_note);
  result.prediction = predictor.predict(result.window.waveforms);
  result.latency_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace fmnet
