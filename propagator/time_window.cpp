#include "propagator/time_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

namespace propagator {

namespace {

constexpr double usual_slowest_wave = 0.8;  // group velocity of the usual slowest surface wave, in units of v_s,min

// The smallest multiple of 4 that is >= n and has no prime factor above 5.
int fast_length(int n) {
  for (n += (4 - n % 4) % 4;; n += 4) {
    int rest = n;
    for (const int factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return n;
  }
}

double angular_frequency(const TimeWindow& w, int j) { return 2.0 * std::numbers::pi * j / w.length_s; }

}  // namespace

std::vector<double> TimeWindow::omega_rad_s() const {
  std::vector<double> omega;
  for (int j = 0; j < n_frequencies; ++j) omega.push_back(angular_frequency(*this, first_frequency + j));
  return omega;
}

TimeWindow window_of(const LayeredModel& model, double largest_path_km, const GreensSettings& s) {
  const bool step = s.source_time == SourceTime::step;
  TimeWindow w;
  w.n_lead = s.lead_samples >= 0 ? s.lead_samples : step ? 32 : 0;
  const double late_s = largest_path_km / (usual_slowest_wave * model.smallest_vs_km_s()) - s.first_sample_s;
  const double needed = w.n_lead + std::max<double>(s.n_samples, std::ceil(late_s / s.dt_s));
  const double wanted = s.window_s == 0.0 ? needed : std::round(s.window_s / s.dt_s);
  if (!(wanted >= w.n_lead + s.n_samples) || !(wanted <= 1 << 25)) {
    throw std::invalid_argument(fmt::format(
        "compute_greens_functions: window_s = {}: expected {} to {} samples of {} s: lead and output samples, or "
        "until the slowest wave has passed the farthest receiver",
        wanted * s.dt_s, w.n_lead + s.n_samples, 1 << 25, s.dt_s));
  }
  w.n_samples = fast_length(static_cast<int>(wanted));
  w.length_s = w.n_samples * s.dt_s;
  w.sigma_rad_s = (s.damping > 0.0 ? s.damping : step ? 4.0 : 2.0) / w.length_s;
  w.first_sample_s = s.first_sample_s - w.n_lead * s.dt_s;
  int end = w.n_samples / 2;
  if (s.max_frequency_hz > 0.0) end = std::min(end, static_cast<int>(s.max_frequency_hz * w.length_s) + 1);
  const double first = std::ceil(0.5 * s.min_frequency_hz * w.length_s);
  if (!(first < end)) {
    throw std::invalid_argument(
        fmt::format("compute_greens_functions: min_frequency_hz = {}: expected a band of at least one frequency of the "
                    "window of {} s below max_frequency_hz",
                    s.min_frequency_hz, w.length_s));
  }
  w.first_frequency = static_cast<int>(first);
  w.n_frequencies = end - w.first_frequency;
  return w;
}

TimeWindow twice_as_long(const TimeWindow& window) {
  TimeWindow w = window;
  w.n_samples *= 2;
  w.length_s *= 2.0;
  w.first_frequency *= 2;
  w.n_frequencies = 2 * window.n_frequencies - 1;
  w.n_lengths *= 2;
  return w;
}

namespace {

// A quarter cosine squared: 1 at Re x <= 0, 0 at Re x >= 1.
template <class T>
T fall(T x) {
  const double place = std::real(x);
  return place <= 0.0 ? T(1.0) : place >= 1.0 ? T(0.0) : 0.5 * (1.0 + std::cos(std::numbers::pi * x));
}

// H at frequency number j, which may be complex.
template <class T>
T taper_at(const TimeWindow& w, const GreensSettings& s, T j) {
  const T f = j / w.length_s;
  const T low = s.min_frequency_hz > 0.0 ? fall<T>(2.0 * (1.0 - f / s.min_frequency_hz)) : T(1.0);
  if (s.max_frequency_hz > 0.0) {
    return low * (s.taper > 0.0 ? fall<T>((f / s.max_frequency_hz - (1.0 - s.taper)) / s.taper) : T(1.0));
  }
  const int n = w.n_samples / 2 / w.n_lengths;
  const int n_flat = static_cast<int>(n * (1.0 - s.taper));
  return low * fall<T>((j / static_cast<double>(w.n_lengths) + static_cast<double>(1 - n_flat)) /
                       static_cast<double>(n - n_flat + 1));
}

}  // namespace

Eigen::ArrayXcd spectral_factors(const TimeWindow& w, const GreensSettings& s, TaperOf taper) {
  Eigen::ArrayXcd factors(w.n_frequencies);
  const double damping = w.sigma_rad_s * w.length_s / (2.0 * std::numbers::pi);  // in numbers of frequencies
  for (int i = 0; i < w.n_frequencies; ++i) {
    const double j = w.first_frequency + i;
    const double omega = angular_frequency(w, w.first_frequency + i);
    const std::complex<double> shift = std::polar(1.0, omega * w.first_sample_s);
    factors[i] = taper == TaperOf::damped_series ? taper_at(w, s, j) * shift
                                                 : taper_at(w, s, std::complex<double>(j, -damping)) * shift;
    if (s.source_time == SourceTime::step) factors[i] /= std::complex<double>(w.sigma_rad_s, omega);
  }
  return factors;
}

InverseTransform::InverseTransform(const TimeWindow& window, const GreensSettings& s, TaperOf taper)
    : window_(window),
      n_output_(s.n_samples),
      has_offset_(s.source_time == SourceTime::step && window.first_frequency == 0),
      factor_(spectral_factors(window, s, taper)),
      gain_(window.n_samples),
      spectrum_(Eigen::ArrayXcd::Zero(window.n_samples / 2 + 1)),
      samples_(window.n_samples) {
  for (int n = 0; n < window.n_samples; ++n) {
    gain_[n] = std::exp(window.sigma_rad_s * (window.first_sample_s + n * s.dt_s)) / s.dt_s;
  }
  fft_.SetFlag(Eigen::FFT<double>::HalfSpectrum);
}

Eigen::ArrayXd InverseTransform::operator()(const Eigen::Ref<const Eigen::ArrayXcd>& spectrum) {
  if (spectrum.size() != window_.n_frequencies) {
    throw std::invalid_argument(
        fmt::format("InverseTransform: spectrum of {} values: expected {}, one for each frequency", spectrum.size(),
                    window_.n_frequencies));
  }
  for (Eigen::Index i = 0; i < window_.n_frequencies; ++i) {
    const std::complex<double> F = factor_[i];
    const std::complex<double> G = spectrum[i];
    spectrum_[window_.first_frequency + i] = {F.real() * G.real() - F.imag() * G.imag(),
                                              F.real() * G.imag() + F.imag() * G.real()};
  }
  spectrum_[0].imag(0.0);
  fft_.inv(samples_.data(), spectrum_.data(), window_.n_samples);
  samples_ *= gain_;  // (1)
  double offset = 0.0;
  if (has_offset_) {
    const int n = window_.n_offset();
    for (int i = 0; i < n; ++i) offset += samples_[i] / n;
  }
  return samples_.segment(window_.n_lead, n_output_) - offset;
}

}  // namespace propagator
