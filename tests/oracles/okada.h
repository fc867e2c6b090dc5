// Static displacement of the surface of a half-space by a point dislocation (Okada 1985, equations 8 to 10 for a point
// source). x along the strike, y to its left, z up; the fault dips to the right by delta; R^2 = x^2 + y^2 + d^2,
//
//   p = y cos delta + d sin delta,   q = y sin delta - d cos delta,   a = mu / (lambda + mu)
//
//   strike slip   u = -M0/(2 pi mu) (3 x^2 q/R^5 + I1 sin delta, 3 x y q/R^5 + I2 sin delta, 3 x d q/R^5 + I4 sin delta)
//   dip slip      u = -M0/(2 pi mu) (3 x p q/R^5 - I3 s c,       3 y p q/R^5 - I1 s c,       3 d p q/R^5 - I5 s c)
//   tensile       u =  M0/(2 pi mu) (3 x q^2/R^5 - I3 s^2,       3 y q^2/R^5 - I1 s^2,       3 d q^2/R^5 - I5 s^2)    (1)
//
//   I1 = a y (1/(R (R+d)^2) - x^2 (3R+d)/(R^3 (R+d)^3))     I2 = a x (1/(R (R+d)^2) - y^2 (3R+d)/(R^3 (R+d)^3))
//   I3 = a x/R^3 - I2      I4 = -a x y (2R+d)/(R^3 (R+d)^2)      I5 = a (1/(R (R+d)) - x^2 (2R+d)/(R^3 (R+d)^2))     (2)
//
// s = sin delta, c = cos delta. Left-lateral and thrust motion are positive. Lengths in one unit; no wavenumbers.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace oracles {

enum class Dislocation { strike_slip, dip_slip, tensile };

// mu u / M0.
inline std::array<double, 3> okada_point(Dislocation kind, double x, double y, double depth, double dip_rad,
                                         double mu_over_lambda_plus_mu) {
  const double d = depth, s = std::sin(dip_rad), c = std::cos(dip_rad), a = mu_over_lambda_plus_mu;
  const double R = std::hypot(x, y, d), R3 = R * R * R, R5 = R3 * R * R, Rd = R + d;
  const double p = y * c + d * s, q = y * s - d * c;
  const double I1 = a * y * (1.0 / (R * Rd * Rd) - x * x * (3.0 * R + d) / (R3 * Rd * Rd * Rd));  // (2)
  const double I2 = a * x * (1.0 / (R * Rd * Rd) - y * y * (3.0 * R + d) / (R3 * Rd * Rd * Rd));  // (2)
  const double I3 = a * x / R3 - I2;                                                              // (2)
  const double I4 = -a * x * y * (2.0 * R + d) / (R3 * Rd * Rd);                                  // (2)
  const double I5 = a * (1.0 / (R * Rd) - x * x * (2.0 * R + d) / (R3 * Rd * Rd));                // (2)
  const double f = 1.0 / (2.0 * std::numbers::pi);
  switch (kind) {  // (1)
    case Dislocation::strike_slip:
      return {-f * (3.0 * x * x * q / R5 + I1 * s), -f * (3.0 * x * y * q / R5 + I2 * s),
              -f * (3.0 * x * d * q / R5 + I4 * s)};
    case Dislocation::dip_slip:
      return {-f * (3.0 * x * p * q / R5 - I3 * s * c), -f * (3.0 * y * p * q / R5 - I1 * s * c),
              -f * (3.0 * d * p * q / R5 - I5 * s * c)};
    default:
      return {f * (3.0 * x * q * q / R5 - I3 * s * s), f * (3.0 * y * q * q / R5 - I1 * s * s),
              f * (3.0 * d * q * q / R5 - I5 * s * s)};
  }
}

}  // namespace oracles
