#include "propagator/error_estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "propagator/travel_time.h"

namespace propagator {

namespace {

constexpr std::size_t most_distances = 6;
constexpr std::size_t most_depths = 3;
constexpr double refinement = 1e-2;
constexpr double coarsest_tolerance = 1e-2;
constexpr double finest_tolerance = 1e-10;
constexpr double sum_safety = 2.0;
constexpr double window_safety = 1.5;  // also of the taper

// 0, 1, 2, 4, 8, ... and the last of n.
std::vector<int> sampled_frequencies(int n) {
  std::vector<int> sampled;
  for (int j = 0; j < n - 1; j = j == 0 ? 1 : 2 * j) sampled.push_back(j);
  sampled.push_back(n - 1);
  return sampled;
}

// Numbers of up to `most` values, in increasing order of value: the smallest, the largest, and some evenly between.
std::vector<std::size_t> evenly_sampled(const std::vector<double>& values, std::size_t most) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const std::size_t n = std::min(most, order.size());
  std::vector<std::size_t> sampled;
  for (std::size_t i = 0; i < n; ++i) sampled.push_back(order[n == 1 ? 0 : i * (order.size() - 1) / (n - 1)]);
  return sampled;
}

// Which of the sampled values are neighbours of x, as positions in `sampled`.
std::vector<std::size_t> neighbours(const std::vector<double>& values, const std::vector<std::size_t>& sampled,
                                    double x) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < sampled.size(); ++i) {
    const bool next_is_above = i + 1 == sampled.size() || values[sampled[i + 1]] >= x;
    const bool previous_is_below = i == 0 || values[sampled[i - 1]] <= x;
    if (next_is_above && previous_is_below) found.push_back(i);
  }
  return found;
}

std::vector<double> those(const std::vector<double>& values, const std::vector<std::size_t>& numbers) {
  std::vector<double> chosen;
  for (const std::size_t i : numbers) chosen.push_back(values[i]);
  return chosen;
}

// sum_j power_j u_j = sum_i weight_i u_i for u that is linear between the sampled j.
std::vector<double> interpolation_weights(const std::vector<int>& sampled, const Eigen::ArrayXd& power) {
  std::vector<double> weights(sampled.size(), 0.0);
  weights.back() = power[sampled.back()];
  for (std::size_t i = 0; i + 1 < sampled.size(); ++i) {
    const double gap = sampled[i + 1] - sampled[i];
    for (int j = sampled[i]; j < sampled[i + 1]; ++j) {
      const double t = (j - sampled[i]) / gap;
      weights[i] += (1.0 - t) * power[j];
      weights[i + 1] += t * power[j];
    }
  }
  return weights;
}

// The spectrum of the window twice as long: `at` holds its even frequencies, `between` its odd ones.
Eigen::ArrayXXcd interleaved(const Eigen::ArrayXXcd& at, const Eigen::ArrayXXcd& between) {
  Eigen::ArrayXXcd spectrum(at.rows() + between.rows(), at.cols());
  for (Eigen::Index i = 0; i < spectrum.rows(); ++i) spectrum.row(i) = i % 2 == 0 ? at.row(i / 2) : between.row(i / 2);
  return spectrum;
}

std::vector<double> heights_of(const std::vector<double>& depths_km, double receiver_depth_km) {
  std::vector<double> heights;
  for (const double depth : depths_km) heights.push_back(std::abs(depth - receiver_depth_km));
  return heights;
}

// The larger of two, not a number where one of them is not.
double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

}  // namespace

GreensSettings settings_of_finer_sum(const GreensSettings& settings) {
  GreensSettings finer = settings;
  finer.wavenumbers.rule = WavenumberRule::converged;
  finer.wavenumbers.tolerance =
      std::max(finest_tolerance, refinement * std::min(coarsest_tolerance, settings.wavenumbers.tolerance));
  return finer;
}

ComplexFrequencies frequencies_of_finer_sum(const TimeWindow& window) {
  ComplexFrequencies some{{}, window.sigma_rad_s, window.length_s};
  const std::vector<double> all_omega = window.omega_rad_s();
  for (const int j : sampled_frequencies(window.n_frequencies)) {
    some.omega_rad_s.push_back(all_omega[static_cast<std::size_t>(j)]);
  }
  return some;
}

ErrorEstimate::ErrorEstimate(const LayeredModel& model, const std::vector<double>& source_depths_km,
                             const std::vector<double>& distances_km, const TimeWindow& window,
                             const GreensSettings& settings, const std::vector<Eigen::ArrayXXcd>& spectra)
    : model_(model),
      depths_km_(source_depths_km),
      distances_km_(distances_km),
      receiver_depth_km_(settings.receiver_depth_km),
      two_windows_end_s_(window.first_sample_s + 2.0 * window.length_s),
      heights_km_(heights_of(source_depths_km, settings.receiver_depth_km)),
      some_depths_(evenly_sampled(heights_km_, most_depths)),
      some_distances_(evenly_sampled(distances_km, most_distances)),
      tolerance_(settings.wavenumbers.tolerance) {
  compare_sums(model, window, settings, spectra);
  compare_windows(model, window, settings, spectra);
}

void ErrorEstimate::compare_sums(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                                 const std::vector<Eigen::ArrayXXcd>& spectra) {
  const std::vector<int> frequencies = sampled_frequencies(window.n_frequencies);
  const std::vector<double> weights = interpolation_weights(frequencies, spectral_factors(window, settings).abs2());
  const std::vector<Eigen::ArrayXXcd> exact =
      compute_spectra(model, depths_km_, those(distances_km_, some_distances_), frequencies_of_finer_sum(window),
                      settings_of_finer_sum(settings));

  const double last_s = settings.first_sample_s + settings.n_samples * settings.dt_s;
  const double gain = std::exp(window.sigma_rad_s * last_s) * std::sqrt(2.0 / (window.length_s * settings.dt_s));
  for (std::size_t d = 0; d < depths_km_.size(); ++d) {
    for (std::size_t ix = 0; ix < some_distances_.size(); ++ix) {
      const Eigen::ArrayXXcd& coarse = spectra[d * distances_km_.size() + some_distances_[ix]];
      Eigen::ArrayXd power = Eigen::ArrayXd::Zero(coarse.cols());
      for (std::size_t f = 0; f < frequencies.size(); ++f) {
        const Eigen::ArrayXcd e = coarse.row(frequencies[f]).transpose() -
                                  exact[d * some_distances_.size() + ix].row(static_cast<Eigen::Index>(f)).transpose();
        power += weights[f] * e.abs2();
      }
      sum_errors_.push_back(sum_safety * gain * std::sqrt(power.maxCoeff<Eigen::PropagateNaN>()));  // (1)
    }
  }
}

void ErrorEstimate::compare_windows(const LayeredModel& model, const TimeWindow& window, const GreensSettings& settings,
                                    const std::vector<Eigen::ArrayXXcd>& spectra) {
  const TimeWindow longer = twice_as_long(window);
  if (longer.n_frequencies == 1) {
    window_errors_.assign(some_depths_.size() * some_distances_.size(), std::numeric_limits<double>::infinity());
    taper_errors_ = window_errors_;
    return;
  }
  const std::vector<double> all_omega = longer.omega_rad_s();
  std::vector<double> omega;
  for (std::size_t j = 1; j < all_omega.size(); j += 2) omega.push_back(all_omega[j]);
  const std::vector<Eigen::ArrayXXcd> between =
      compute_spectra(model, those(depths_km_, some_depths_), those(distances_km_, some_distances_),
                      {omega, window.sigma_rad_s, window.length_s}, settings);
  InverseTransform once(window, settings);
  InverseTransform twice(longer, settings);
  InverseTransform undamped(window, settings, TaperOf::series);
  const double q = std::exp(-window.sigma_rad_s * window.length_s);
  for (std::size_t i = 0; i < between.size(); ++i) {
    const std::size_t d = some_depths_[i / some_distances_.size()];
    const Eigen::ArrayXXcd& at = spectra[d * distances_km_.size() + some_distances_[i % some_distances_.size()]];
    const Eigen::ArrayXXcd spectrum = interleaved(at, between[i]);
    double worst_window = 0.0, worst_taper = 0.0;
    for (Eigen::Index c = 0; c < at.cols(); ++c) {
      const Eigen::ArrayXd g = once(at.col(c));
      const double from_T = (g - twice(spectrum.col(c))).matrix().norm();  // (3)
      const Eigen::Ref<const Eigen::ArrayXd> later =
          twice.window_samples().segment(window.n_samples, window.n_samples / 8 * 7);
      const double from_2T = q * q / (1.0 - q) * (later - later.mean()).matrix().norm();  // (4)
      worst_window = larger(worst_window, from_T + from_2T);
      worst_taper = larger(worst_taper, (g - undamped(at.col(c))).matrix().norm());  // (5)
    }
    window_errors_.push_back(window_safety * worst_window);
    taper_errors_.push_back(window_safety * worst_taper);
  }
}

ErrorEstimate::Parts ErrorEstimate::parts(std::size_t pair, const std::vector<double>& norms) const {
  const std::size_t n_x = distances_km_.size();
  const std::size_t n_some = some_distances_.size();
  const std::size_t depth = pair / n_x;
  Parts worst{tolerance_, 0.0, 0.0};
  for (const std::size_t ix : neighbours(distances_km_, some_distances_, distances_km_[pair % n_x])) {
    worst.sum = larger(worst.sum, sum_errors_[depth * n_some + ix] / norms[depth * n_x + some_distances_[ix]]);
    for (const std::size_t d : neighbours(heights_km_, some_depths_, heights_km_[depth])) {
      const double norm = norms[some_depths_[d] * n_x + some_distances_[ix]];
      worst.window = larger(worst.window, window_errors_[d * n_some + ix] / norm);
      worst.taper = larger(worst.taper, taper_errors_[d * n_some + ix] / norm);
    }
  }
  return worst;
}

bool ErrorEstimate::is_reached(std::size_t depth, double distance_km) const {
  return first_p(model_, depths_km_[depth], distance_km, receiver_depth_km_).time_s < two_windows_end_s_;
}

double ErrorEstimate::told(std::size_t pair, const std::vector<double>& norms) const {
  const Parts p = parts(pair, norms);
  const double r = p.sum + p.window + p.taper;
  const std::size_t n_x = distances_km_.size();
  return r < 1.0 && is_reached(pair / n_x, distances_km_[pair % n_x]) ? r / (1.0 - r)
                                                                      : std::numeric_limits<double>::infinity();  // (6)
}

}  // namespace propagator
