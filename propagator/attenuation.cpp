#include "propagator/attenuation.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace propagator {

namespace {

void check_omega(const char* function, std::complex<double> omega) {
  if (!(std::isfinite(omega.real()) && std::isfinite(omega.imag())) || omega == 0.0) {
    throw std::invalid_argument(
        fmt::format("{}: omega = {} + {} i: expected finite and not zero", function, omega.real(), omega.imag()));
  }
}

}  // namespace

std::complex<double> complex_velocity_km_s(double velocity_km_s, double quality, std::complex<double> omega) {
  check_omega("complex_velocity_km_s", omega);
  if (!(velocity_km_s > 0.0 && std::isfinite(velocity_km_s))) {
    throw std::invalid_argument(
        fmt::format("complex_velocity_km_s: velocity_km_s = {}: expected positive and finite", velocity_km_s));
  }
  if (!(quality > 0.0)) {
    throw std::invalid_argument(
        fmt::format("complex_velocity_km_s: quality = {}: expected positive (inf: elastic)", quality));
  }
  if (std::isinf(quality)) return velocity_km_s;
  const std::complex<double> log_w = std::log(omega / (2.0 * std::numbers::pi));
  return velocity_km_s * (1.0 + (log_w / std::numbers::pi + std::complex<double>(0.0, 0.5)) / quality);  // (1)
}

Medium medium_at(const Layer& layer, AttenuationLaw law, std::complex<double> omega) {
  check_omega("medium_at", omega);
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
