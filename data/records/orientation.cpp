#include "data/records/orientation.h"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace data {
namespace {

constexpr double radian = std::numbers::pi / 180.0;

Eigen::RowVector3d direction(const Orientation& o) {
  const double a = o.azimuth_deg * radian, d = o.dip_deg * radian;
  return {std::cos(d) * std::sin(a), std::cos(d) * std::cos(a), -std::sin(d)};  // (1)
}

}  // namespace

Orientation orientation_from_sac(double cmpaz_deg, double cmpinc_deg) { return {cmpaz_deg, cmpinc_deg - 90.0}; }  // (3)

Eigen::ArrayX3d enz_from_components(const std::array<Eigen::ArrayXd, 3>& components,
                                    const std::array<Orientation, 3>& orientations) {
  const Eigen::Index n = components[0].size();
  Eigen::Matrix3d A;
  Eigen::MatrixX3d x(n, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    if (components[i].size() != n) {
      throw std::invalid_argument(fmt::format(
          "enz_from_components: components: {} and {} samples: expected equal lengths", n, components[i].size()));
    }
    A.row(static_cast<Eigen::Index>(i)) = direction(orientations[i]);
    x.col(static_cast<Eigen::Index>(i)) = components[i].matrix();
  }
  const double det = A.determinant();
  if (!(std::abs(det) >= 0.1)) {
    throw std::runtime_error(fmt::format(
        "directions of the three components do not span space: |det| = {:.3g}, must be at least 0.1", std::abs(det)));
  }
  const Eigen::Matrix3d inverse = A.inverse();
  return (x * inverse.transpose()).array();  // (2)
}

Eigen::ArrayX3d zrt_from_enz(const Eigen::ArrayX3d& enz, double back_azimuth_deg) {
  const double b = back_azimuth_deg * radian;
  Eigen::ArrayX3d zrt(enz.rows(), 3);
  zrt.col(0) = enz.col(2);
  zrt.col(1) = -enz.col(0) * std::sin(b) - enz.col(1) * std::cos(b);  // (4)
  zrt.col(2) = -enz.col(0) * std::cos(b) + enz.col(1) * std::sin(b);  // (4)
  return zrt;
}

double angle_between_deg(const Orientation& a, const Orientation& b) {
  return std::acos(std::clamp(direction(a).dot(direction(b)), -1.0, 1.0)) / radian;
}

std::string orientation_warning(const std::string& channel, const Orientation& orientation) {
  if (channel.empty()) return "";
  Orientation expected;
  switch (channel.back()) {
    case 'E':
      expected = {90.0, 0.0};
      break;
    case 'N':
      expected = {0.0, 0.0};
      break;
    case 'Z':
      expected = {0.0, -90.0};
      break;
    default:
      return "";
  }
  if (angle_between_deg(expected, orientation) <= 5.0) return "";
  return fmt::format("named {} but points to azimuth {:.1f}, dip {:.1f} (rotated by these)", channel,
                     orientation.azimuth_deg, orientation.dip_deg);
}

}  // namespace data
