// How far Green's functions are from exact ones of the same model and band.
//
// Sum over wavenumbers. At a few frequencies (0, 1, 2, 4, 8 ... of the window, and the last) and distances (nearest,
// farthest and some between) all source depths are summed again at a hundredth of min(1e-2, eps), at least at 1e-10, eps being
// the tolerance: smaller steps, higher and wider limits. The difference e(w - i sigma) is the error of the first sum to a per
// cent or so. The series in time are damped by exp(-sigma t) when they are summed and undamped at the end, so by Parseval's theorem
//
//   ||e||_2 <= exp(sigma t_end) sqrt( 2 / (T dt) sum_j |F_j e_j|^2 )                                        (1)
//
// with t_end = first_sample_s + n_samples dt, one sample after the last of the output, and F_j the factors of time_window.h (1);
// between the frequencies that were taken |e|^2 is interpolated linearly. Every chunk of frequencies has a grid of its own, so that e steps from chunk to
// chunk, and some hold no frequency that was taken: no sum is told to be better than eps.
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
// What is told: with e the norm of the worst series and N that of the largest at one depth and distance,
//
//   r = max(eps, 2 e_(1) / N) + 1.5 (e_(3) + e_(4)) / N + 1.5 e_(5) / N,   error = r / (1 - r)                  (6)
//
// infinite where r >= 1: then the samples hold nothing but errors (the waves come later). Each of the three parts is the
// largest at the sampled distances next to this one on either side; that of the sum at this depth, the other two at the
// sampled depths next to it. (3) sees no wave that comes after two windows alone: where P does, infinite as well. A band of a
// single frequency has no (3): infinite. What is not a number is told as infinite.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "propagator/time_window.h"

namespace propagator {

// The sum that (1) compares with: the settings that it has and the frequencies that it takes from a window.
GreensSettings settings_of_finer_sum(const GreensSettings& settings);
ComplexFrequencies frequencies_of_finer_sum(const TimeWindow& window);

class ErrorEstimate {
 public:
  // spectra: those of `window` at all pairs, as compute_spectra returns them.
  ErrorEstimate(const LayeredModel& model, const std::vector<double>& source_depths_km,
                const std::vector<double>& distances_km, const TimeWindow& window, const GreensSettings& settings,
                const std::vector<Eigen::ArrayXXcd>& spectra);

  // Of the pair number i_depth * n_distances + i_distance; norms: N of all pairs.
  double told(std::size_t pair, const std::vector<double>& norms) const;

  // The parts of r (6).
  struct Parts {
    double sum = 0.0, window = 0.0, taper = 0.0;
  };
  Parts parts(std::size_t pair, const std::vector<double>& norms) const;

 private:
  void compare_sums(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                    const std::vector<Eigen::ArrayXXcd>& spectra);
  void compare_windows(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                       const std::vector<Eigen::ArrayXXcd>& spectra);

  bool is_reached(std::size_t depth, double distance_km) const;  // by P, within two windows

  LayeredModel model_;
  std::vector<double> depths_km_, distances_km_;
  double receiver_depth_km_, two_windows_end_s_;
  std::vector<double> heights_km_;                         // vertical distances of the sources from the receiver
  std::vector<std::size_t> some_depths_, some_distances_;  // numbers of those that are sampled, nearest first
  double tolerance_;
  std::vector<double> sum_errors_;                    // [i_depth * some_distances_.size() + i_sampled]
  std::vector<double> window_errors_, taper_errors_;  // [i_sampled_depth * some_distances_.size() + i_sampled]
};

}  // namespace propagator
