#include "propagator/focal_mechanism.h"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "propagator/errors.h"

namespace propagator {

namespace {

constexpr double deg = std::numbers::pi / 180.0;

// Below this a direction counts as exactly horizontal, or a rake as exactly +-90 (rounding leaves some 1e-16).
constexpr double negligible = 1e-12;

// How far vectors may be from unit length and from perpendicular.
constexpr double rounding_of_vectors = 1e-9;

struct CosSin {
  double cos, sin;
};

// Exact at multiples of 90 degrees, where cos(x pi / 180) is not.
CosSin cos_sin_deg(double angle_deg) {
  int quadrant = 0;
  const double rest = std::remquo(angle_deg, 90.0, &quadrant) * deg;
  const double c = std::cos(rest);
  const double s = std::sin(rest);
  switch (quadrant & 3) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

double wrapped_to_360(double angle_deg) {
  const double wrapped = std::fmod(angle_deg, 360.0);
  const double positive = wrapped < 0.0 ? wrapped + 360.0 : wrapped + 0.0;
  return positive >= 360.0 ? 0.0 : positive;  // a tiny negative angle rounds up to 360
}

// At dip 90 the name whose strike lies in [0, 180).
FocalMechanism with_small_strike_if_vertical(const FocalMechanism& m) {
  if (m.dip_deg < 90.0 || m.strike_deg < 180.0) return m;
  return {m.strike_deg - 180.0, 90.0, 0.0 - m.rake_deg};  // -0 would be printed
}

// The axes (5) as columns: a right-handed frame.
Eigen::Matrix3d axes_tpn(const FocalMechanism& mechanism) {
  const auto [d, n] = slip_and_normal(mechanism);
  Eigen::Matrix3d axes;
  axes.col(0) = (n + d) * std::numbers::sqrt2 / 2.0;  // (5)
  axes.col(1) = (n - d) * std::numbers::sqrt2 / 2.0;  // (5)
  axes.col(2) = axes.col(0).cross(axes.col(1));       // (5)
  return axes;
}

void refuse_unless_perpendicular_units(const Eigen::Vector3d& slip, const Eigen::Vector3d& normal) {
  const auto refuse_unless = [](bool good, const char* quantity, double value, const char* expected) {
    if (!good) {
      throw std::invalid_argument(fmt::format("mechanism_from_vectors: {} = {}: {}", quantity, value, expected));
    }
  };
  refuse_unless(std::abs(slip.norm() - 1.0) <= rounding_of_vectors, "length of slip", slip.norm(), "must be 1");
  refuse_unless(std::abs(normal.norm() - 1.0) <= rounding_of_vectors, "length of normal", normal.norm(), "must be 1");
  refuse_unless(std::abs(slip.dot(normal)) <= rounding_of_vectors, "slip . normal", slip.dot(normal),
                "must be 0 (perpendicular)");
}

AxisDirection downward_direction(const Eigen::Vector3d& axis) {
  const Eigen::Vector3d down = axis.z() < 0.0 ? Eigen::Vector3d(-axis) : axis;
  const double horizontal = std::hypot(down.x(), down.y());
  const double azimuth_deg = horizontal < negligible ? 0.0 : std::atan2(down.y(), down.x()) / deg;
  return {wrapped_to_360(azimuth_deg), std::atan2(down.z(), horizontal) / deg};
}

}  // namespace

FocalMechanism checked_mechanism(const FocalMechanism& m, const char* function) {
  if (!std::isfinite(m.strike_deg)) {
    throw std::invalid_argument(fmt::format("{}: strike_deg = {}: must be finite", function, m.strike_deg));
  }
  if (!(m.dip_deg >= 0.0 && m.dip_deg <= 90.0)) {
    throw std::invalid_argument(fmt::format("{}: dip_deg = {}: must lie in 0..90", function, m.dip_deg));
  }
  if (!(m.rake_deg >= -180.0 && m.rake_deg <= 180.0)) {
    throw std::invalid_argument(fmt::format("{}: rake_deg = {}: must lie in -180..180", function, m.rake_deg));
  }
  return {wrapped_to_360(m.strike_deg), m.dip_deg + 0.0, m.rake_deg + 0.0};  // -0 becomes 0
}

SlipAndNormal slip_and_normal(const FocalMechanism& mechanism) {
  const FocalMechanism m = checked_mechanism(mechanism, "slip_and_normal");
  const auto [cos_phi, sin_phi] = cos_sin_deg(m.strike_deg);
  const auto [cos_delta, sin_delta] = cos_sin_deg(m.dip_deg);
  const auto [cos_lambda, sin_lambda] = cos_sin_deg(m.rake_deg);
  const Eigen::Vector3d s(cos_phi, sin_phi, 0.0);                                  // (1)
  const Eigen::Vector3d u(cos_delta * sin_phi, -cos_delta * cos_phi, -sin_delta);  // (2)
  const Eigen::Vector3d n(-sin_delta * sin_phi, sin_delta * cos_phi, -cos_delta);  // (4)
  return {s * cos_lambda + u * sin_lambda, n};                                     // (3)
}

FocalMechanism mechanism_from_vectors(const Eigen::Vector3d& slip, const Eigen::Vector3d& normal) {
  refuse_unless_perpendicular_units(slip, normal);
  const double sign = normal.z() > negligible ? -1.0 : 1.0;
  const Eigen::Vector3d n = sign * normal;
  const Eigen::Vector3d d = sign * slip;
  // Strike and dip from (4); of a horizontal plane, from the slip.
  const double sin_delta = std::hypot(n.x(), n.y());
  if (sin_delta < negligible) return {wrapped_to_360(std::atan2(d.y(), d.x()) / deg), 0.0, 0.0};
  const double cos_phi = n.y() / sin_delta;
  const double sin_phi = -n.x() / sin_delta;
  const double cos_delta = std::abs(n.z()) <= negligible ? 0.0 : -n.z();
  // Rake from (3): the components of the slip along the strike and up the dip.
  const Eigen::Vector3d s(cos_phi, sin_phi, 0.0);                                  // (1)
  const Eigen::Vector3d u(cos_delta * sin_phi, -cos_delta * cos_phi, -sin_delta);  // (2)
  return {wrapped_to_360(std::atan2(sin_phi, cos_phi) / deg), std::atan2(sin_delta, cos_delta) / deg,
          std::atan2(d.dot(u), d.dot(s)) / deg + 0.0};
}

FocalMechanism auxiliary_plane(const FocalMechanism& mechanism) {
  const auto [d, n] = slip_and_normal(checked_mechanism(mechanism, "auxiliary_plane"));
  return mechanism_from_vectors(n, d);
}

FocalMechanism canonical_plane(const FocalMechanism& mechanism) {
  const FocalMechanism m = checked_mechanism(mechanism, "canonical_plane");
  const FocalMechanism auxiliary = auxiliary_plane(m);
  // sin delta cos lambda has the same size and the opposite sign on the two planes (it is the vertical part of N).
  const double decides = cos_sin_deg(m.dip_deg).sin * cos_sin_deg(m.rake_deg).cos;
  if (decides > negligible) return with_small_strike_if_vertical(m);
  if (decides < -negligible) return with_small_strike_if_vertical(auxiliary);
  // Pure dip slip: the steeper plane, then the smaller strike.
  FocalMechanism first = with_small_strike_if_vertical(m);
  FocalMechanism second = with_small_strike_if_vertical(auxiliary);
  const bool as_steep = std::abs(first.dip_deg - second.dip_deg) < 1e-9;
  if (as_steep ? second.strike_deg < first.strike_deg : second.dip_deg > first.dip_deg) std::swap(first, second);
  first.rake_deg = std::copysign(90.0, first.rake_deg);
  return first;
}

double kagan_angle_deg(const FocalMechanism& a, const FocalMechanism& b) {
  const Eigen::Matrix3d A = axes_tpn(checked_mechanism(a, "kagan_angle_deg"));
  const Eigen::Matrix3d B = axes_tpn(checked_mechanism(b, "kagan_angle_deg"));
  const Eigen::Matrix3d rotation = A.transpose() * B;
  Eigen::Vector4d q = Eigen::Quaterniond(rotation).coeffs().cwiseAbs();
  Eigen::Index m = 0;
  const double q_m = q.maxCoeff(&m);
  q(m) = 0.0;
  return 2.0 * std::atan2(q.norm(), q_m) / deg;  // (6)
}

PrincipalAxes principal_axes(const FocalMechanism& mechanism) {
  const Eigen::Matrix3d axes = axes_tpn(checked_mechanism(mechanism, "principal_axes"));
  return {downward_direction(axes.col(0)), downward_direction(axes.col(1)), downward_direction(axes.col(2))};
}

FocalMechanism parse_focal_mechanism(const std::string& text, const std::string& source) {
  double angles[3] = {0.0, 0.0, 0.0};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 3; ++i) {
    const auto [stop, error] = std::from_chars(at, end, angles[i]);
    const bool separated = i < 2 ? stop != end && *stop == '/' : stop == end;
    if (error != std::errc() || !separated) {
      throw InputError(source, "", "mechanism", text,
                       "must be strike/dip/rake in degrees, for example 230.8/82.8/-9.4");
    }
    at = i < 2 ? stop + 1 : stop;
  }
  const auto refuse_outside = [&](const char* field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw InputError(source, "mechanism " + text, field, fmt::format("{}", value),
                       fmt::format("must lie in {}..{} degrees", low, high));
    }
  };
  refuse_outside("strike", angles[0], -360.0, 360.0);
  refuse_outside("dip", angles[1], 0.0, 90.0);
  refuse_outside("rake", angles[2], -180.0, 180.0);
  return checked_mechanism({angles[0], angles[1], angles[2]}, "parse_focal_mechanism");
}

}  // namespace propagator
