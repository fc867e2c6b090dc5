// The vertical wavenumbers of P and S waves,
//
//   nu_alpha = sqrt(k^2 - (w / c_p)^2),   nu_beta = sqrt(k^2 - (w / c_s)^2),   Re nu >= 0.          (1)
//
// exp(-nu z) then decays (or travels) downwards: with w -> w - i sigma, sigma > 0, the radicand has a positive
// imaginary part wherever it is near the negative axis, Re nu > 0 strictly, and the branch is the principal one.
#pragma once

#include <complex>

#include "propagator/complex_lanes.h"

namespace propagator {

// k in 1/km; wavenumber2 = (w / c)^2 in 1/km2.
template <class C>
C vertical_wavenumber(const real_of<C>& k, std::complex<double> wavenumber2) {
  const real_of<C> k2 = k * k;
  return principal_sqrt(C(k2) - C(wavenumber2));  // (1)
}

}  // namespace propagator
