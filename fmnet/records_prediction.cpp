#include "fmnet/records_prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "data/geodesy.h"
#include "propagator/errors.h"
#include "propagator/travel_time.h"

namespace fmnet {
namespace {

constexpr int longest_delay_s = 15;
constexpr double farthest_km = 2000.0;  // P times of a flat earth mean little long before

// Why channels were left out: each reason once, with the number of channels.
std::string reasons_in_one_line(const data::RecordWindow& window) {
  std::map<std::string, int> counts;
  for (const data::ChannelReport& c : window.channels) {
    if (!c.reason.empty()) ++counts[c.reason];
  }
  std::string line;
  for (const auto& [reason, count] : counts) line += fmt::format("{}{} ({}x)", line.empty() ? "" : "; ", reason, count);
  return line;
}

data::RecordWindow window_at(double delay_s, const Config& config, const data::RecordFiles& files,
                             const RecordsRequest& request) {
  std::vector<double> times_s = request.p_time_s;
  for (double& time_s : times_s) time_s += delay_s;
  return data::window_from_records(files, config.stations, request.event, times_s, config.preprocess,
                                   config.records.reading);
}

void require_enough_stations(const data::RecordWindow& window, const Config& config, const RecordsRequest& request,
                             const std::string& source) {
  const int fewest = request.force ? 1 : config.records.min_stations;
  if (window.n_stations_used >= fewest) return;
  throw propagator::InputError(source, "", "usable stations", std::to_string(window.n_stations_used),
                               fmt::format("must be at least {}{}: {}", fewest,
                                           request.force ? "" : " (records.min_stations; --force does with fewer)",
                                           reasons_in_one_line(window)));
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

RecordsPrediction predict_records(const Predictor& predictor, const Config& config, const data::RecordFiles& files,
                                  const RecordsRequest& request, const std::string& source) {
  RecordsPrediction result;
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
  }
  const auto start = std::chrono::steady_clock::now();
  result.window = window_at(result.delay_s, config, files, request);
  require_enough_stations(result.window, config, request, source);
  result.prediction = predictor.predict(result.window.waveforms);
  result.latency_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace fmnet
