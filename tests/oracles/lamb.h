// Lamb's problem: a vertical force steps up at the surface of a half-space with Poisson's ratio 1/4; the vertical displacement of
// the surface at distance r in closed form (Pekeris 1955; Mooney 1974). With tau = beta t / r, mu the shear modulus and
// gamma^2 = (3 + sqrt 3)/4 (the Rayleigh wave arrives at tau = gamma),
//
//   u = F / (32 pi mu r) w(tau),   w = 0                                                      tau < 1/sqrt 3
//   w = 6 - sqrt 3 / sqrt(tau^2 - 1/4) - sqrt(3 sqrt 3 + 5) / sqrt(gamma^2 - tau^2)
//         + sqrt(3 sqrt 3 - 5) / sqrt(tau^2 + sqrt 3/4 - 3/4)                                 1/sqrt 3 < tau < 1
//   w = 12 - 2 sqrt(3 sqrt 3 + 5) / sqrt(gamma^2 - tau^2)                                     1 < tau < gamma
//   w = 12                                                                                    tau > gamma                (1)
//
// positive along the force. The singularity at gamma is integrable: smoothed() is (1) convolved with a Gaussian, by the midpoint
// rule in theta where tau = gamma sin(theta) up to gamma.
#pragma once

#include <cmath>
#include <numbers>

namespace oracles {

inline double lamb_w(double tau) {
  const double root3 = std::sqrt(3.0);
  const double gamma2 = (3.0 + root3) / 4.0;
  if (tau * tau > gamma2) return 12.0;
  if (tau > 1.0) return 12.0 - 2.0 * std::sqrt(3.0 * root3 + 5.0) / std::sqrt(gamma2 - tau * tau);
  if (tau * root3 <= 1.0) return 0.0;
  return 6.0 - root3 / std::sqrt(tau * tau - 0.25) - std::sqrt(3.0 * root3 + 5.0) / std::sqrt(gamma2 - tau * tau) +
         std::sqrt(3.0 * root3 - 5.0) / std::sqrt(tau * tau + root3 / 4.0 - 0.75);
}

// 32 pi mu r u / F at the time tau after smoothing with a Gaussian of standard deviation width (both in units of r / beta).
inline double smoothed_lamb_w(double tau, double width) {
  const double gamma = std::sqrt((3.0 + std::sqrt(3.0)) / 4.0);
  constexpr int n = 20000;
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    const double theta = 0.5 * std::numbers::pi * (i + 0.5) / n;
    const double s = gamma * std::sin(theta);
    const double x = (tau - s) / width;
    sum += lamb_w(s) * gamma * std::cos(theta) * std::exp(-0.5 * x * x);
  }
  sum *= 0.5 * std::numbers::pi / n / (width * std::sqrt(2.0 * std::numbers::pi));
  return sum + 12.0 * 0.5 * std::erfc((gamma - tau) / (width * std::sqrt(2.0)));  // constant beyond gamma
}

}  // namespace oracles
