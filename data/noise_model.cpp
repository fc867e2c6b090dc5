#include "data/noise_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>

#include "data/butterworth.h"

namespace data {
namespace {

// From period T on: A + B log10(T).
struct Piece {
  double T, A, B;
};

// Peterson (1993), table 3.
constexpr std::array<Piece, 21> nlnm = {
    {{0.10, -162.36, 5.64},     {0.17, -166.70, 0.00},    {0.40, -170.00, -8.30},   {0.80, -166.40, 28.90},
     {1.24, -168.60, 52.48},    {2.40, -159.98, 29.81},   {4.30, -141.10, 0.00},    {5.00, -71.36, -99.77},
     {6.00, -97.26, -66.49},    {10.00, -132.18, -31.57}, {12.00, -205.27, 36.16},  {15.60, -37.65, -104.33},
     {21.90, -114.37, -47.10},  {31.60, -160.58, -16.28}, {45.00, -187.50, 0.00},   {70.00, -216.47, 15.70},
     {101.00, -185.00, 0.00},   {154.00, -168.34, -7.61}, {328.00, -217.43, 11.90}, {600.00, -258.28, 26.60},
     {10000.00, -346.88, 48.75}}};

// Peterson (1993), table 4.
constexpr std::array<Piece, 11> nhnm = {{{0.10, -108.73, -17.23},
                                         {0.22, -150.34, -80.50},
                                         {0.32, -122.31, -23.87},
                                         {0.80, -116.85, 32.51},
                                         {3.80, -108.48, 18.08},
                                         {4.60, -74.66, -32.95},
                                         {6.30, 0.66, -127.18},
                                         {7.90, -93.37, -22.42},
                                         {15.40, 73.54, -162.98},
                                         {20.00, -151.52, 10.01},
                                         {354.80, -206.66, 31.63}}};

constexpr double longest_period_s = 1e5;

template <std::size_t n>
double evaluate(const std::array<Piece, n>& model, double period_s) {
  if (!(period_s >= 0.1 && period_s <= longest_period_s)) {
    throw std::invalid_argument(fmt::format("noise model: period_s = {}: expected 0.1 to 1e5 s", period_s));
  }
  std::size_t i = n - 1;
  while (model[i].T > period_s) --i;
  return model[i].A + model[i].B * std::log10(period_s);  // (1)
}

void check_level(double level) {
  if (!(level >= 0.0 && level <= 1.0)) {
    throw std::invalid_argument(fmt::format("noise model: level = {}: expected 0 (quiet) to 1 (noisy)", level));
  }
}

constexpr Eigen::Index n_lanes = 64;         // samples of a trace that are summed side by side
constexpr double smallest_amplitude = 0.01;  // of the largest: frequencies below it are left out

// A sine or cosine of a multiple of 2 pi / N, 0 where it is 0: with a rounded pi, std::sin and std::cos leave 1e-16 there. Times
// the 1e-23 m by which a newton metre moves the ground that is a subnormal number, which takes some processors a hundred cycles more.
double with_exact_zeros(double x) { return std::abs(x) < 1e-12 ? 0.0 : x; }

// In the order of the frequencies, whatever the width of the processor's vectors.
double root_of_sum_of_squares(const Eigen::ArrayXd& s) {
  double sum = 0.0;
  for (const double value : s) sum += value * value;
  return std::sqrt(sum);
}

}  // namespace

double new_low_noise_model_db(double period_s) { return evaluate(nlnm, period_s); }
double new_high_noise_model_db(double period_s) { return evaluate(nhnm, period_s); }

double noise_density(double frequency_hz, double level, Quantity quantity) {
  check_level(level);
  const double T = 1.0 / frequency_hz;
  const double decibels = (1.0 - level) * new_low_noise_model_db(T) + level * new_high_noise_model_db(T);  // (2)
  const double acceleration = std::pow(10.0, decibels / 10.0);
  const double w2 = std::pow(2.0 * std::numbers::pi * frequency_hz, 2);  // (3)
  switch (quantity) {
    case Quantity::acceleration:
      return acceleration;
    case Quantity::velocity:
      return acceleration / w2;
    case Quantity::displacement:
      return acceleration / (w2 * w2);
    case Quantity::counts:
      break;
  }
  throw std::invalid_argument("noise_density: quantity = counts: expected ground motion");
}

Eigen::ArrayXf draw_coin_sums(RandomStream& random, Eigen::Index n) {
  Eigen::ArrayXf sums(n);
  std::uint32_t tosses = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    tosses = i % 2 == 0 ? random.next_u32() : tosses >> 16;
    sums[i] = 0.5f * static_cast<float>(std::popcount(tosses & 0xFFFFU) - 8);  // (5)
  }
  return sums;
}

NoiseModel::NoiseModel(const PreprocessSettings& settings, double native_dt_s) : n_samples_(settings.n_samples) {
  check(settings);
  const Sections sections = butterworth_bandpass(settings.order, settings.low_hz, settings.high_hz, native_dt_s);
  const int n = settings.n_samples;
  const int N = 2 * n;
  const double df = 1.0 / (N * settings.dt_s);
  const double highest_hz = std::min(0.5 / native_dt_s, 10.0);

  // s_k of every frequency at both ends of the range of levels.
  Eigen::ArrayXXd s(2, N / 2 - 1);
  for (int k = 1; k < N / 2; ++k) {
    const double f = k * df;
    double G = 1.0 / f <= longest_period_s && f < highest_hz ? gain(sections, f, native_dt_s) : 0.0;
    if (settings.phase == FilterPhase::zero_phase) G *= G;
    for (int level = 0; level < 2; ++level) {
      s(level, k - 1) = G > 0.0 ? std::sqrt(noise_density(f, level, settings.quantity) * df) * G : 0.0;  // (4)
    }
  }
  if (!(s.sum() > 0.0)) {
    throw std::invalid_argument(
        fmt::format("NoiseModel: {} samples of {} s: expected a window with frequencies of the band in 1e-5 to {} Hz",
                    n, settings.dt_s, highest_hz));
  }
  std::vector<int> kept;
  for (int k = 1; k < N / 2; ++k) {
    const bool counts = s(0, k - 1) >= smallest_amplitude * s.row(0).maxCoeff() ||
                        s(1, k - 1) >= smallest_amplitude * s.row(1).maxCoeff();
    if (counts) kept.push_back(k);
  }
  const auto K = static_cast<Eigen::Index>(kept.size());
  log_low_.resize(K);
  log_high_.resize(K);
  basis_.setZero(2 * K, (n + n_lanes - 1) / n_lanes * n_lanes);
  for (Eigen::Index i = 0; i < K; ++i) {
    const int k = kept[static_cast<std::size_t>(i)];
    log_low_[i] = std::log(s(0, k - 1));
    log_high_[i] = std::log(s(1, k - 1));
    for (int j = 0; j < n; ++j) {
      const double angle = 2.0 * std::numbers::pi * ((static_cast<std::int64_t>(j) * k) % N) / N;
      basis_(2 * i, j) = static_cast<float>(with_exact_zeros(std::cos(angle)));
      basis_(2 * i + 1, j) = static_cast<float>(with_exact_zeros(std::sin(angle)));
    }
  }
}

Eigen::ArrayXd NoiseModel::amplitudes(double level) const {
  check_level(level);
  Eigen::ArrayXd s(log_low_.size());
  for (Eigen::Index i = 0; i < s.size(); ++i) s[i] = std::exp((1.0 - level) * log_low_[i] + level * log_high_[i]);
  return s;
}

double NoiseModel::rms(double level) const { return root_of_sum_of_squares(amplitudes(level)); }

void NoiseModel::add(Waveforms& rows, const Eigen::ArrayXf& rms, double level, RandomStream& random) const {
  if (rows.cols() != n_samples_ || rows.rows() != rms.size()) {
    throw std::invalid_argument(
        fmt::format("NoiseModel::add: {} x {} samples and {} amplitudes: expected {} columns and "
                    "one amplitude a row",
                    rows.rows(), rows.cols(), rms.size(), n_samples_));
  }
  const Eigen::ArrayXd s = amplitudes(level);
  const Eigen::ArrayXf relative = (s / root_of_sum_of_squares(s)).cast<float>();
  const Eigen::Index K = relative.size();
  const Eigen::ArrayXf a = draw_coin_sums(random, 2 * rows.rows() * K);
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    Eigen::ArrayXf coefficients(2 * K);
    for (Eigen::Index i = 0; i < 2 * K; ++i) coefficients[i] = rms[row] * relative[i / 2] * a[2 * K * row + i];
    for (Eigen::Index j = 0; j < rows.cols(); j += n_lanes) {
      Eigen::Array<float, 1, n_lanes> x = Eigen::Array<float, 1, n_lanes>::Zero();
      for (Eigen::Index i = 0; i < 2 * K; ++i) x += coefficients[i] * basis_.row(i).segment<n_lanes>(j).array();  // (4)
      const Eigen::Index n = std::min(n_lanes, rows.cols() - j);
      rows.row(row).segment(j, n) += x.head(n).matrix();
    }
  }
}

}  // namespace data
