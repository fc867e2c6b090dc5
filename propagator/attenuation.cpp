#include "propagator/attenuation.h"

#include <cmath>
#include <numbers>

namespace propagator {

std::complex<double> complex_velocity_km_s(double velocity_km_s, double quality, std::complex<double> omega) {
  if (std::isinf(quality)) return velocity_km_s;
  const std::complex<double> log_w = std::log(omega / (2.0 * std::numbers::pi));
  return velocity_km_s * (1.0 + (log_w / std::numbers::pi + std::complex<double>(0.0, 0.5)) / quality);  // (1)
}

Medium medium_at(const Layer& layer, AttenuationLaw law, std::complex<double> omega) {
  const std::complex<double> cp = complex_velocity_km_s(layer.vp_km_s, layer.q_p, omega);
  const std::complex<double> cs = complex_velocity_km_s(layer.vs_km_s, layer.q_s, omega);
  const bool real_modulus = law == AttenuationLaw::constant_q_real_shear_modulus;
  const double rho = layer.density_g_cm3;
  Medium medium;
  medium.k_alpha2 = (omega / cp) * (omega / cp);
  medium.k_beta2 = (omega / cs) * (omega / cs);
  medium.xi = (cs / cp) * (cs / cp);
  medium.mu = real_modulus ? rho * layer.vs_km_s * layer.vs_km_s : rho * cs * cs;                     // (2)
  const std::complex<double> L = real_modulus ? rho * layer.vp_km_s * layer.vp_km_s : rho * cp * cp;  // (2)
  medium.inverse_mu = 1.0 / medium.mu;
  medium.inverse_L = 1.0 / L;
  medium.mu_over_L = medium.mu / L;
  return medium;
}

}  // namespace propagator
