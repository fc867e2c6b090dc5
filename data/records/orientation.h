// From the directions in which a station's three sensors point to east, north and up.
//
// A component of azimuth a (clockwise from north) and dip d (down from the horizontal, SEED: a vertical component that is
// positive upwards has dip -90) records
//
//   x = e cos d sin a + n cos d cos a - z sin d                                                                (1)
//
// of the ground motion (e, n, z). Three components are three such rows, x = A (e, n, z), so
//
//   (e, n, z) = A^-1 x                                                                                         (2)
//
// whatever the sensors are called and wherever they point, as long as |det A| >= 0.1 (unit rows; 1 for orthogonal sensors;
// below, two of them point in nearly one direction and noise would be amplified more than tenfold).
// SAC's cmpinc is counted from the vertical: cmpinc = d + 90.                                                  (3)
#pragma once

#include <Eigen/Core>
#include <array>
#include <string>

namespace data {

struct Orientation {
  double azimuth_deg = 0.0, dip_deg = 0.0;
  bool operator==(const Orientation&) const = default;
};

Orientation orientation_from_sac(double cmpaz_deg, double cmpinc_deg);  // equation (3)

// Series of equal length along the three directions -> columns east, north, up (n x 3).
// Throws std::invalid_argument for series of different length, std::runtime_error where |det A| < 0.1.
Eigen::ArrayX3d enz_from_components(const std::array<Eigen::ArrayXd, 3>& components,
                                    const std::array<Orientation, 3>& orientations);

// Radial (away from the source) and transverse (clockwise seen from above: to the right of the radial direction) from east
// and north, with the back-azimuth b at the station:
//
//   R = -e sin b - n cos b,   T = -e cos b + n sin b                                                           (4)
Eigen::ArrayX3d zrt_from_enz(const Eigen::ArrayX3d& enz, double back_azimuth_deg);

// Angle between two directions, 0 to 180 degrees.
double angle_between_deg(const Orientation& a, const Orientation& b);

// A sentence where the last letter of the channel (E, N or Z) is more than 5 degrees from where the sensor points, else "".
std::string orientation_warning(const std::string& channel, const Orientation& orientation);

}  // namespace data
