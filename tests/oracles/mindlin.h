// Static displacement of a half-space z > 0 (z down) with a free surface by a point force at depth c on the z axis (Mindlin 1936). With nu Poisson's ratio, R1 and R2 the distances from (0, 0, c) and from its mirror image
// (0, 0, -c), k = 3 - 4 nu, l = 4 (1 - nu) (1 - 2 nu) and s = R2 + z + c, 16 pi mu (1 - nu) u is for a force F along z
//
//   u_r = F r ((z-c)/R1^3 + k (z-c)/R2^3 - l/(R2 s) + 6 c z (z+c)/R2^5)
//   u_z = F (k/R1 + (8 (1-nu)^2 - k)/R2 + (z-c)^2/R1^3 + (k (z+c)^2 - 2 c z)/R2^3 + 6 c z (z+c)^2/R2^5)           (1)
//
// and for a force F along x
//
//   u_x = F (k/R1 + 1/R2 + x^2/R1^3 + k x^2/R2^3 + 2 c z (1 - 3 x^2/R2^2)/R2^3 + l (1 - x^2/(R2 s))/s)
//   u_y = F x y (1/R1^3 + k/R2^3 - 6 c z/R2^5 - l/(R2 s^2))
//   u_z = F x ((z-c)/R1^3 + k (z-c)/R2^3 - 6 c z (z+c)/R2^5 + l/(R2 s))                                         (2)
//
// c = z = 0 is Boussinesq's and Cerruti's problem; without the terms of R2, k/R1 and those of R1^3 are Kelvin's whole space. No
// wavenumbers.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace oracles {

// The series ZHF RHF THF ZVF RVF (Z up) at distance r: mu u / F, 1 / length. half_space false: the whole space.
inline std::array<double, 5> static_force_series(double r, double z, double c, double poisson, bool half_space) {
  const double k = 3.0 - 4.0 * poisson, l = 4.0 * (1.0 - poisson) * (1.0 - 2.0 * poisson);
  const double image = half_space ? 1.0 : 0.0;
  const double R1 = std::hypot(r, z - c), R2 = std::hypot(r, z + c), s = R2 + z + c;
  const double R13 = R1 * R1 * R1, R23 = R2 * R2 * R2, R25 = R23 * R2 * R2;
  const double down_r =
      r * ((z - c) / R13 + image * (k * (z - c) / R23 - l / (R2 * s) + 6.0 * c * z * (z + c) / R25));  // (1)
  const double down_z =
      k / R1 + (z - c) * (z - c) / R13 +
      image * ((8.0 * (1.0 - poisson) * (1.0 - poisson) - k) / R2 + (k * (z + c) * (z + c) - 2.0 * c * z) / R23 +
               6.0 * c * z * (z + c) * (z + c) / R25);  // (1)
  // (2) at x = r, y = 0 and, across the force, at x = 0.
  const double along_x = k / R1 + r * r / R13 +
                         image * (1.0 / R2 + k * r * r / R23 + 2.0 * c * z * (1.0 - 3.0 * r * r / (R2 * R2)) / R23 +
                                  l * (1.0 - r * r / (R2 * s)) / s);
  const double across_x = k / R1 + image * (1.0 / R2 + 2.0 * c * z / R23 + l / s);
  const double along_z = r * ((z - c) / R13 + image * (k * (z - c) / R23 - 6.0 * c * z * (z + c) / R25 + l / (R2 * s)));
  const double scale = 1.0 / (16.0 * std::numbers::pi * (1.0 - poisson));
  // T is clockwise: seen to the east of a force to the north it points south.
  return {-scale * along_z, scale * along_x, -scale * across_x, -scale * down_z, scale * down_r};
}

}  // namespace oracles
