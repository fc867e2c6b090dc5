#include "fmnet/figures/station_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fmnet {
namespace {

constexpr double radians = 3.14159265358979323846 / 180.0;
constexpr double km_per_degree = 111.2;  // of latitude, on a sphere of 6371 km
constexpr double reach_km = 150.0;       // the paper's stations lie within this distance

struct Box {
  double west, east, south, north;
  void include(double longitude, double latitude) {
    west = std::min(west, longitude), east = std::max(east, longitude);
    south = std::min(south, latitude), north = std::max(north, latitude);
  }
};

Box grid_box(const data::TrainingGrid& grid) {
  const double lat0 = grid.latitude().first, lon0 = grid.longitude().first;
  Box box{lon0, lon0, lat0, lat0};
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

std::string scale_bar(const Box& frame, double shrink) {
  const double length = 50.0 / (km_per_degree * shrink);
  const double x = frame.west + 0.08, y = frame.south + 0.09;
  return fmt::format(
      "set arrow 2 from {0:.5g},{1:.5g} to {2:.5g},{1:.5g} heads size 0.03,90 linewidth 1.5 linecolor '#222222' front\n"
      "set label 2 '50 km' at {3:.5g},{4:.5g} center front\n",
      x, y, x + length, x + 0.5 * length, y + 0.07);
}

}  // namespace

Figure station_map(const std::vector<data::Station>& stations, const data::TrainingGrid& grid,
                   const std::optional<data::Event>& event) {
  if (stations.empty()) throw std::invalid_argument("station_map: stations: at least one expected");
  const Box box = grid_box(grid);
  const double middle_lat = 0.5 * (box.south + box.north), middle_lon = 0.5 * (box.west + box.east);
  const double shrink = std::cos(middle_lat * radians);
  const double reach_lat = reach_km / km_per_degree + 0.12, reach_lon = reach_lat / shrink;
  Box frame{middle_lon - reach_lon, middle_lon + reach_lon, middle_lat - reach_lat, middle_lat + reach_lat};

  Table station_table({"longitude_deg", "latitude_deg", "station", "network"});
  for (const data::Station& s : stations) {
    station_table.add_row(
        std::vector<std::string>{fmt::format("{:.5f}", s.longitude_deg), fmt::format("{:.5f}", s.latitude_deg),
                                 checked_name(s.code, "station"), checked_name(s.network, "network")});
    frame.include(s.longitude_deg - 0.15, s.latitude_deg - 0.1);
    frame.include(s.longitude_deg + 0.15, s.latitude_deg + 0.1);
  }
  Table nodes({"longitude_deg", "latitude_deg"});
  for (int i = 0; i < grid.latitude().count; ++i) {
    for (int j = 0; j < grid.longitude().count; ++j) {
      nodes.add_row(std::vector<double>{grid.longitude().value(j), grid.latitude().value(i)});
    }
  }
  Figure figure;
  figure.name = "map";
  figure.title = "Grid of sources, stations and mainshock (Figure 1)";
  figure.caption = fmt::format(
      "Small crosses: the {} epicentres of the training set, each at {} depths from {:g} to {:g} km. Triangles: the {} "
      "stations. "
      "{}Dashed: {:g} km from the middle of the grid.",
      grid.latitude().count * grid.longitude().count, grid.depth().count, grid.depth().value(0),
      grid.depth().value(grid.depth().count - 1), stations.size(), event ? "Star: the epicentre of the event. " : "",
      reach_km);
  figure.width_px = 820;
  figure.height_px = 800;
  figure.tables = {{"stations", station_table}, {"grid", nodes}, {"reach", reach_table(middle_lat, middle_lon)}};
  std::string event_item;
  if (event) {
    Table table({"longitude_deg", "latitude_deg"});
    table.add_row(std::vector<double>{event->longitude_deg, event->latitude_deg});
    figure.tables.emplace_back("event", table);
    event_item = fmt::format(
        ", \\\n     'map.event.tsv' using 1:2:('★') with labels font ',24' textcolor rgb '{}' notitle", our_color);
  }
  figure.commands = fmt::format(
      "unset key\nset xlabel 'longitude (degrees)'\nset ylabel 'latitude (degrees)'\nset xtics 0.5\nset ytics 0.5\n"
      "set xrange [{:.5g}:{:.5g}]\nset yrange [{:.5g}:{:.5g}]\nset size ratio {:.6g}\n"
      "set object 1 rectangle from {:.6g},{:.6g} to {:.6g},{:.6g} fillstyle empty border linecolor '{}' linewidth "
      "1.5\n{}"
      "plot 'map.reach.tsv' using 1:2 with lines dashtype 2 linecolor '#999999', \\\n"
      "     'map.grid.tsv' using 1:2 with points pointtype 1 pointsize 0.4 linecolor '{}', \\\n"
      "     'map.stations.tsv' using 1:2 with points pointtype 9 pointsize 1.6 linecolor '#222222', \\\n"
      "     '' using 1:2:3 with labels offset 0,-1.0{}",
      frame.west, frame.east, frame.south, frame.north,
      (frame.north - frame.south) / ((frame.east - frame.west) * shrink), box.west, box.south, box.east, box.north,
      second_color, scale_bar(frame, shrink), second_color, event_item);
  return figure;
}

}  // namespace fmnet
