// Displacement of a point moment tensor in a homogeneous whole space, in closed form (Aki & Richards 2002, equation 4.29, in
// the frequency domain). With g_c(r) = exp(-i w r / c) / r, Green's tensor and the displacement are
//
//   G_np = (1 / (4 pi rho w^2)) ( (w/beta)^2 delta_np g_beta + d_n d_p (g_beta - g_alpha) )      (1)
//   u_n  = -M_pq d_q G_np                                                                        (2)
//
// for a moment impulse. The derivatives of a function of r alone, f(r), with direction cosines gamma:
//
//   d_i d_j d_k f = gamma_i gamma_j gamma_k (f''' - 3 f''/r + 3 f'/r^2)
//                   + (delta_ij gamma_k + delta_ik gamma_j + delta_jk gamma_i)(f''/r - f'/r^2)   (3)
//
// x north, y east, z down; km, km/s, g/cm3, N m; result in m s. No Hankel transform and no layers: a route of its own.
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

namespace oracles {

using Complex = std::complex<double>;
using Tensor3 = std::array<std::array<double, 3>, 3>;

struct WholeSpace {
  double vp_km_s, vs_km_s, density_g_cm3;
};

// offset_km: receiver minus source.
inline std::array<Complex, 3> displacement_spectrum(const WholeSpace& medium, const Tensor3& M,
                                                    const std::array<double, 3>& offset_km, Complex omega) {
  const double r = std::hypot(offset_km[0], offset_km[1], offset_km[2]);
  const std::array<double, 3> gamma = {offset_km[0] / r, offset_km[1] / r, offset_km[2] / r};
  // g and its first three derivatives.
  const auto derivatives = [r, omega](double c) {
    const Complex a = Complex(0.0, -1.0) * omega / c;
    const Complex g = std::exp(a * r) / r;
    const Complex g1 = g * (a - 1.0 / r);
    const Complex g2 = g * (a * a - 2.0 * a / r + 2.0 / (r * r));
    const Complex g3 = g * (a * a * a - 3.0 * a * a / r + 6.0 * a / (r * r) - 6.0 / (r * r * r));
    return std::array<Complex, 4>{g, g1, g2, g3};
  };
  const std::array<Complex, 4> s = derivatives(medium.vs_km_s);
  const std::array<Complex, 4> p = derivatives(medium.vp_km_s);
  const Complex f1 = s[1] - p[1];
  const Complex f2 = s[2] - p[2];
  const Complex f3 = s[3] - p[3];
  const Complex all = f3 - 3.0 * f2 / r + 3.0 * f1 / (r * r);
  const Complex pair = f2 / r - f1 / (r * r);
  const Complex kb2 = omega * omega / (medium.vs_km_s * medium.vs_km_s);
  std::array<Complex, 3> u{};
  for (std::size_t n = 0; n < 3; ++n) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t q = 0; q < 3; ++q) {
        const double deltas = (n == i) * gamma[q] + (n == q) * gamma[i] + (i == q) * gamma[n];
        const Complex third = gamma[n] * gamma[i] * gamma[q] * all + deltas * pair;  // (3)
        const Complex dG = third + (n == i ? kb2 * gamma[q] * s[1] : Complex(0.0));  // (1)
        u[n] -= M[i][q] * dG;                                                        // (2)
      }
    }
  }
  const Complex scale = 1e-15 / (4.0 * std::numbers::pi * medium.density_g_cm3 * omega * omega);
  for (Complex& component : u) component *= scale;
  return u;
}

// The ten fundamental series (order of propagator::Fundamental: ZSS RSS TSS ZDS RDS TDS ZDD RDD ZEX REX) at a receiver at
// horizontal distance x and height z above the source, each from the tensor that excites it alone.
inline std::array<Complex, 10> fundamental_spectra(const WholeSpace& medium, double x_km, double height_km,
                                                   Complex omega) {
  const std::array<double, 3> offset = {x_km, 0.0, -height_km};
  const auto u = [&](const Tensor3& M) { return displacement_spectrum(medium, M, offset, omega); };
  const std::array<Complex, 3> ss = u({{{-1, 0, 0}, {0, 1, 0}, {0, 0, 0}}});
  const std::array<Complex, 3> ss_t = u({{{0, 1, 0}, {1, 0, 0}, {0, 0, 0}}});
  const std::array<Complex, 3> ds = u({{{0, 0, -1}, {0, 0, 0}, {-1, 0, 0}}});
  const std::array<Complex, 3> ds_t = u({{{0, 0, 0}, {0, 0, 1}, {0, 1, 0}}});
  const std::array<Complex, 3> dd = u({{{-1, 0, 0}, {0, -1, 0}, {0, 0, 2}}});
  const std::array<Complex, 3> ex = u({{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}});
  return {-ss[2], ss[0], ss_t[1], -ds[2], ds[0], ds_t[1], -dd[2], dd[0], -ex[2], ex[0]};
}

// A unit force impulse: u_n = G_np f_p of (1), with d_i d_j f = gamma_i gamma_j (f'' - f'/r) + delta_ij f'/r. m s per N.
inline std::array<Complex, 3> force_spectrum(const WholeSpace& medium, const std::array<double, 3>& force,
                                             const std::array<double, 3>& offset_km, Complex omega) {
  const double r = std::hypot(offset_km[0], offset_km[1], offset_km[2]);
  const auto derivatives = [r, omega](double c) {
    const Complex a = Complex(0.0, -1.0) * omega / c;
    const Complex g = std::exp(a * r) / r;
    return std::array<Complex, 3>{g, g * (a - 1.0 / r), g * (a * a - 2.0 * a / r + 2.0 / (r * r))};
  };
  const std::array<Complex, 3> s = derivatives(medium.vs_km_s);
  const std::array<Complex, 3> p = derivatives(medium.vp_km_s);
  const Complex f1 = (s[1] - p[1]) / r;
  const Complex f2 = s[2] - p[2];
  const Complex kb2 = omega * omega / (medium.vs_km_s * medium.vs_km_s);
  std::array<Complex, 3> u{};
  for (std::size_t n = 0; n < 3; ++n) {
    for (std::size_t i = 0; i < 3; ++i) {
      const Complex second = offset_km[n] * offset_km[i] / (r * r) * (f2 - f1) + (n == i ? f1 : Complex(0.0));
      u[n] += force[i] * (second + (n == i ? kb2 * s[0] : Complex(0.0)));  // (1)
    }
    u[n] *= 1e-12 / (4.0 * std::numbers::pi * medium.density_g_cm3 * omega * omega);
  }
  return u;
}

// The five series of single forces (order of propagator::ForceSeries: ZHF RHF THF ZVF RVF).
inline std::array<Complex, 5> force_spectra(const WholeSpace& medium, double x_km, double height_km, Complex omega) {
  const std::array<Complex, 3> north = force_spectrum(medium, {1, 0, 0}, {x_km, 0.0, -height_km}, omega);
  const std::array<Complex, 3> down = force_spectrum(medium, {0, 0, 1}, {x_km, 0.0, -height_km}, omega);
  // T of the force to the north, seen to the east, is its north component with the sign of sin phi = 1: T points south.
  const std::array<Complex, 3> east_of_it = force_spectrum(medium, {1, 0, 0}, {0.0, x_km, -height_km}, omega);
  return {-north[2], north[0], -east_of_it[0], -down[2], down[0]};
}

}  // namespace oracles
