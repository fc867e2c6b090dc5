#include "data/station.h"

#include <fmt/format.h>

#include <set>

#include "data/atomic_file.h"
#include "data/text_table.h"
#include "propagator/errors.h"

namespace data {

namespace {

constexpr std::size_t max_stations = 1000;

Station station_of(const TableLine& line, const std::string& source) {
  const std::string place = fmt::format("line {}", line.number);
  if (line.columns.size() != 5) {
    throw propagator::InputError(source, place, "columns", fmt::format("{}", line.columns.size()),
                                 "must be 5: network code latitude_deg longitude_deg elevation_m");
  }
  return {.network = parse_name(line.columns[0], 8, {source, place, "network"}),
          .code = parse_name(line.columns[1], 8, {source, place, "code"}),
          .latitude_deg = parse_number(line.columns[2], -90.0, 90.0, {source, place, "latitude_deg"},
                                       " (latitude comes before longitude)"),
          .longitude_deg = parse_number(line.columns[3], -180.0, 180.0, {source, place, "longitude_deg"}),
          .elevation_m = parse_number(line.columns[4], -500.0, 9000.0, {source, place, "elevation_m"})};
}

}  // namespace

std::vector<Station> parse_stations(const std::string& text, const std::string& source) {
  std::vector<Station> stations;
  std::set<std::string> known;
  for (const TableLine& line : table_lines(text)) {
    Station station = station_of(line, source);
    const std::string name = station.network + "." + station.code;
    if (!known.insert(name).second) {
      throw propagator::InputError(source, fmt::format("line {}", line.number), "station", name,
                                   "must not appear twice");
    }
    stations.push_back(std::move(station));
  }
  if (stations.empty() || stations.size() > max_stations) {
    throw propagator::InputError(source, "", "stations", fmt::format("{}", stations.size()),
                                 fmt::format("must be 1 to {}", max_stations));
  }
  return stations;
}

std::vector<Station> read_stations(const std::string& path) {
  return parse_stations(read_whole_file(path, std::uint64_t{1} << 20), path);
}

}  // namespace data
