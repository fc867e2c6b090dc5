// How far Green's functions are from exact ones of the same model and band.
//
// Sum over wavenumbers. At a few frequencies (0, 1, 2, 4, 8 ... of the window, and the last) and distances (nearest,
// farthest and some between) all source depths are summed again at a hundredth of the tolerance: smaller steps, higher and
// wider limits. The difference e(w - i sigma) is the error of the first sum to a per cent or so. The series in time are
// damped by exp(-sigma t) when they are summed and undamped at the end, so by Parseval's theorem
//
//   ||e||_2 <= exp(sigma t_end) sqrt( 2 / (T dt) sum_j |F_j e_j|^2 )                                        (1)
//
// with t_end the time of the last output sample and F_j the factors of time_window.h (1); between the frequencies that
// were taken |F e|^2 is interpolated linearly.
//
// Window, late: waves after the window's end come back into it weakened by exp(-sigma T). What is left in the last eighth of
// the window tells how strong they are:
//
//   ||w||_2 <= sqrt(n) rms(last eighth) exp(-sigma T) / (1 - exp(-sigma T))                                 (2)
//
// for a step rms is taken about the mean: a constant offset comes back as a constant, which is removed.
//
// Window, early: what the band limit does in front of an arrival and before the window's first sample comes back at its end,
// where it is strengthened by exp(sigma T). The first quarter of the lead shows how strong it is; it dies out within about as
// many samples again, and it makes an error of the offset of a step:
//
//   ||p||_2 <= rms(first quarter of the lead) (exp(sigma T) sqrt(n_lead / 2) + sqrt(n))                     (3)
//
// Without a lead the end of the window cannot be told from what came back there: ||p|| is the norm of the last eighth.
//
// The estimate E is twice (1) plus twelve times (2) and (3), the worst of the series at one distance; relative to the
// largest of their norms N it is told as E / (N - E), infinite where E >= N: then the samples hold nothing but errors (the waves
// come later). Distances between two of the sample take the worse (1) / N of the two.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "propagator/greens_functions.h"
#include "propagator/time_window.h"

namespace propagator {

// (1), twice, for the worst series of each depth and sampled distance.
class SumError {
 public:
  SumError(const LayeredModel& model, const std::vector<double>& source_depths_km,
           const std::vector<double>& distances_km, const TimeWindow& window, const GreensSettings& settings,
           const std::vector<Eigen::ArrayXXcd>& spectra);

  // Relative to N, for the pair number i_depth * n_distances + i_distance; norms: N of all pairs.
  double relative(std::size_t pair, const std::vector<double>& norms) const;

 private:
  std::vector<double> distances_km_;
  std::vector<std::size_t> sampled_;  // numbers of distances, by increasing distance
  std::vector<double> errors_;        // [i_depth * sampled_.size() + i_sampled]
};

// (2) and (3), twelve times, for one series; `whole` are all samples of the window.
double window_error(const Eigen::ArrayXd& whole, const TimeWindow& window, const GreensSettings& settings);

// E / (N - E), with E / N given.
double told_error(double relative_error);

}  // namespace propagator
