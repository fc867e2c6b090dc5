#include "propagator/greens_functions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "propagator/greens_in_pieces.h"
#include "tests/propagator/models.h"
#include "tests/support/error_of.h"
#include "tests/support/largest.h"

namespace {

using propagator::Fundamental;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::SourceTime;
using test_models::small_settings;

TEST(GreensFunctions, DoNotDependOnTheNumberOfThreads) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings s = small_settings();
  s.n_threads = 1;
  const std::vector<GreensFunctions> one = compute_greens_functions(model, {4.0, 10.0}, {20.0, 50.0, 90.0}, s);
  for (const int n_threads : {2, 4}) {
    s.n_threads = n_threads;
    const std::vector<GreensFunctions> many = compute_greens_functions(model, {4.0, 10.0}, {20.0, 50.0, 90.0}, s);
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE((one[i].series == many[i].series).all());
  }
}

TEST(GreensFunctions, ComeDepthByDepthInTheOrderAskedFor) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<GreensFunctions> g =
      compute_greens_functions(model, {10.0, 4.0, 10.0}, {50.0, 20.0}, small_settings());
  ASSERT_EQ(g.size(), 6U);
  EXPECT_EQ(g[2].source_depth_km, 4.0);
  EXPECT_EQ(g[2].distance_km, 50.0);
  EXPECT_EQ(g[1].distance_km, 20.0);
  EXPECT_TRUE((g[0].series == g[4].series).all());
  EXPECT_FALSE((g[0].series == g[2].series).all());
}

// An even denser medium with the same velocities moves less in exact proportion (linearity in 1 / density).
TEST(GreensFunctions, ScaleWithOneOverDensity) {
  std::vector<propagator::Layer> layers = test_models::southern_california(35.0).layers();
  const std::vector<GreensFunctions> a =
      compute_greens_functions(propagator::LayeredModel(layers), {8.0}, {40.0}, small_settings());
  for (propagator::Layer& layer : layers) layer.density_g_cm3 *= 2.0;
  const std::vector<GreensFunctions> b =
      compute_greens_functions(propagator::LayeredModel(layers), {8.0}, {40.0}, small_settings());
  const double largest = support::largest_size(a[0].series);
  EXPECT_LE(support::largest_size(a[0].series - 2.0 * b[0].series), 1e-12 * largest);
}

// The impulse response is the rate of the step response, sampled finely enough that a central difference is good to 1 %.
TEST(GreensFunctions, AnImpulseIsTheRateOfAStep) {
  GreensSettings s;
  s.n_samples = 400;
  s.dt_s = 0.25;
  s.max_frequency_hz = 0.25;
  s.lead_samples = 64;
  s.damping = 3.0;
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const Eigen::ArrayXXd step = compute_greens_functions(model, {8.0}, {60.0}, s)[0].series;
  s.source_time = SourceTime::impulse;
  const Eigen::ArrayXXd impulse = compute_greens_functions(model, {8.0}, {60.0}, s)[0].series;
  const Eigen::ArrayXXd rate = (step.bottomRows(398) - step.topRows(398)) / (2.0 * s.dt_s);
  for (int c = 0; c < 10; ++c) {
    EXPECT_LT((rate.col(c) - impulse.col(c).segment(1, 398)).matrix().norm(), 0.02 * impulse.col(c).matrix().norm())
        << c;
  }
}

// A hundred times the accuracy asked for changes less than the default tolerance. A longer window, lead and damping
// change nothing below the frequencies of the taper, whose shape depends on the number of frequencies: compared after
// smoothing.
TEST(GreensFunctions, DefaultsAreConverged) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings s;
  s.n_samples = 160;
  const auto series = [&] { return compute_greens_functions(model, {6.0}, {15.0, 80.0}, s)[1].series; };
  const auto smooth = [](Eigen::ArrayXXd x) {
    for (int pass = 0; pass < 8; ++pass) {
      x.middleRows(1, 158) = (0.25 * (x.topRows(158) + 2.0 * x.middleRows(1, 158) + x.bottomRows(158))).eval();
    }
    return x;
  };
  const Eigen::ArrayXXd base = series();
  s.wavenumbers.tolerance = 1e-6;
  const Eigen::ArrayXXd refined = series();
  EXPECT_LE((base - refined).matrix().norm(), 1e-4 * refined.matrix().norm());
  s.window_s = 480.0;
  s.lead_samples = 64;
  s.damping = 5.0;
  const Eigen::ArrayXXd longer = series();
  EXPECT_LE(smooth(refined - longer).matrix().norm(), 1e-3 * smooth(longer).matrix().norm());
}

// Models unlike the standard one: nine layers with a slow one at 9 km, soft sediments, a lossy half-space. The default sum against one
// of another rule: midpoint rule with one small step, a sharp and far end, no weights at k = 0. Its step errs by (dk x)^2 / 24 at the
// slow end of the band, 9e-5 at 150 km, and much less above.
TEST(GreensFunctions, OfOtherModelsAreTheirFinePlainSums) {
  struct Other {
    propagator::LayeredModel model;
    double depth_km;
  };
  const Other others[] = {
      {propagator::LayeredModel({{1.0, 3.2, 1.7, 2.2, 150, 80},
                                 {3.0, 5.4, 3.1, 2.5, 400, 200},
                                 {5.0, 6.1, 3.5, 2.65, 600, 300},
                                 {4.0, 5.6, 3.1, 2.6, 300, 150},
                                 {5.0, 6.2, 3.55, 2.7, 600, 300},
                                 {7.0, 6.6, 3.8, 2.85, 800, 400},
                                 {7.0, 6.9, 3.95, 2.95, 800, 400},
                                 {10.0, 7.9, 4.5, 3.3, 1000, 500},
                                 {0.0, 8.1, 4.6, 3.35, 1000, 500}}),
       6.5},
      {propagator::LayeredModel({{0.4, 1.9, 0.6, 1.9, 60, 30}, {0.0, 6.0, 3.4, 2.7, 500, 250}}), 12.0},
      {propagator::LayeredModel({{0.0, 5.8, 3.3, 2.6, 80, 40}}), 5.0}};
  const std::vector<double> distances = {5.0, 40.0, 150.0};
  for (const Other& other : others) {
    GreensSettings s;
    s.n_samples = 64;
    s.window_s = 192.0;
    s.source_time = SourceTime::impulse;
    const std::vector<GreensFunctions> ours = compute_greens_functions(other.model, {other.depth_km}, distances, s);
    s.wavenumbers.rule = propagator::WavenumberRule::fk;
    s.wavenumbers.fk_step = 0.015;
    s.wavenumbers.fk_limit = 30.0;
    const propagator::Layer& at_source =
        other.model
            .layers()[static_cast<std::size_t>(other.model.layer_at(other.depth_km, propagator::InterfaceSide::below))];
    s.wavenumbers.fk_max_slowness = 1.2 * at_source.vs_km_s / other.model.smallest_vs_km_s();
    const std::vector<GreensFunctions> fine = compute_greens_functions(other.model, {other.depth_km}, distances, s);
    for (std::size_t d = 0; d < distances.size(); ++d) {
      for (Eigen::Index c = 0; c < 10; ++c) {
        EXPECT_LE((ours[d].series.col(c) - fine[d].series.col(c)).matrix().norm(),
                  1e-4 * fine[d].series.col(c).matrix().norm())
            << other.depth_km << " km deep, " << distances[d] << " km, series " << c;
      }
    }
  }
}

TEST(GreensFunctions, FirstMotionComesWithTheFirstArrival) {
  GreensSettings s;
  s.n_samples = 512;
  s.dt_s = 0.1;
  s.source_time = SourceTime::impulse;
  const Eigen::ArrayXXd g = compute_greens_functions(test_models::half_space(), {10.0}, {30.0}, s)[0].series;
  const double p_s = std::hypot(30.0, 10.0) / 6.0;
  const Eigen::ArrayXd explosion = g.col(static_cast<int>(Fundamental::REX));
  const Eigen::Index onset = static_cast<Eigen::Index>(p_s / s.dt_s);
  EXPECT_LT(support::largest_size(explosion.head(onset - 10)), 1e-2 * support::largest_size(explosion));
  Eigen::Index peak;
  explosion.segment(onset - 5, 20).abs().maxCoeff(&peak);
  EXPECT_NEAR(static_cast<double>(onset - 5 + peak) * s.dt_s, p_s, 0.3);
  // An explosion pushes away and up: its displacement for a step is a one-sided pulse.
  s.source_time = SourceTime::step;
  const Eigen::ArrayXXd u = compute_greens_functions(test_models::half_space(), {10.0}, {30.0}, s)[0].series;
  EXPECT_GT(u.col(static_cast<int>(Fundamental::ZEX)).segment(onset - 3, 6).sum(), 0.0);
  EXPECT_GT(u.col(static_cast<int>(Fundamental::REX)).segment(onset - 3, 6).sum(), 0.0);
}

TEST(GreensFunctions, ProgressEndsAtOne) {
  double last = 0.0;
  compute_greens_functions(test_models::half_space(), {10.0}, {30.0}, small_settings(), [&last](double fraction) {
    EXPECT_GT(fraction, last);
    last = fraction;
  });
  EXPECT_EQ(last, 1.0);
}

// What `progress` throws ends the computation, whichever thread it ran on.
TEST(GreensFunctions, WhatProgressThrowsReachesTheCaller) {
  for (const int n_threads : {1, 3}) {
    GreensSettings s = small_settings();
    s.n_threads = n_threads;
    int n_calls = 0;
    EXPECT_THROW(compute_greens_functions(test_models::half_space(), {10.0}, {30.0}, s,
                                          [&n_calls](double) {
                                            ++n_calls;
                                            throw std::domain_error("enough");
                                          }),
                 std::domain_error);
    EXPECT_EQ(n_calls, 1);
  }
}

// A keeper that hands out what is no result: not a number, or numbers that overflow when they are divided by a tiny dt.
TEST(GreensFunctions, ANumberThatIsNotFiniteIsToldWithItsPlace) {
  const auto message = [](double depth_km, double kept, double dt_s) {
    GreensSettings s = small_settings();
    s.dt_s = dt_s;
    s.window_s = s.n_samples * dt_s;
    s.source_time = SourceTime::impulse;
    s.max_frequency_hz = std::min(0.5, 0.5 / s.window_s);
    propagator::ChunkKeeper keeper;
    keeper.fetch = [kept](int, Eigen::ArrayXXcd& sums) {
      sums.setConstant(1, 10, kept);
      return true;
    };
    return support::error_of<std::runtime_error>(
        [&] { compute_greens_functions(test_models::half_space(), {depth_km}, {30.0}, s, {}, keeper); });
  };
  EXPECT_EQ(message(7.0, std::nan(""), 1.0),
            "compute_greens_functions: not a finite number at frequency 0 Hz, source depth 7 km");
  EXPECT_EQ(message(0.0, 1e300, 1e-30),
            "compute_greens_functions: series 1 is not finite at source depth 0 km, distance 30 km, first sample 0 s");
}

// Both half-stacks are swept: a receiver below 1000 layers has them all above it.
TEST(GreensFunctions, LayersAboveTheReceiverCountAsWork) {
  std::vector<propagator::Layer> layers(999, {0.01, 6.0, 3.464, 2.7, test_models::elastic, test_models::elastic});
  layers.push_back({0.0, 6.0, 3.464, 2.7, test_models::elastic, test_models::elastic});
  GreensSettings s;
  s.n_samples = 8000;
  s.dt_s = 0.05;
  s.receiver_depth_km = 12.0;
  const std::vector<double> depths = {15.0};
  propagator::ChunkKeeper keeper;
  keeper.stop = [] { return true; };
  const auto compute = [&] {
    compute_greens_functions(propagator::LayeredModel(layers), depths, {30.0}, s, {}, keeper);
  };
  EXPECT_THAT(support::error_of<std::invalid_argument>(compute),
              ::testing::HasSubstr("the sum over wavenumbers takes"));
}

// 3.4 million wavenumbers at the tolerance asked for, 5.8 at that of the estimate: no chunk is begun.
TEST(GreensFunctions, AnEstimateThatWouldBeRefusedIsRefusedBeforeTheComputation) {
  GreensSettings s;
  s.n_samples = 16;
  s.max_frequency_hz = 0.1;
  propagator::ChunkKeeper keeper;
  keeper.stop = [] { return true; };
  const auto compute = [&] {
    return compute_greens_functions(test_models::half_space(), {0.0}, {1e-3, 150.0}, s, {}, keeper);
  };
  EXPECT_THROW(compute(), std::invalid_argument);
  s.wavenumbers.tolerance = 1e-2;
  EXPECT_THROW(compute(), propagator::Interrupted);
}

TEST(GreensFunctions, SayWhichArgumentIsOutOfRange) {
  const propagator::LayeredModel model = test_models::half_space();
  const auto message = [&model](const std::vector<double>& depths, const std::vector<double>& distances,
                                GreensSettings s) {
    return support::error_of<std::invalid_argument>([&] { compute_greens_functions(model, depths, distances, s); });
  };
  using ::testing::HasSubstr;
  GreensSettings s = small_settings();
  EXPECT_THAT(message({}, {10.0}, s), HasSubstr("source depths"));
  EXPECT_THAT(message({-1.0}, {10.0}, s), HasSubstr("source depth (km) = -1"));
  EXPECT_THAT(message({5.0}, {}, s), HasSubstr("distances"));
  EXPECT_THAT(message({5.0}, {-1.0}, s), HasSubstr("distance (km) = -1"));
  EXPECT_THAT(message({5.0}, {std::nan("")}, s), HasSubstr("distance (km) = nan"));
  s.dt_s = 0.0;
  EXPECT_THAT(message({5.0}, {10.0}, s), HasSubstr("dt_s = 0"));
  s = small_settings();
  s.window_s = 10.0;
  EXPECT_THAT(message({5.0}, {10.0}, s), HasSubstr("window_s = 10"));
  s = small_settings();
  for (const double above : {0.6, 1e8, 1e300}) {
    s.min_frequency_hz = 2.0 * above;
    EXPECT_THAT(message({5.0}, {10.0}, s), HasSubstr(fmt::format("min_frequency_hz = {}", 2.0 * above)));
  }
  s = small_settings();
  s.wavenumbers.tolerance = 0.0;
  EXPECT_THAT(message({5.0}, {10.0}, s), HasSubstr("tolerance = 0"));
}

}  // namespace
