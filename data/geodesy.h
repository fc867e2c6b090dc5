// Distance and directions between two points of the WGS84 ellipsoid along the geodesic, by GeographicLib (Karney 2013; errors
// below 15 nm and 1e-10 degrees).
//
// The azimuth is the direction at the source towards the station, the back-azimuth the direction at the station towards the
// source, both clockwise from north in [0, 360). On the ellipsoid (and on a sphere) meridians converge, so the two do not
// differ by 180 degrees: over 100 km eastward at latitude 36 by 0.65 degrees.
#pragma once

namespace data {

struct Path {
  double distance_km, azimuth_deg, back_azimuth_deg;
};

// Latitudes -90..90, longitudes -180..180, degrees; anything else is refused (std::invalid_argument). Of two points at the same
// place the distance is 0, the azimuth 0 and the back-azimuth 180: "away from the source" is then north.
Path geodesic(double source_latitude_deg, double source_longitude_deg, double station_latitude_deg,
              double station_longitude_deg);

}  // namespace data
