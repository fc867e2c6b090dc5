#include "propagator/error_estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace propagator {

namespace {

constexpr std::size_t most_sampled_distances = 6;
constexpr double refinement = 1e-2;
constexpr double finest_tolerance = 1e-10;
constexpr int tail_part = 8;            // (2) looks at 1 / tail_part of the window
constexpr int least_lead = 8;           // samples, of which a quarter can be judged
constexpr double safety = 2.0;          // of the sum over wavenumbers
constexpr double window_safety = 12.0;  // of (2) and (3)

// 0, 1, 2, 4, 8, ... and the last of n.
std::vector<int> sampled_frequencies(int n) {
  std::vector<int> sampled;
  for (int j = 0; j < n - 1; j = j == 0 ? 1 : 2 * j) sampled.push_back(j);
  sampled.push_back(n - 1);
  return sampled;
}

// Numbers of distances, in increasing order of distance: the nearest, the farthest, and some evenly between.
std::vector<std::size_t> sampled_distances(const std::vector<double>& distances_km) {
  std::vector<std::size_t> order(distances_km.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return distances_km[a] < distances_km[b]; });
  const std::size_t n = std::min(most_sampled_distances, order.size());
  std::vector<std::size_t> sampled;
  for (std::size_t i = 0; i < n; ++i) sampled.push_back(order[n == 1 ? 0 : i * (order.size() - 1) / (n - 1)]);
  return sampled;
}

// How many frequencies each sampled one stands for: linear interpolation between them.
std::vector<double> interpolation_weights(const std::vector<int>& sampled) {
  std::vector<double> weights(sampled.size(), 0.5);
  for (std::size_t i = 0; i + 1 < sampled.size(); ++i) {
    const double gap = sampled[i + 1] - sampled[i];
    weights[i] += 0.5 * gap;
    weights[i + 1] += 0.5 * gap;
  }
  return weights;
}

}  // namespace

SumError::SumError(const LayeredModel& model, const std::vector<double>& source_depths_km,
                   const std::vector<double>& distances_km, const TimeWindow& window, const GreensSettings& settings,
                   const std::vector<Eigen::ArrayXXcd>& spectra)
    : distances_km_(distances_km), sampled_(sampled_distances(distances_km)) {
  const std::vector<int> frequencies = sampled_frequencies(window.n_frequencies);
  const std::vector<double> weights = interpolation_weights(frequencies);
  const std::vector<double> all_omega = window.omega_rad_s();
  std::vector<double> omega, distances;
  for (const int j : frequencies) omega.push_back(all_omega[static_cast<std::size_t>(j)]);
  for (const std::size_t i : sampled_) distances.push_back(distances_km[i]);
  GreensSettings refined = settings;
  refined.wavenumbers.rule = WavenumberRule::converged;
  refined.wavenumbers.tolerance =
      std::max(finest_tolerance, refinement * std::min(1e-2, settings.wavenumbers.tolerance));
  const std::vector<Eigen::ArrayXXcd> exact =
      compute_spectra(model, source_depths_km, distances, omega, window.sigma_rad_s, window.length_s, refined);

  const Eigen::ArrayXcd factor = spectral_factors(window, settings);
  const double last_s = settings.first_sample_s + settings.n_samples * settings.dt_s;
  const double gain = std::exp(window.sigma_rad_s * last_s) * std::sqrt(2.0 / (window.length_s * settings.dt_s));
  for (std::size_t d = 0; d < source_depths_km.size(); ++d) {
    for (std::size_t ix = 0; ix < sampled_.size(); ++ix) {
      const Eigen::ArrayXXcd& coarse = spectra[d * distances_km.size() + sampled_[ix]];
      Eigen::ArrayXd power = Eigen::ArrayXd::Zero(coarse.cols());
      for (std::size_t f = 0; f < frequencies.size(); ++f) {
        const Eigen::ArrayXcd e = coarse.row(frequencies[f]).transpose() -
                                  exact[d * sampled_.size() + ix].row(static_cast<Eigen::Index>(f)).transpose();
        power += weights[f] * std::norm(factor[frequencies[f]]) * e.abs2();
      }
      errors_.push_back(safety * gain * std::sqrt(power.maxCoeff()));  // (1)
    }
  }
}

double SumError::relative(std::size_t pair, const std::vector<double>& norms) const {
  const std::size_t d = pair / distances_km_.size();
  const double x = distances_km_[pair % distances_km_.size()];
  double worst = 0.0;
  for (std::size_t i = 0; i < sampled_.size(); ++i) {
    const bool brackets_below = i + 1 == sampled_.size() || distances_km_[sampled_[i + 1]] >= x;
    const bool brackets_above = i == 0 || distances_km_[sampled_[i - 1]] <= x;
    if (!brackets_below || !brackets_above) continue;
    const double norm = norms[d * distances_km_.size() + sampled_[i]];
    worst = std::max(worst, errors_[d * sampled_.size() + i] / norm);
  }
  return worst;
}

double window_error(const Eigen::ArrayXd& whole, const TimeWindow& window, const GreensSettings& s) {
  const auto rms = [](const Eigen::ArrayXd& x) { return std::sqrt(x.square().mean()); };
  const bool step = s.source_time == SourceTime::step;
  Eigen::ArrayXd tail = whole.tail(std::max(4, window.n_samples / tail_part));
  if (step) tail -= tail.mean();
  const double wrapped = std::exp(-window.sigma_rad_s * window.length_s);
  const double n = s.n_samples;
  const double late = std::sqrt(n) * rms(tail) * wrapped / (1.0 - wrapped);  // (2)
  if (window.n_lead < least_lead) return window_safety * (late + tail.matrix().norm());
  const int n_lead = window.n_lead;
  const double offset = step ? whole.head(n_lead / 2).mean() : 0.0;
  const double early =
      rms(whole.head(n_lead / 4) - offset) * (std::sqrt(0.5 * n_lead) / wrapped + std::sqrt(n));  // (3)
  return window_safety * (late + early);
}

double told_error(double relative_error) {
  return relative_error < 1.0 ? relative_error / (1.0 - relative_error) : std::numeric_limits<double>::infinity();
}

}  // namespace propagator
