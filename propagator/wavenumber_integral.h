// The integral over horizontal wavenumber for many sources and distances, as matrix products.
//
// Which kernel U goes with which Bessel function (z = k x); m is the azimuthal order of the source:
//
//   m = 0      Z = sum U_Z J0    R = -sum U_R J1
//   m = 1, 2   Z = sum U_Z Jm    R = sum U_R J(m-1) - m (U_R + U_T) Jm/z    T = sum U_T J(m-1) - m (U_R + U_T) Jm/z    (1)
//
// where sum is (1) of wavenumber_grid.h. With Jm/z divided by x after the sum, a source of order 0 needs a sum over J0 and one
// over J1; one of order 1 two over J0 and two over J1; one of order 2 two over J1 and two over J2. The kernels of all source
// depths and of the frequencies of a chunk are columns (real and imaginary parts apart) of one matrix for each Bessel
// function, so that (1) for all distances is three products of real matrices,
//
//   S_m (distances x columns) = J_m (distances x k)  K_m (k x columns)                                     (2)
//
// taken over blocks of wavenumbers: the kernels of a block are computed, the Bessel functions of a block are computed
// (bessel.h: cheaper than to fetch them from memory), both stay in the cache, and S grows. Columns are ordered by vertical
// distance; those of deep sources end at smaller k, so each block multiplies only the leading columns that are left.
//
// Cost of (2): 2 multiply-adds per wavenumber, distance and complex column: 10 columns for the eight double-couple
// series, 12 with the explosion, 6 for single forces.
#pragma once

#include <Eigen/Core>
#include <complex>
#include <span>
#include <vector>

#include "propagator/surface_response.h"
#include "propagator/wavenumber_grid.h"

namespace propagator {

// Series of a set of sources, source by source: Z R T, or Z R at order 0.
int n_series(std::span<const PointSource> sources);

// What a chunk of frequencies sums up.
struct WavenumberSum {
  const LayerStack& stack;
  std::span<const PointSource> sources;
  std::span<const double> distances_km;
  std::span<const double> omega_rad_s;            // increasing
  const std::vector<std::vector<Medium>>& media;  // of each frequency
};

// (distances) x (columns (i_depth * n_frequencies + i_frequency) * n_series + i_series).
Eigen::ArrayXXcd sum_over_wavenumbers(const WavenumberGrid& grid, const WavenumberSum& sum);

// The definition: (1) for one frequency, source depth and distance, one wavenumber after the other.
std::vector<std::complex<double>> plain_sum(const WavenumberGrid& grid, const WavenumberSum& sum, int i_frequency,
                                            int i_depth, double distance_km);

}  // namespace propagator
