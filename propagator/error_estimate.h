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
// were taken |e|^2 is interpolated linearly. Every chunk of frequencies has a grid of its own, so that e steps from chunk to
// chunk, and some hold no frequency that was taken: no sum is told to be better than its tolerance eps.
//
// Window. The series g_T of a window of length T holds, beside the exact one g, what lies outside of the window:
//
//   g_T(t) = sum_m g(t + m T) exp(-sigma m T)                                                               (2)
//
// m > 0 are waves that come later, m < 0 what the band limit does before the first sample. A window of twice the length with the
// same sigma has the even m alone, so the odd ones are the difference
//
//   g_T - g_2T = sum_{m odd} g(t + m T) exp(-sigma m T)                                                     (3)
//
// whose term m = -1 outweighs m = -2 (a cosine taper's response falls as 1/t^3), and whose term m = 1 outweighs later ones where
// waves die away, which are weaker by q = exp(-sigma T) <= 0.14 each where damping is at its defaults. But samples that are a small
// part of the window may see a reflection of 2T that has no precedent at T. So what comes at all between T and 2T, less its mean
// (the offset of a step) and the last eighth (m = -2), is taken to come again at 2T, 3T, ...:
//
//   || sum_{m >= 2} g(t + m T) exp(-sigma m T) ||_samples  <~  q^2 / (1 - q) || g_2T ||_{T .. 15/8 T}         (4)
//
// Half of the frequencies of 2T are those of T: only those half-way between are computed, for up to three source depths (nearest to
// the receiver's, farthest, one between) and the distances above.
//
// Taper. It acts on the damped series, so the result depends on sigma in the part of the band where the taper falls. The effect is
// the difference from the same spectra with the taper continued to w - i sigma (time_window.h), which filters g itself:
//
//   g_T - g_T'                                                                                              (5)
//
// What is told: with E the sum of twice (1), or eps N where that is more, and of one and a half times the norms of (3), (4) and (5), each
// of the worst series at one distance, and N the largest of their norms, E / (N - E); infinite where E >= N: then the samples
// hold nothing but errors (the waves come later). Between sampled depths and distances the worse of the two neighbours
// counts. A band of a single frequency has no (3): infinite.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "propagator/greens_functions.h"
#include "propagator/time_window.h"

namespace propagator {

class ErrorEstimate {
 public:
  // spectra: those of `window` at all pairs, as compute_spectra returns them.
  ErrorEstimate(const LayeredModel& model, const std::vector<double>& source_depths_km,
                const std::vector<double>& distances_km, const TimeWindow& window, const GreensSettings& settings,
                const std::vector<Eigen::ArrayXXcd>& spectra);

  // Of the pair number i_depth * n_distances + i_distance; norms: N of all pairs.
  double told(std::size_t pair, const std::vector<double>& norms) const;

  // The parts of E / N.
  struct Parts {
    double sum = 0.0, window = 0.0, taper = 0.0;
  };
  Parts parts(std::size_t pair, const std::vector<double>& norms) const;

 private:
  void compare_sums(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                    const std::vector<Eigen::ArrayXXcd>& spectra);
  void compare_windows(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                       const std::vector<Eigen::ArrayXXcd>& spectra);

  std::vector<double> depths_km_, distances_km_;
  std::vector<double> heights_km_;                         // vertical distances of the sources from the receiver
  std::vector<std::size_t> some_depths_, some_distances_;  // numbers of those that are sampled, nearest first
  double tolerance_;
  std::vector<double> sum_errors_;                    // [i_depth * some_distances_.size() + i_sampled]
  std::vector<double> window_errors_, taper_errors_;  // [i_sampled_depth * some_distances_.size() + i_sampled]
};

}  // namespace propagator
