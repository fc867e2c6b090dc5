// Bessel functions J0, J1, J2 at wavenumber x distance.
//
// Definition: J0 and J1 of the C library (absolute error a few 1e-16), and
//
//   J2(z) = 2 J1(z) / z - J0(z)                                     z > 1                            (1)
//   J2(z) = (z/2)^2 sum_m (-z^2/4)^m / (m! (m+2)!)                  z <= 1                           (2)
//
// (1) would cancel at small z: at z = 1 it loses a factor 7. Claimed: absolute error below 2e-15 for 0 <= z <= 1e5.
//
// Fast form: on every interval [i, i+1), 1 <= i < 2048, J0 and J1 are polynomials of degree 11 in u = 2 (z - i) - 1, from
// their values at the 12 Chebyshev points. All derivatives of J0 and J1 are at most 1, so the interpolation errs by no more
// than 2 (1/4)^12 / 12! = 2.5e-16. Outside of that range the definition is called. The same claim of 2e-15 holds.
//
// Cost: 24 multiply-adds and a division for J0, J1, J2 together, 5-7 ns; the definition takes about 100 ns. The polynomials
// are made at the first use in 3 ms and take 393 KB.
#pragma once

#include <Eigen/Core>
#include <span>

namespace propagator {

struct BesselValues {
  double j0, j1, j2;
};

// The definition. z >= 0, std::invalid_argument otherwise.
BesselValues bessel_j012(double z);

// Each n_distances x n_wavenumbers.
struct BesselBlock {
  Eigen::MatrixXd j0, j1, j2;
};

// The fast form at x_km[i] * k_per_km[j], into a block of the caller, which is made as large as needed.
void bessel_block(std::span<const double> k_per_km, std::span<const double> x_km, BesselBlock& block);

}  // namespace propagator
