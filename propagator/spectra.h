// Spectra of Green's functions at complex frequencies, before they become series in time (greens_functions.h).
//
// One frequency w - i sigma at a time, each of the series is a sum over wavenumbers (wavenumber_integral.h) of kernels
// (surface_response.h) times Bessel functions (bessel.h), G(w - i sigma) for a unit impulse of moment or force.
//
// Speed: chunks of 4 to 16 neighbouring frequencies share one grid of wavenumbers and hence their Bessel functions, and the
// sum over k for all depths and distances is a product of matrices. One sweep of the layer stack serves all depths. Chunks are
// shared out among threads, each whole to one thread, and every number is one chain of multiply-adds (block_product.h): the
// same bits for any number of threads and any vector width.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "propagator/greens_settings.h"

namespace propagator {

// Told from one thread at a time with increasing fractions; what it throws ends the computation and reaches the caller.
using Progress = std::function<void(double fraction_done)>;

// The frequencies w_j - i sigma.
struct ComplexFrequencies {
  std::vector<double> omega_rad_s;  // w_j: at least one, >= 0, finite, not decreasing
  double sigma_rad_s;               // > 0
  double longest_time_s;            // > 0: the step of wavenumbers serves what comes until then
};

// G(w - i sigma) without taper, the transform of m/s, in m per N m or m per N: result [i_depth * n_distances + i_distance] has
// n_frequencies rows and a column for each series that settings.excitation asks for (greens_settings.h).
// Throws std::invalid_argument for arguments out of range, and for what greens_limits.h tells; std::runtime_error, with the
// place, where a number is not finite.
std::vector<Eigen::ArrayXXcd> compute_spectra(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                              const std::vector<double>& distances_km,
                                              const ComplexFrequencies& frequencies, const GreensSettings& settings,
                                              const Progress& progress = {});

// Displacement long after a step of moment or force, in the elastic medium: G(w -> 0), per (depth, distance) the series of
// settings.excitation, m per N m or m per N. It is G(-i sigma) for a moment and, where a term linear in sigma remains (waves
// that have gone by shift the whole neighbourhood), 2 G(-i sigma) - G(-2 i sigma) for a force; either errs by some 1e-8 beside
// the tolerance. Of the settings only the source, the receiver, the side of interfaces, the free surface, the tolerance and
// the threads count.
std::vector<Eigen::ArrayXd> static_displacements(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                                 const std::vector<double>& distances_km,
                                                 const GreensSettings& settings);

}  // namespace propagator
