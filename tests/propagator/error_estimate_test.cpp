// The error that Green's functions tell of themselves, against a far better computation.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>

#include "propagator/time_window.h"
#include "tests/propagator/models.h"

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

// Forty passes of (1 2 1)/4: 3e-6 is left where the taper begins.
Eigen::ArrayXXd below_the_taper(Eigen::ArrayXXd x) {
  const Eigen::Index n = x.rows();
  for (int pass = 0; pass < 40; ++pass) {
    x.middleRows(1, n - 2) = (0.25 * (x.topRows(n - 2) + 2.0 * x.middleRows(1, n - 2) + x.bottomRows(n - 2))).eval();
  }
  return x;
}

double largest_norm(const Eigen::ArrayXXd& series) {
  double largest = 0.0;
  for (Eigen::Index c = 0; c < series.cols(); ++c) largest = std::max(largest, series.col(c).matrix().norm());
  return largest;
}

int n_cases() {
  const char* wanted = std::getenv("FMNET_RANDOM_CASES");
  return wanted == nullptr ? 12 : std::atoi(wanted);
}

std::vector<GreensFunctions> compute(const Case& c, const GreensSettings& s) {
  return compute_greens_functions(c.model, {c.depth_km}, c.distances_km, s);
}

// Steps, limits and fades a thousand times finer: their whole effect stays below the estimate.
TEST(ErrorEstimate, IsNeverBelowTheErrorOfTheSumOverWavenumbers) {
  std::mt19937 random(3);
  for (int i = 0; i < n_cases(); ++i) {
    const Case c = random_case(random);
    GreensSettings finer = c.settings;
    finer.wavenumbers.tolerance = std::max(1e-9, 1e-3 * c.settings.wavenumbers.tolerance);
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const std::vector<GreensFunctions> exact = compute(c, finer);
    for (std::size_t d = 0; d < 2; ++d) {
      const double error = largest_norm(ours[d].series - exact[d].series) / largest_norm(exact[d].series);
      EXPECT_LE(error, ours[d].error) << "case " << i << ", distance " << c.distances_km[d];
    }
  }
}

// A window of twice the length moves what wraps around; below the taper the change stays below the estimate.
TEST(ErrorEstimate, IsNeverBelowTheEffectOfADoubledWindow) {
  std::mt19937 random(7);
  for (int i = 0; i < n_cases() / 2; ++i) {
    const Case c = random_case(random);
    GreensSettings longer = c.settings;
    longer.wavenumbers.tolerance = std::max(1e-9, 0.1 * c.settings.wavenumbers.tolerance);
    longer.window_s = 2.0 * window_of(c.model, std::hypot(c.distances_km.back(), c.depth_km), c.settings).length_s;
    const std::vector<GreensFunctions> ours = compute(c, c.settings);
    const std::vector<GreensFunctions> exact = compute(c, longer);
    for (std::size_t d = 0; d < 2; ++d) {
      const double error =
          largest_norm(below_the_taper(ours[d].series - exact[d].series)) / largest_norm(exact[d].series);
      EXPECT_LE(error, ours[d].error) << "case " << i << ", distance " << c.distances_km[d];
    }
  }
}

// It is a bound, not a wild one: with an ample window and lead it is a per cent or two.
TEST(ErrorEstimate, IsSmallWhereTheWindowIsAmple) {
  GreensSettings s;
  s.n_samples = 128;
  s.max_frequency_hz = 0.2;
  s.lead_samples = 128;
  s.window_s = 512.0;
  const double error = compute_greens_functions(test_models::southern_california(35.0), {8.0}, {60.0}, s)[0].error;
  EXPECT_LT(error, 0.05);
}

// With fk's discretisation it says what that is from converged: percents (WithTheDiscretisationOfFk... in greens_reference_test).
TEST(ErrorEstimate, TellsThatFksDiscretisationIsPercentsFromConverged) {
  const GreensSettings s = propagator::fk_settings(256, 0.2, 3.6);
  const double error = compute_greens_functions(test_models::southern_california(35.0), {15.0}, {50.0}, s)[0].error;
  EXPECT_GT(error, 0.02);
}

// The bits of every series as one number (FNV-1a over their 64-bit words): the same with AVX2 and AVX-512, gcc and clang, under
// the flags of the release preset. A change of it is a change of every library. Under the flags of the audit preset (-O2,
// assertions) last bits differ, which docs/limits.md tells.
TEST(GreensFunctionsBits, AreThoseOfEveryMachine) {
#ifndef NDEBUG
  GTEST_SKIP() << "the number is that of the release preset";
#endif
  GreensSettings s;
  s.n_samples = 64;
  s.wavenumbers.tolerance = 1e-3;
  std::uint64_t hash = 1469598103934665603ULL;
  for (const GreensFunctions& g :
       compute_greens_functions(test_models::southern_california(35.0), {4.0, 10.0}, {20.0, 50.0, 90.0}, s)) {
    for (const double value : g.series.reshaped()) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211ULL;
    }
  }
  EXPECT_EQ(hash, 0xb22c6dcde21de96cULL);
}

}  // namespace
