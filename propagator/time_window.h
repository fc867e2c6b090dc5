// From spectra at complex frequencies to samples in time: equations (4) and (5) of greens_functions.h.
//
//   g_n = exp(sigma t_n) (1/T) sum_j H_j exp(i w_j t_0) G_j exp(i w_j n dt),   t_n = t_0 + n dt          (1)
//
// with t_0 the time of the first sample of the window; for a step G_j / (i w_j + sigma) stands for G_j. H_j falls as a
// quarter cosine squared over the upper part of the band and, where a lowest frequency is given, rises as one from half of it.
// Up to a given highest frequency H is a function of frequency alone; up to the Nyquist frequency it is that of Zhu & Rivera's
// program, whose cosine is counted in samples of the spectrum.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "propagator/spectra.h"

namespace propagator {

struct TimeWindow {
  int n_samples;        // a product of 4 and of the factors 2, 3, 5: a fast length of the Fourier transform
  int n_lead;           // samples before the first output sample
  int first_frequency;  // j of the first frequency that is not zero
  int n_frequencies;    // how many there are from there on
  double length_s, sigma_rad_s, first_sample_s;
  int n_lengths = 1;  // of the window that the taper belongs to: see twice_as_long

  std::vector<double> omega_rad_s() const;
  ComplexFrequencies frequencies() const { return {omega_rad_s(), sigma_rad_s, length_s}; }
  // How many samples there are at its beginning whose mean is the wrapped offset of a step.
  int n_offset() const { return std::max(1, n_lead / 2); }
};

// largest_path_km: the straight way from the source that is farthest. With window_s = 0 the window ends no sooner than a wave
// along it at 0.8 of the smallest v_s, as slow as surface waves usually are; slower ones wrap around, and the error tells it.
TimeWindow window_of(const LayeredModel& model, double largest_path_km, const GreensSettings& settings);

// The same first sample, lead, damping, band and taper in twice the time. Every other frequency, from the first, is one of `window`.
TimeWindow twice_as_long(const TimeWindow& window);

// (1) applies H to the damped series: it filters exp(-sigma t) g, so g_n depends on sigma where H is not flat. H continued to
// w_j - i sigma filters g itself.
enum class TaperOf { damped_series, series };

// F_j = H_j exp(i w_j t_0), over (i w_j + sigma) for a step: what (1) multiplies the spectrum by.
Eigen::ArrayXcd spectral_factors(const TimeWindow& window, const GreensSettings& settings,
                                 TaperOf taper = TaperOf::damped_series);

// (1) for any number of spectra. Not to be shared among threads.
class InverseTransform {
 public:
  InverseTransform(const TimeWindow& window, const GreensSettings& settings, TaperOf taper = TaperOf::damped_series);

  // `spectrum`: window.n_frequencies values, std::invalid_argument else. Returns settings.n_samples samples: the part of the window that is output.
  Eigen::ArrayXd operator()(const Eigen::Ref<const Eigen::ArrayXcd>& spectrum);

  // Of the last spectrum the whole window, a step with its wrapped offset.
  const Eigen::ArrayXd& window_samples() const { return samples_; }

 private:
  TimeWindow window_;
  int n_output_;
  bool has_offset_;           // a step of which the static part is kept
  Eigen::ArrayXcd factor_;    // F
  Eigen::ArrayXd gain_;       // exp(sigma t) / dt
  Eigen::ArrayXcd spectrum_;  // n_samples / 2 + 1
  Eigen::ArrayXd samples_;
  Eigen::FFT<double> fft_;
};

}  // namespace propagator
