#include "fmnet/foreign_events.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "data/comma_table.h"
#include "data/geodesy.h"
#include "data/npy.h"
#include "data/text_table.h"
#include "fmnet/metrics.h"
#include "fmnet/parallel_items.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using propagator::InputError;

constexpr std::uint64_t max_array_bytes = std::uint64_t{16} << 30;
constexpr double allowed_distance_deg = 0.01;

double number(const std::string& path, const data::CommaRow& row, std::size_t column, const char* field, double low,
              double high) {
  return data::parse_number(row.fields[column], low, high, {path, fmt::format("line {}", row.number), field});
}

// Position of each station of the array.
std::map<std::string, std::size_t> read_station_order(const std::string& path, const Config& config) {
  std::map<std::string, std::size_t> order;
  const auto rows = data::read_comma_table(path, {"station", "latitude_deg", "longitude_deg"});
  for (const data::CommaRow& row : rows) {
    const double latitude = number(path, row, 1, "latitude_deg", -90.0, 90.0);
    const double longitude = number(path, row, 2, "longitude_deg", -180.0, 180.0);
    const std::string place = fmt::format("line {}", row.number);
    if (!order.emplace(row.fields[0], order.size()).second) {
      throw InputError(path, place, "station", row.fields[0], "stands twice in the table");
    }
    for (const data::Station& s : config.stations) {
      const bool near = std::abs(s.latitude_deg - latitude) <= allowed_distance_deg &&
                        std::abs(s.longitude_deg - longitude) <= allowed_distance_deg;
      if (s.code == row.fields[0] && !near) {
        throw InputError(path, place, "station", row.fields[0],
                         fmt::format("must lie within {} degrees of {}, {}, where the network knows it",
                                     allowed_distance_deg, s.latitude_deg, s.longitude_deg));
      }
    }
  }
  return order;
}

using Picks = std::map<std::pair<std::string, std::string>, double>;  // (event, station) -> s

Picks read_pick_table(const std::string& path, double length_s) {
  Picks picks;
  for (const data::CommaRow& row : data::read_comma_table(path, {"event", "station", "p_s"})) {
    const double p_s = number(path, row, 2, "p_s", 0.0, length_s);
    if (!picks.emplace(std::pair{row.fields[0], row.fields[1]}, p_s).second) {
      throw InputError(path, fmt::format("line {}", row.number), "pick", row.fields[0] + " " + row.fields[1],
                       "stands twice in the table");
    }
  }
  return picks;
}

// The array with its meaning.
struct Array {
  std::int64_t n_events, n_stations, n_samples;
  double dt_s;
  std::vector<float> values;

  Eigen::Map<const Eigen::ArrayXf> trace(std::size_t event, std::size_t station, int component) const {
    const auto at = (event * static_cast<std::size_t>(n_stations) + station) * data::n_components +
                    static_cast<std::size_t>(component);
    return {values.data() + at * static_cast<std::size_t>(n_samples), n_samples};
  }
};

Array read_array(const std::string& path, double dt_s) {
  data::NpyArray npy = data::read_npy(path, max_array_bytes);
  if (npy.shape.size() != 4 || npy.shape[2] != data::n_components || npy.shape[3] < 2) {
    throw InputError(path, "header", "shape", fmt::format("({})", fmt::join(npy.shape, ", ")),
                     "must be (events, stations, 3, samples)");
  }
  return {npy.shape[0], npy.shape[1], npy.shape[3], dt_s, std::move(npy.values)};
}

// The three filtered rows of a station; nothing where it is missing.
std::optional<data::Waveforms> station_rows(const Array& array, std::size_t event, std::size_t station, double p_s,
                                            const data::PreprocessSettings& settings) {
  const data::TimeSpan span = data::required_span(array.dt_s, p_s, settings);
  if (span.first_s < 0.0 || span.last_s > static_cast<double>(array.n_samples - 1) * array.dt_s) return std::nullopt;
  data::Waveforms rows(data::n_components, settings.n_samples);
  bool zero = true;
  for (int c = 0; c < data::n_components; ++c) {
    const Eigen::ArrayXd trace = array.trace(event, station, c).cast<double>();
    if (!trace.allFinite()) return std::nullopt;
    zero = zero && (trace == 0.0).all();
    rows.row(c) = data::filter_and_cut(trace, array.dt_s, p_s, settings).cast<float>().transpose();
  }
  if (zero) return std::nullopt;
  return rows;
}

void fill_waveforms(ForeignEvent& event, std::size_t index, const Array& array,
                    const std::map<std::string, std::size_t>& order, const Picks& picks, const Config& config) {
  const data::PreprocessSettings& settings = config.preprocess;
  event.waveforms = data::Waveforms::Zero(settings.n_rows, settings.n_samples);
  std::vector<double> distances_km;
  for (std::size_t s = 0; s < config.stations.size(); ++s) {
    const data::Station& station = config.stations[s];
    const auto at = order.find(station.code);
    const auto pick = picks.find({event.name, station.code});
    if (at == order.end() || pick == picks.end()) continue;
    const auto rows = station_rows(array, index, at->second, pick->second, settings);
    if (!rows) continue;
    for (int c = 0; c < data::n_components; ++c) {
      event.waveforms.row(row_of(static_cast<int>(s), c, settings)) = rows->row(c);
    }
    distances_km.push_back(
        data::geodesic(event.latitude_deg, event.longitude_deg, station.latitude_deg, station.longitude_deg)
            .distance_km);
  }
  event.n_missing = static_cast<int>(config.stations.size() - distances_km.size());
  if (distances_km.empty()) return;
  event.median_distance_km = percentile(distances_km, 0.5);
  normalize(event.waveforms, settings);
}

}  // namespace

std::vector<ForeignEvent> read_foreign_events(const ForeignPaths& paths, double dt_s, const Config& config) {
  if (!(dt_s > 0.0 && config.preprocess.high_hz * dt_s <= 0.35)) {
    throw InputError("", "", "--dt", fmt::format("{}", dt_s),
                     fmt::format("must be above 0 and at most {} s for a band up to {} Hz",
                                 0.35 / config.preprocess.high_hz, config.preprocess.high_hz));
  }
  const Array array = read_array(paths.waveforms, dt_s);
  const auto order = read_station_order(paths.stations, config);
  const auto rows = data::read_comma_table(
      paths.events, {"event", "latitude_deg", "longitude_deg", "depth_km", "strike_deg", "dip_deg", "rake_deg"});
  const auto require_as_many = [&](const std::string& path, const char* what, std::size_t n, std::int64_t expected) {
    if (n != static_cast<std::size_t>(expected)) {
      throw InputError(path, "", what, std::to_string(n), fmt::format("the array has {}", expected));
    }
  };
  require_as_many(paths.stations, "stations", order.size(), array.n_stations);
  require_as_many(paths.events, "events", rows.size(), array.n_events);
  const Picks picks = read_pick_table(paths.picks, static_cast<double>(array.n_samples) * dt_s);
  std::vector<ForeignEvent> events;
  std::set<std::string> names;
  for (const data::CommaRow& row : rows) {
    if (!names.insert(row.fields[0]).second) {
      throw InputError(paths.events, fmt::format("line {}", row.number), "event", row.fields[0],
                       "stands twice in the table");
    }
    const auto value = [&](std::size_t column, const char* field, double low, double high) {
      return number(paths.events, row, column, field, low, high);
    };
    events.push_back(
        {data::parse_name(row.fields[0], 64, {paths.events, fmt::format("line {}", row.number), "event"}),
         value(1, "latitude_deg", -90.0, 90.0),
         value(2, "longitude_deg", -180.0, 180.0),
         value(3, "depth_km", -10.0, 1000.0),
         {value(4, "strike_deg", 0.0, 360.0), value(5, "dip_deg", 0.0, 90.0), value(6, "rake_deg", -180.0, 180.0)},
         {},
         0,
         0.0});
  }
  for_each_item(static_cast<std::int64_t>(events.size()), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    fill_waveforms(events[at], at, array, order, picks, config);
    if (events[at].n_missing == static_cast<int>(config.stations.size())) {
      throw InputError(paths.waveforms, "event " + events[at].name, "stations", "0",
                       "at least one with a pick and a record of the whole window is needed");
    }
  });
  return events;
}

}  // namespace fmnet
