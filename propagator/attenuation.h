// Attenuation as complex velocities.
//
// With Q independent of frequency, causality demands dispersion (Aki & Richards 2002, section 5.5). With the Fourier sign
// f(t) = (1/2pi) int F(w) exp(+i w t) dw, waves exp(-i w x / c) decay when Im c > 0:
//
//   c(w) = c0 (1 + (ln(w / w0) / pi + i/2) / Q)                                        (1)
//
// c0 is the velocity in the model table, taken at the reference frequency w0 = 2 pi 1 Hz. w may be complex (w - i sigma,
// the damping of the time window): the law is analytic, and is continued, not sampled. It is of first order in 1 / Q and falls
// through zero at w0 exp(-pi Q): greens_limits.h says from which frequency on it is used.
//
// Two forms of the elastic constants go with it:
//
//   constant_q                      mu = rho c_s(w)^2,  lambda + 2 mu = rho c_p(w)^2                    (2)
//   constant_q_real_shear_modulus   mu = rho vs^2 real, also at the source; (1) enters only the wavenumbers w / c.
//
// The first is what a viscoelastic solid is; the second is the form of Zhu & Rivera's program fk, kept to compare with it.
// They differ by 0.2-0.5 % (L2) for Qs = 300.
#pragma once

#include <complex>

#include "propagator/layered_model.h"

namespace propagator {

enum class AttenuationLaw { constant_q, constant_q_real_shear_modulus };

// Equation (1). velocity_km_s positive; quality positive, infinite: elastic; omega in rad/s, finite and not zero. Both functions
// throw std::invalid_argument otherwise.
std::complex<double> complex_velocity_km_s(double velocity_km_s, double quality, std::complex<double> omega);

// What the equations of motion need of a layer at one frequency, with the quotients that would else be taken again at every wavenumber.
// Stress is in g/cm3 (km/s)2 = 1e9 Pa. L is the lambda + 2 mu that the source term uses.
struct Medium {
  std::complex<double> mu;        // shear modulus
  std::complex<double> k_alpha2;  // (w / c_p)^2, 1/km2
  std::complex<double> k_beta2;   // (w / c_s)^2, 1/km2
  std::complex<double> xi;        // k_alpha2 / k_beta2 = (c_s / c_p)^2
  std::complex<double> inverse_mu;
  std::complex<double> inverse_L;
  std::complex<double> mu_over_L;
};

Medium medium_at(const Layer& layer, AttenuationLaw law, std::complex<double> omega);

}  // namespace propagator
