#include "data/geodesy.h"

#include <fmt/format.h>

#include <GeographicLib/Geodesic.hpp>
#include <stdexcept>

namespace data {

namespace {

void refuse_outside(const char* argument, double value, double limit) {
  if (!(value >= -limit && value <= limit)) {
    throw std::invalid_argument(fmt::format("geodesic: {} = {}: must lie in {}..{}", argument, value, -limit, limit));
  }
}

double in_0_360(double angle_deg) {
  const double positive = angle_deg < 0.0 ? angle_deg + 360.0 : angle_deg + 0.0;
  return positive >= 360.0 ? positive - 360.0 : positive;
}

}  // namespace

Path geodesic(double source_latitude_deg, double source_longitude_deg, double station_latitude_deg,
              double station_longitude_deg) {
  refuse_outside("source_latitude_deg", source_latitude_deg, 90.0);
  refuse_outside("source_longitude_deg", source_longitude_deg, 180.0);
  refuse_outside("station_latitude_deg", station_latitude_deg, 90.0);
  refuse_outside("station_longitude_deg", station_longitude_deg, 180.0);
  double distance_m = 0.0, azimuth_at_source = 0.0, azimuth_at_station = 0.0;
  GeographicLib::Geodesic::WGS84().Inverse(source_latitude_deg, source_longitude_deg, station_latitude_deg,
                                           station_longitude_deg, distance_m, azimuth_at_source, azimuth_at_station);
  if (distance_m == 0.0) return {0.0, 0.0, 180.0};
  // GeographicLib gives the direction in which the path goes on beyond the station; the way back is the opposite one.
  return {distance_m / 1000.0, in_0_360(azimuth_at_source), in_0_360(azimuth_at_station + 180.0)};
}

}  // namespace data
