#include "data/records/instrument_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <unsupported/Eigen/FFT>

namespace data {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;

int order_of(Quantity quantity, const char* argument) {
  switch (quantity) {
    case Quantity::displacement:
      return 0;
    case Quantity::velocity:
      return 1;
    case Quantity::acceleration:
      return 2;
    default:
      throw std::invalid_argument(std::string("remove_response: ") + argument + " = counts: expected a ground motion");
  }
}

// The smallest even number of the form 2^a 3^b 5^c that holds twice the samples, and the samples with their padding.
Eigen::Index fft_length(Eigen::Index n, Eigen::Index n_padding) {
  const auto is_smooth = [](Eigen::Index length) {
    for (const Eigen::Index factor : {2, 3, 5}) {
      while (length % factor == 0) length /= factor;
    }
    return length == 1;
  };
  Eigen::Index length = std::max(2 * n, n + 2 * n_padding);
  length += length % 2;
  while (!is_smooth(length)) length += 2;
  return length;
}

// Equation (5) on all frequencies.
void raise_to_water_level(std::vector<Complex>& H, double water_level_db) {
  double largest = 0.0;
  for (const Complex& h : H) {
    if (std::isfinite(std::abs(h))) largest = std::max(largest, std::abs(h));
  }
  const double level = largest * std::pow(10.0, -water_level_db / 20.0);
  for (Complex& h : H) {
    if (std::abs(h) > 0.0 && std::abs(h) < level) h *= level / std::abs(h);  // (5)
  }
}

void check_arguments(const Trace& trace, const ResponseSettings& settings) {
  if (trace.samples.size() == 0 || !(trace.dt_s > 0.0)) {
    throw std::invalid_argument(
        fmt::format("remove_response: trace: {} samples, dt_s = {}: expected at least one sample and dt_s > 0",
                    trace.samples.size(), trace.dt_s));
  }
  if (!(settings.padding_s >= 0.0 && settings.padding_s <= 1e4 && settings.n_mean >= 0)) {
    throw std::invalid_argument(
        fmt::format("remove_response: padding_s = {}, n_mean = {}: expected 0 to 1e4 s and no negative count",
                    settings.padding_s, settings.n_mean));
  }
  if (!(settings.water_level_db >= 0.0)) {
    throw std::invalid_argument(
        fmt::format("remove_response: water_level_db = {}: expected 0 or more", settings.water_level_db));
  }
  if (settings.longest_flank_begin < 0 || settings.longest_flank_end < 0) {
    throw std::invalid_argument(
        fmt::format("remove_response: longest_flank_begin = {}, longest_flank_end = {}: expected 0 or more",
                    settings.longest_flank_begin, settings.longest_flank_end));
  }
  const auto& f = settings.corners_hz;
  if (!(f[0] >= 0.0 && f[0] < f[1] && f[1] < f[2] && f[2] < f[3])) {
    throw std::invalid_argument(fmt::format(
        "remove_response: corners_hz = {} {} {} {}: expected 0 <= f1 < f2 < f3 < f4", f[0], f[1], f[2], f[3]));
  }
}

}  // namespace

std::complex<double> evaluate_response(const InstrumentResponse& response, double frequency_hz, Quantity output) {
  const Complex s(0.0, 2.0 * pi * frequency_hz);
  Complex H = response.gain * response.A0 * std::exp(-s * response.delay_s);  // (1)
  for (const Complex& z : response.zeros) H *= s - z;
  for (const Complex& p : response.poles) H /= s - p;
  const int k = order_of(response.input, "response.input") - order_of(output, "output");
  for (int i = 0; i < k; ++i) H *= s;  // (2)
  for (int i = 0; i > k; --i) H /= s;  // (2)
  return H;
}

Eigen::Index taper_flank(Eigen::Index n, double taper_share) {
  if (!(n >= 0 && taper_share >= 0.0 && taper_share <= 1.0)) {
    throw std::invalid_argument(
        fmt::format("taper_flank: n = {}, taper_share = {}: expected 0 or more and 0 to 1", n, taper_share));
  }
  const auto m = static_cast<Eigen::Index>(static_cast<double>(n) * taper_share / 2.0 + 0.5);
  return std::min(n, std::max<Eigen::Index>(1, m));
}

Eigen::ArrayXd quarter_sine_taper(Eigen::Index n, Eigen::Index m_begin, Eigen::Index m_end) {
  if (!(m_begin >= 0 && m_begin <= n && m_end >= 0 && m_end <= n)) {
    throw std::invalid_argument(
        fmt::format("quarter_sine_taper: m_begin = {}, m_end = {}: expected 0 to n = {}", m_begin, m_end, n));
  }
  const auto w = [](Eigen::Index i, Eigen::Index m) {
    return std::sin(pi * static_cast<double>(i) / (2.0 * static_cast<double>(m)));  // (3)
  };
  Eigen::ArrayXd weights = Eigen::ArrayXd::Ones(n);
  for (Eigen::Index i = 0; i < m_begin; ++i) weights[i] *= w(i, m_begin);
  for (Eigen::Index i = 0; i < m_end; ++i) weights[n - 1 - i] *= w(i, m_end);
  return weights;
}

double four_corner_cosine(double frequency_hz, const std::array<double, 4>& corners_hz) {
  const auto& [f1, f2, f3, f4] = corners_hz;
  const double f = frequency_hz;
  if (f <= f1 || f >= f4) return 0.0;
  if (f < f2) return 0.5 * (1.0 - std::cos(pi * (f - f1) / (f2 - f1)));  // (4)
  if (f > f3) return 0.5 * (1.0 + std::cos(pi * (f - f3) / (f4 - f3)));  // (4)
  return 1.0;
}

Trace remove_response(const Trace& trace, const InstrumentResponse& response, Quantity output,
                      const ResponseSettings& settings) {
  check_arguments(trace, settings);
  const Eigen::Index n = trace.samples.size(), n_padding = std::llround(settings.padding_s / trace.dt_s);
  const Eigen::Index n_fft = fft_length(n, n_padding);

  // Steps 1 to 3.
  Eigen::VectorXd x = Eigen::VectorXd::Zero(n_fft);
  const Eigen::Index n_mean = settings.n_mean > 0 ? std::min(settings.n_mean, n) : n;
  const double mean = trace.samples.head(n_mean).mean();
  const Eigen::Index m = taper_flank(n, settings.taper_share);
  const Eigen::ArrayXd taper =
      quarter_sine_taper(n, std::min(m, settings.longest_flank_begin), std::min(m, settings.longest_flank_end));
  x.head(n) = ((trace.samples - mean) * taper).matrix();
  // One for each thread: the channels of an event have few lengths, and the tables of a length cost as much as a transform.
  thread_local Eigen::FFT<double> fft(Eigen::FFT<double>::impl_type(), Eigen::FFT<double>::HalfSpectrum);
  Eigen::VectorXcd X;
  fft.fwd(X, x);

  // Steps 4 to 6.
  const double df_hz = 1.0 / (static_cast<double>(n_fft) * trace.dt_s);
  // Without a water level H is needed only where the corners let something pass.
  const bool has_water_level = std::isfinite(settings.water_level_db);
  std::vector<Complex> H(static_cast<std::size_t>(X.size()));
  std::vector<double> weights(H.size());
  for (std::size_t j = 0; j < H.size(); ++j) {
    const double f_hz = static_cast<double>(j) * df_hz;
    weights[j] = four_corner_cosine(f_hz, settings.corners_hz);
    if (weights[j] > 0.0 || has_water_level) H[j] = evaluate_response(response, f_hz, output);
  }
  if (has_water_level) raise_to_water_level(H, settings.water_level_db);
  for (std::size_t j = 0; j < H.size(); ++j) {
    const double weight = weights[j];
    if (weight > 0.0 && !std::isfinite(std::abs(H[j]))) {
      throw std::runtime_error(fmt::format("response: not finite at {:g} Hz, inside the corners of its removal",
                                           static_cast<double>(j) * df_hz));
    }
    const bool divisible = weight > 0.0 && std::abs(H[j]) > 0.0;
    Complex& value = X[static_cast<Eigen::Index>(j)];
    value = divisible ? value * weight / H[j] : Complex(0.0);  // (6)
  }
  fft.inv(x, X, n_fft);

  Trace motion = trace;
  motion.quantity = output;
  motion.start_ns = sample_time_ns(trace, -static_cast<double>(n_padding));
  motion.samples.resize(n + 2 * n_padding);
  motion.samples << x.tail(n_padding).array(), x.head(n + n_padding).array();  // times before 0 lie at the end of x
  return motion;
}

}  // namespace data
