// The error that Green's functions tell of themselves, against a far better computation.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <random>

#include "propagator/error_estimate.h"
#include "propagator/time_window.h"
#include "propagator/wavenumber_integral.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"

namespace {

using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::SourceTime;

struct Case {
  propagator::LayeredModel model;
  double depth_km;
  std::vector<double> distances_km;
  GreensSettings settings;
};

// One to eight layers with inversions, 0.5-5 km/s, Q from 30; the samples cover the arrivals; the band ends at half of the
// Nyquist frequency, so that the samples show what lies below the taper.
Case random_case(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(random); };
  const int n = 1 + static_cast<int>(between(0.0, 8.0));
  std::vector<propagator::Layer> layers;
  for (int i = 0; i < n; ++i) {
    const double vs = between(0.5, 5.0);
    layers.push_back({i + 1 == n ? 0.0 : std::pow(10.0, between(-1.0, 1.5)), vs * between(1.3, 2.2), vs,
                      between(1.5, 3.5), between(50.0, 600.0), between(30.0, 300.0)});
  }
  const double depth = std::pow(10.0, between(-1.0, 1.5));
  const double near = std::pow(10.0, between(0.0, 2.0));
  const double far = near * between(1.0, 2.0);
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = between(0.3, 2.0) * far / 64.0;
  if (uniform(random) < 0.5) s.lead_samples = 32;
  s.source_time = uniform(random) < 0.5 ? SourceTime::step : SourceTime::impulse;
  s.max_frequency_hz = 0.25 / s.dt_s;
  s.wavenumbers.tolerance = std::pow(10.0, between(-5.0, -2.0));
  s.n_threads = 1;
  return {propagator::LayeredModel(layers), depth, {near, far}, s};
}

int from_environment(const char* name, int otherwise) {
  const char* wanted = std::getenv(name);
  return wanted == nullptr ? otherwise : std::atoi(wanted);
}

int n_cases() { return from_environment("FMNET_RANDOM_CASES", 12); }
std::uint32_t seed(int otherwise) {
  return static_cast<std::uint32_t>(from_environment("FMNET_RANDOM_SEED", otherwise));
}

std::vector<GreensFunctions> compute(const Case& c, const GreensSettings& s) {
  return compute_greens_functions(c.model, {c.depth_km}, c.distances_km, s);
}

propagator::TimeWindow window_of_case(const Case& c) {
  return window_of(c.model, std::hypot(c.distances_km.back(), c.depth_km), c.settings);
}

// Series in a window `n_lengths` times longer, `damping` times as strongly damped over its length, at a tenth of the tolerance.
std::vector<GreensFunctions> in_longer_window(const Case& c, double n_lengths, double damping) {
  const propagator::TimeWindow window = window_of_case(c);
  GreensSettings longer = c.settings;
  longer.wavenumbers.tolerance = std::max(1e-9, 0.1 * c.settings.wavenumbers.tolerance);
  longer.window_s = n_lengths * window.length_s;
  longer.damping = damping * window.sigma_rad_s * window.length_s;
  return compute(c, longer);
}

propagator::ErrorEstimate estimate_of(const Case& c) {
  const propagator::TimeWindow window = window_of_case(c);
  return {c.model,        {c.depth_km},
          c.distances_km, window,
          c.settings,     compute_spectra(c.model, {c.depth_km}, c.distances_km, window.frequencies(), c.settings)};
}

std::vector<double> norms_of(const std::vector<GreensFunctions>& greens) {
  std::vector<double> norms;
  for (const GreensFunctions& g : greens) norms.push_back(support::largest_norm(g.series));
  return norms;
}

// The estimate without what the damping changes in the taper's part of the band, which a longer window of the same damping keeps.
double told_in_band(const propagator::ErrorEstimate::Parts& parts) {
  const double r = parts.sum + parts.window;
  return r < 1.0 ? r / (1.0 - r) : std::numeric_limits<double>::infinity();
}

double relative_difference(const GreensFunctions& ours, const GreensFunctions& exact) {
  return support::largest_norm(ours.series - exact.series) / support::largest_norm(exact.series);
}

// Steps, limits and fades a thousand times finer: their whole effect stays below the part of the estimate that speaks of the sum.
TEST(ErrorEstimate, IsNeverBelowTheErrorOfTheSumOverWavenumbers) {
  std::mt19937 random(seed(3));
  for (int i = 0; i < n_cases(); ++i) {
    const Case c = random_case(random);
    GreensSettings finer = c.settings;
    finer.wavenumbers.tolerance = std::max(1e-9, 1e-3 * c.settings.wavenumbers.tolerance);
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const std::vector<GreensFunctions> exact = compute(c, finer);
    const propagator::ErrorEstimate estimate = estimate_of(c);
    for (std::size_t d = 0; d < 2; ++d) {
      EXPECT_LE(relative_difference(ours[d], exact[d]), estimate.parts(d, norms_of(ours)).sum)
          << "case " << i << ", distance " << c.distances_km[d];
    }
  }
}

propagator::WavenumberDemand demand_of(const Case& c, const propagator::TimeWindow& window) {
  const auto layer = static_cast<std::size_t>(c.model.layer_at(c.depth_km, c.settings.source_side));
  return {c.model.largest_vp_km_s(),         c.model.smallest_vs_km_s(), {c.depth_km},
          {c.model.layers()[layer].vs_km_s}, c.distances_km.front(),     c.distances_km.back(),
          window.omega_rad_s().back(),       window.sigma_rad_s,         window.length_s};
}

// The series of both distances, all frequencies summed on one grid of wavenumbers.
std::vector<Eigen::ArrayXXd> summed_on(const propagator::WavenumberGrid& grid, const Case& c) {
  const propagator::TimeWindow window = window_of_case(c);
  const std::vector<double> omega = window.omega_rad_s();
  std::vector<std::vector<propagator::Medium>> media(omega.size());
  for (std::size_t f = 0; f < omega.size(); ++f) {
    for (const propagator::Layer& layer : c.model.layers()) {
      media[f].push_back(medium_at(layer, c.settings.attenuation, {omega[f], -window.sigma_rad_s}));
    }
  }
  const propagator::LayerStack stack = cut_at(c.model, {c.depth_km}, 0.0, c.settings.source_side, true);
  const Eigen::ArrayXXcd sums =
      sum_over_wavenumbers(grid, {stack, point_sources(c.settings.excitation), c.distances_km, omega, media});
  propagator::InverseTransform transform(window, c.settings);
  std::vector<Eigen::ArrayXXd> series;
  for (Eigen::Index d = 0; d < sums.rows(); ++d) {
    // One row holds ten series for each frequency.
    const Eigen::ArrayXXcd spectra = 1e-15 * sums.row(d).reshaped(10, sums.cols() / 10);
    series.emplace_back(c.settings.n_samples, 10);
    for (Eigen::Index s = 0; s < 10; ++s) series.back().col(s) = transform(spectra.row(s).transpose());
  }
  return series;
}

// Half the step (a larger farthest distance asks for it), or twice the limit (from half the depth and nearest distance): each
// changes the series by less than the part of the estimate that speaks of the sum.
TEST(ErrorEstimate, IsNeverBelowTheEffectOfHalfTheStepOrTwiceTheLimit) {
  std::mt19937 random(seed(5));
  for (int i = 0; i < n_cases() / 2; ++i) {
    const Case c = random_case(random);
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const propagator::ErrorEstimate estimate = estimate_of(c);
    const propagator::WavenumberDemand usual = demand_of(c, window_of_case(c));
    const propagator::WavenumberGrid usual_grid(usual, c.settings.wavenumbers);
    propagator::WavenumberDemand finer = usual, farther = usual;
    finer.largest_distance_km += std::numbers::pi / usual_grid.step_per_km();
    farther.vertical_distances_km[0] *= 0.5;
    farther.smallest_distance_km *= 0.5;
    const propagator::WavenumberGrid finer_grid(finer, c.settings.wavenumbers);
    const propagator::WavenumberGrid farther_grid(farther, c.settings.wavenumbers);
    ASSERT_NEAR(finer_grid.step_per_km(), 0.5 * usual_grid.step_per_km(), 1e-12);
    ASSERT_GT(farther_grid.limit(0.0, 0).end_per_km, 1.99 * usual_grid.limit(0.0, 0).end_per_km);
    for (const propagator::WavenumberGrid* grid : {&finer_grid, &farther_grid}) {
      const std::vector<Eigen::ArrayXXd> changed = summed_on(*grid, c);
      for (std::size_t d = 0; d < 2; ++d) {
        EXPECT_LE(support::largest_norm(ours[d].series - changed[d]) / support::largest_norm(changed[d]),
                  estimate.parts(d, norms_of(ours)).sum)
            << "case " << i << ", distance " << c.distances_km[d] << (grid == &finer_grid ? ", step" : ", limit");
      }
    }
  }
}

// With the same damping per second a window three times as long differs by what wraps around, and by nothing else.
TEST(ErrorEstimate, IsNeverBelowWhatWrapsAroundTheWindow) {
  std::mt19937 random(seed(7));
  for (int i = 0; i < n_cases() / 2; ++i) {
    const Case c = random_case(random);
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const std::vector<GreensFunctions> exact = in_longer_window(c, 3.0, 3.0);
    const propagator::ErrorEstimate estimate = estimate_of(c);
    for (std::size_t d = 0; d < 2; ++d) {
      EXPECT_LE(relative_difference(ours[d], exact[d]), told_in_band(estimate.parts(d, norms_of(ours))))
          << "case " << i << ", distance " << c.distances_km[d];
    }
  }
}

// Samples that end before the waves, 2.5 s in a window of 14 s: the echo of S from the bottom of a slow layer 11 km thick comes
// after 28 s, two windows late, and is most of what they hold. A window twice as long has most of it, too.
TEST(ErrorEstimate, CountsAnEchoThatComesTwoWindowsLate) {
  const propagator::LayeredModel model({{2.1, 1.92, 1.18, 2.65, 160.0, 145.0},
                                        {11.4, 1.31, 0.92, 2.37, 290.0, 70.0},
                                        {0.0, 7.6, 4.0, 2.6, 150.0, 80.0}});
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = 0.039;
  s.source_time = SourceTime::impulse;
  s.max_frequency_hz = 0.25 / s.dt_s;
  s.wavenumbers.tolerance = 1e-3;
  s.n_threads = 1;
  const Case c{model, 1.2, {5.2, 7.6}, s};
  const std::vector<GreensFunctions> ours = compute(c, s);
  EXPECT_GT(relative_difference(ours[1], in_longer_window(c, 3.0, 3.0)[1]), 1.0);
  EXPECT_LT(relative_difference(ours[1], in_longer_window(c, 2.0, 2.0)[1]), 0.5);
  EXPECT_TRUE(std::isinf(ours[1].error)) << ours[1].error;
}

// With the same damping of the window, twice as long, less is damped away per second, and the taper acts on another series.
TEST(ErrorEstimate, IsNeverBelowTheEffectOfADoubledWindow) {
  std::mt19937 random(seed(7));
  for (int i = 0; i < n_cases() / 2; ++i) {
    const Case c = random_case(random);
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const std::vector<GreensFunctions> exact = in_longer_window(c, 2.0, 1.0);
    for (std::size_t d = 0; d < 2; ++d) {
      EXPECT_LE(relative_difference(ours[d], exact[d]), ours[d].error)
          << "case " << i << ", distance " << c.distances_km[d];
    }
  }
}

// The estimate is made at three depths and six distances. It holds between them as well.
TEST(ErrorEstimate, HoldsAtDepthsAndDistancesThatAreNotSampled) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> depths = {2.0, 3.0, 5.0, 9.0, 14.0, 20.0};
  std::vector<double> distances;
  for (int i = 0; i < 17; ++i) distances.push_back(10.0 + 8.0 * i);
  GreensSettings s;
  s.n_samples = 96;
  s.dt_s = 0.75;
  s.max_frequency_hz = 0.25;
  s.wavenumbers.tolerance = 1e-3;
  const std::vector<GreensFunctions> ours = compute_greens_functions(model, depths, distances, s);
  const propagator::TimeWindow window = window_of(model, std::hypot(distances.back(), depths.back()), s);
  s.wavenumbers.tolerance = 1e-6;
  s.window_s = 3.0 * window.length_s;
  s.damping = 3.0 * window.sigma_rad_s * window.length_s;
  const std::vector<GreensFunctions> exact = compute_greens_functions(model, depths, distances, s);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_LE(relative_difference(ours[i], exact[i]), ours[i].error)
        << ours[i].source_depth_km << " km deep, " << ours[i].distance_km << " km away";
  }
}

// No wild bound: three times what wraps around (1.5 is its own factor), where that is all there is.
TEST(ErrorEstimate, IsOfTheSizeOfTheError) {
  GreensSettings s;
  s.n_samples = 128;
  s.max_frequency_hz = 0.2;
  s.lead_samples = 128;
  s.window_s = 512.0;
  s.wavenumbers.tolerance = 1e-6;
  s.n_threads = 1;
  const Case c{test_models::southern_california(35.0), 8.0, {60.0}, s};
  const std::vector<GreensFunctions> ours = compute(c, s);
  const double error = relative_difference(ours[0], in_longer_window(c, 3.0, 3.0)[0]);
  const double told = told_in_band(estimate_of(c).parts(0, norms_of(ours)));
  EXPECT_LE(error, told);
  EXPECT_LT(told, 3.0 * error);
  EXPECT_LT(told, 1e-3);
  EXPECT_LT(ours[0].error, 5e-2);  // nearly all of it the taper's
}

// Samples that end before the first wave hold errors and nothing else; a band of one frequency tells nothing of the window.
TEST(ErrorEstimate, IsHugeWhereTheSamplesEndBeforeTheWavesAndInfiniteForOneFrequency) {
  GreensSettings s;
  s.n_samples = 8;
  s.window_s = 512.0;
  s.max_frequency_hz = 0.1;
  s.lead_samples = 0;
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  EXPECT_GT(compute_greens_functions(model, {8.0}, {150.0}, s)[0].error, 0.3);
  s.n_samples = 64;
  s.window_s = 0.0;
  s.max_frequency_hz = 1e-3;
  EXPECT_TRUE(std::isinf(compute_greens_functions(model, {8.0}, {20.0}, s)[0].error));
}

// The other side: of several depths and distances, an impulse, at tolerance 1e-3 it tells of the sum no more than the tolerance or
// six times what a sum a thousand times finer changes. (Two is its own factor; the rest is that (1) undamps all as at the last sample.)
TEST(ErrorEstimate, OfTheSumIsNoWildBound) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> depths = {0.5, 2.0, 8.0}, distances = {2.0, 30.0, 120.0};
  GreensSettings s;
  s.n_samples = 96;
  s.source_time = SourceTime::impulse;
  s.max_frequency_hz = 0.25;
  s.wavenumbers.tolerance = 1e-3;
  const propagator::TimeWindow window = window_of(model, std::hypot(120.0, 8.0), s);
  const std::vector<Eigen::ArrayXXcd> spectra = compute_spectra(model, depths, distances, window.frequencies(), s);
  const propagator::ErrorEstimate estimate(model, depths, distances, window, s, spectra);
  const std::vector<GreensFunctions> ours = compute_greens_functions(model, depths, distances, s);
  s.wavenumbers.tolerance = 1e-6;
  const std::vector<GreensFunctions> exact = compute_greens_functions(model, depths, distances, s);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double told = estimate.parts(i, norms_of(ours)).sum, real = relative_difference(ours[i], exact[i]);
    EXPECT_LE(told, std::max(1e-3, 6.0 * real)) << i << ": " << told << " told, " << real << " real";
    std::printf("pair %zu: %.3g told, %.3g real\n", i, told, real);
  }
}

// What is not a number is told as infinite: a spectrum, or a norm, that holds one.
TEST(ErrorEstimate, IsInfiniteWhereSomethingIsNotANumber) {
  GreensSettings s;
  s.n_samples = 32;
  s.max_frequency_hz = 0.2;
  s.wavenumbers.tolerance = 1e-3;
  const Case c{test_models::southern_california(35.0), 8.0, {20.0, 40.0}, s};
  const propagator::TimeWindow window = window_of_case(c);
  const std::vector<Eigen::ArrayXXcd> good =
      compute_spectra(c.model, {c.depth_km}, c.distances_km, window.frequencies(), s);
  const auto estimate = [&](const std::vector<Eigen::ArrayXXcd>& spectra) {
    return propagator::ErrorEstimate(c.model, {c.depth_km}, c.distances_km, window, s, spectra);
  };
  const std::vector<double> norms = norms_of(compute(c, s));
  ASSERT_TRUE(std::isfinite(estimate(good).told(0, norms)));
  EXPECT_TRUE(std::isinf(estimate(good).told(0, {std::nan(""), norms[1]})));
  for (const Eigen::Index frequency : {0, 3}) {  // among those that are summed again, and not
    for (const Eigen::Index series : {0, 4, 9}) {
      std::vector<Eigen::ArrayXXcd> bad = good;
      bad[0](frequency, series) = std::nan("");
      EXPECT_TRUE(std::isinf(estimate(bad).told(0, norms))) << frequency << " " << series;
    }
  }
}

// With fk's discretisation it says what that is from converged: percents (WithTheDiscretisationOfFk... in greens_reference_test).
TEST(ErrorEstimate, TellsThatFksDiscretisationIsPercentsFromConverged) {
  const GreensSettings s = propagator::fk_settings(256, 0.2, 3.6);
  const double error = compute_greens_functions(test_models::southern_california(35.0), {15.0}, {50.0}, s)[0].error;
  EXPECT_GT(error, 0.02);
}

// The bits of every series as one number (FNV-1a over their 64-bit words).
std::uint64_t hash_of(const std::vector<GreensFunctions>& all) {
  std::uint64_t hash = 1469598103934665603ULL;
  for (const GreensFunctions& g : all) {
    for (const double value : g.series.reshaped()) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211ULL;
    }
  }
  return hash;
}

// The same with AVX2 and AVX-512, under the flags of the release preset. A change of a number is a change of every library. Built by
// clang, or under the flags of the audit preset, last bits of the Fourier transform differ: docs/limits.md.
TEST(GreensFunctionsBits, AreThoseOfEveryMachine) {
#if !defined(NDEBUG) || defined(__clang__)
  GTEST_SKIP() << "the numbers are those of the release preset with gcc";
#endif
  GreensSettings s;
  s.n_samples = 64;
  s.wavenumbers.tolerance = 1e-3;
  EXPECT_EQ(
      hash_of(compute_greens_functions(test_models::southern_california(35.0), {4.0, 10.0}, {20.0, 50.0, 90.0}, s)),
      0xb22c6dcde21de96cULL);
  // Depths whose sums end in the middle of eight neighbouring wavenumbers.
  s.dt_s = 0.5;
  s.max_frequency_hz = 0.4;
  EXPECT_EQ(
      hash_of(compute_greens_functions(test_models::southern_california(32.0), {2.0, 8.0}, {7.0, 60.0, 148.0}, s)),
      0x552b5e519bca7516ULL);
}

}  // namespace
