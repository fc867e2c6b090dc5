#include "fmnet/figures/station_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "data/geodesy.h"

namespace fmnet {
namespace {

constexpr double radians = 3.14159265358979323846 / 180.0;
constexpr double km_per_degree = 111.2;  // of latitude, on a sphere of 6371 km
constexpr double reach_km = 150.0;       // the paper's stations lie within this distance
constexpr double wide_net_km = 75.0;     // a net that reaches farther than this is shown with that distance around it

struct MapBounds {
  double west, east, south, north;
  void include(double longitude, double latitude) {
    west = std::min(west, longitude), east = std::max(east, longitude);
    south = std::min(south, latitude), north = std::max(north, latitude);
  }
};

MapBounds grid_box(const data::TrainingGrid& grid) {
  const double lat0 = grid.latitude().first, lon0 = grid.longitude().first;
  MapBounds box{lon0, lon0, lat0, lat0};
  box.include(grid.longitude().value(grid.longitude().count - 1), grid.latitude().value(grid.latitude().count - 1));
  return box;
}

// Points at reach_km from the middle of the grid, on a sphere.
Table reach_table(double latitude_deg, double longitude_deg) {
  Table table({"longitude_deg", "latitude_deg"});
  const double angle = reach_km / km_per_degree * radians;
  for (int azimuth_deg = 0; azimuth_deg <= 360; azimuth_deg += 2) {
    const double sin_lat = std::sin(latitude_deg * radians) * std::cos(angle) +
                           std::cos(latitude_deg * radians) * std::sin(angle) * std::cos(azimuth_deg * radians);
    const double east = std::atan2(std::sin(azimuth_deg * radians) * std::sin(angle) * std::cos(latitude_deg * radians),
                                   std::cos(angle) - std::sin(latitude_deg * radians) * sin_lat);
    table.add_row(std::vector<double>{longitude_deg + east / radians, std::asin(sin_lat) / radians});
  }
  return table;
}

std::string scale_bar(const MapBounds& frame, double shrink, int length_km) {
  const double length = length_km / (km_per_degree * shrink);
  const double height = frame.north - frame.south;
  const double x = frame.west + 0.03 * height, y = frame.south + 0.03 * height;
  return fmt::format(
      "set arrow 2 from {0:.5g},{1:.5g} to {2:.5g},{1:.5g} heads size graph 0.01,90 linewidth 1.5 linecolor "
      "'#222222' front\n"
      "set label 2 '{5} km' at {3:.5g},{4:.5g} center front\n",
      x, y, x + length, x + 0.5 * length, y + 0.025 * height, length_km);
}

struct MapArea {
  MapBounds grid, frame;
  double middle_lat, middle_lon;
  double shrink;  // a degree of longitude by one of latitude
  bool shows_reach;
};

MapArea map_area(const std::vector<data::Station>& stations, const data::TrainingGrid& grid) {
  MapArea area;
  area.grid = area.frame = grid_box(grid);
  area.middle_lat = 0.5 * (area.grid.south + area.grid.north);
  area.middle_lon = 0.5 * (area.grid.west + area.grid.east);
  area.shrink = std::cos(area.middle_lat * radians);
  area.shows_reach = false;
  for (const data::Station& s : stations) {
    area.frame.include(s.longitude_deg, s.latitude_deg);
    const data::Path path = data::geodesic(area.middle_lat, area.middle_lon, s.latitude_deg, s.longitude_deg);
    area.shows_reach |= path.distance_km > wide_net_km;
  }
  if (area.shows_reach) {
    const double reach_lat = reach_km / km_per_degree, reach_lon = reach_lat / area.shrink;
    area.frame.include(area.middle_lon - reach_lon, area.middle_lat - reach_lat);
    area.frame.include(area.middle_lon + reach_lon, area.middle_lat + reach_lat);
  }
  const double margin = 0.05 * (area.frame.north - area.frame.south);
  area.frame = {area.frame.west - margin, area.frame.east + margin, area.frame.south - 1.5 * margin,
                area.frame.north + margin};
  return area;
}

Table station_table(const std::vector<data::Station>& stations) {
  Table table({"longitude_deg", "latitude_deg", "station", "network"});
  for (const data::Station& s : stations) {
    table.add_row(std::vector<std::string>{fmt::format("{:.5f}", s.longitude_deg),
                                           fmt::format("{:.5f}", s.latitude_deg), checked_name(s.code, "station"),
                                           checked_name(s.network, "network")});
  }
  return table;
}

Table grid_table(const data::TrainingGrid& grid) {
  Table table({"longitude_deg", "latitude_deg"});
  for (int i = 0; i < grid.latitude().count; ++i) {
    for (int j = 0; j < grid.longitude().count; ++j) {
      table.add_row(std::vector<double>{grid.longitude().value(j), grid.latitude().value(i)});
    }
  }
  return table;
}

std::string axes(const MapArea& area) {
  const MapBounds& frame = area.frame;
  return fmt::format(
      "unset key\nset xlabel 'longitude (degrees)'\nset ylabel 'latitude (degrees)'\nset xtics {0}\nset ytics {0}\n"
      "set xrange [{1:.5g}:{2:.5g}]\nset yrange [{3:.5g}:{4:.5g}]\nset size ratio {5:.6g}\n"
      "set object 1 rectangle from {6:.6g},{7:.6g} to {8:.6g},{9:.6g} fillstyle empty border linecolor '{10}' "
      "linewidth 1.5\n{11}",
      area.shows_reach ? 0.5 : 0.2, frame.west, frame.east, frame.south, frame.north,
      (frame.north - frame.south) / ((frame.east - frame.west) * area.shrink), area.grid.west, area.grid.south,
      area.grid.east, area.grid.north, second_color, scale_bar(frame, area.shrink, area.shows_reach ? 50 : 10));
}

}  // namespace

Figure station_map(const std::vector<data::Station>& stations, const data::TrainingGrid& grid,
                   const std::optional<data::Event>& event) {
  if (stations.empty()) throw std::invalid_argument("station_map: stations: at least one expected");
  const MapArea area = map_area(stations, grid);
  Figure figure =
      blank_figure("map", "Grid of sources and stations (Figure 1)",
                   fmt::format("Small crosses: the {} epicentres of the training set, each at {} depths from {:g} to "
                               "{:g} km. Triangles: the {} stations.",
                               grid.latitude().count * grid.longitude().count, grid.depth().count,
                               grid.depth().value(0), grid.depth().value(grid.depth().count - 1), stations.size()),
                   820, 800);
  figure.tables = {{"stations", station_table(stations)}, {"grid", grid_table(grid)}};
  figure.commands = fmt::format(
      "{}plot 'map.grid.tsv' using 1:2 with points pointtype 1 pointsize 0.7 linecolor '{}', \\\n"
      "     'map.stations.tsv' using 1:2 with points pointtype 9 pointsize 1.3 linecolor '#222222', \\\n"
      "     '' using 1:2:3 with labels left offset 1.2,0",
      axes(area), second_color);
  if (area.shows_reach) {
    figure.tables.emplace_back("reach", reach_table(area.middle_lat, area.middle_lon));
    figure.caption += fmt::format(" Dashed: {:g} km from the middle of the grid.", reach_km);
    figure.commands += ", \\\n     'map.reach.tsv' using 1:2 with lines dashtype 2 linecolor '#999999'";
  }
  if (event) {
    Table table({"longitude_deg", "latitude_deg"});
    table.add_row(std::vector<double>{event->longitude_deg, event->latitude_deg});
    figure.tables.emplace_back("event", table);
    figure.caption += " Star: the epicentre of the event.";
    figure.commands += fmt::format(
        ", \\\n     'map.event.tsv' using 1:2:('★') with labels font ',24' textcolor rgb '{}' notitle", our_color);
  }
  return figure;
}

}  // namespace fmnet
