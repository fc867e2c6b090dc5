// Green's functions of a layered half-space: the ten fundamental seismograms of a point source.
//
// A moment tensor M (N m; x north, y east, z down) at depth h moves the ground at distance r and azimuth phi
// (clockwise from north, source to station) by
//
//   u_Z = ZDD (2Mzz-Mxx-Myy)/6 - ZDS (Mxz cos phi + Myz sin phi) - ZSS ((Mxx-Myy)/2 cos 2phi + Mxy sin 2phi)
//         + ZEX (Mxx+Myy+Mzz)/3                                                          (1)
//   u_R = the same with R                                                                (2)
//   u_T = TDS (-Mxz sin phi + Myz cos phi) + TSS (-(Mxx-Myy)/2 sin 2phi + Mxy cos 2phi)  (3)
//
// Z up, R away from the source, T clockwise seen from above. DD is the 45-degree dip slip, DS the vertical dip slip,
// SS the vertical strike slip, EX the explosion. Signs as in Zhu & Rivera (2002).
//
// Time series follow from the spectrum (spectra.h) at the complex frequencies w_j - i sigma, w_j = 2 pi j / T, by
//
//   g(t) = exp(sigma t) (1/T) sum_j H_j G(w_j - i sigma) exp(i w_j t)                    (4)
//
// H_j is a cosine taper over the upper part of the band and, where it has a lower end (min_frequency_hz), a rise there.
// sigma damps what lies beyond the window T, which (4) would otherwise wrap around into it, by exp(-sigma T). The time of the
// first sample of the window is some samples before the first output sample, so that the precursors of the band limit do not
// wrap to its end, where (4) would amplify them.
//
// G belongs to a unit impulse of moment: g is also the ground velocity for a moment step. The displacement u for a
// step has the spectrum
//
//   U_j = G(w_j - i sigma) / (i (w_j - i sigma))                                         (5)
//
// Its static offset never ends, and (4) wraps it around: u then stands on the constant offset / (exp(sigma T) - 1)
// from the first sample on. The mean of the first half of the lead, before any wave, is that constant; it is taken
// off. (To integrate g over time instead would sum up the precursors that (4) has amplified.)
//
// Hence the defaults: an impulse has no lead and sigma T = 2 as in Zhu & Rivera's program, a step a lead and sigma T = 4. Both
// windows are lengthened where late waves would wrap around (window_s = 0); fk_settings has the plain window of that program,
// so that it compares with it sample by sample.
//
// A single force F (N; north, east, down) moves the ground by
//
//   u_Z = (F_x cos phi + F_y sin phi) ZHF + F_z ZVF,   u_R the same with R,   u_T = (F_x sin phi - F_y cos phi) THF    (6)
#pragma once

#include <Eigen/Core>
#include <vector>

#include "propagator/spectra.h"

namespace propagator {

// The order of the series of a moment tensor; a double couple has the first eight.
enum class Fundamental { ZSS, RSS, TSS, ZDS, RDS, TDS, ZDD, RDD, ZEX, REX };
inline constexpr int n_fundamentals = 10;

// The order of the series of a single force.
enum class ForceSeries { ZHF, RHF, THF, ZVF, RVF };

// The discretisation of the program fk (Zhu & Rivera 2002) at its defaults: step 0.3 pi / max(distance, depth), limit
// 15 / depth, sigma T = 2, taper 0.3, real shear modulus, no lead, the window no longer than the output samples, but for rounding
// up to a fast length of the Fourier transform (time_window.h).
GreensSettings fk_settings(int n_samples, double dt_s, double first_sample_s);

// Series at one (source depth, distance): n_samples x series. The columns are, as settings.excitation asks, the first eight of
// Fundamental (double_couple), all ten (moment_tensor) or the five of ForceSeries (single_force). For a step the
// displacement, m per N m or m per N; for an impulse of 1 N m s or 1 N s the displacement too, which is the velocity of a step:
// m/s per N m or m/s per N.
struct GreensFunctions {
  double source_depth_km;
  double distance_km;
  double dt_s;
  double first_sample_s;
  Eigen::ArrayXXd series;

  // Estimate of the error (error_estimate.h): L2 over the samples of the worst series, relative to the largest one.
  double error = 0.0;
};

// All pairs of a source depth (0 to 10,000 km, any order) and a distance (0.001 to 100,000 km): result [i_depth * n_distances +
// i_distance].
// Throws std::invalid_argument for settings, depths or distances out of range, and for what greens_limits.h tells;
// std::runtime_error, with the place, where a number is not finite.
std::vector<GreensFunctions> compute_greens_functions(const LayeredModel& model,
                                                      const std::vector<double>& source_depths_km,
                                                      const std::vector<double>& distances_km,
                                                      const GreensSettings& settings, const Progress& progress = {});

}  // namespace propagator
