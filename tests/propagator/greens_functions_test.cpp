#include "propagator/greens_functions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "propagator/greens_in_pieces.h"
#include "propagator/parallel_failures.h"
#include "propagator/wavenumber_integral.h"
#include "tests/oracles/whole_space.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"
#include "tests/support/npy.h"
#include "tests/support/reference.h"

namespace {

using propagator::Fundamental;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::SourceTime;

GreensSettings small_settings() {
  GreensSettings s;
  s.n_samples = 64;
  s.wavenumbers.tolerance = 1e-3;
  return s;
}

const std::vector<double> whole_space_distances = {5.0, 10.0, 30.0, 60.0, 100.0, 150.0};

std::vector<Eigen::ArrayXXcd> whole_space_spectra(const std::vector<double>& omega, double sigma) {
  GreensSettings s;
  s.free_surface = false;
  return compute_spectra(test_models::half_space(), {10.0}, whole_space_distances, omega, sigma, 256.0, s);
}

// Without the free surface the sum over wavenumbers must give the closed form, near and far field alike: relative L2 of each of
// the ten series over 0.02-0.2 Hz, at each distance.
TEST(GreensFunctions, WithoutSurfaceTheyAreTheWholeSpaceSolution) {
  const double sigma = 2.0 / 256.0;
  std::vector<double> omega;
  for (int j = 6; j <= 51; ++j) omega.push_back(2.0 * std::numbers::pi * j / 256.0);
  const std::vector<Eigen::ArrayXXcd> ours = whole_space_spectra(omega, sigma);
  for (std::size_t d = 0; d < whole_space_distances.size(); ++d) {
    Eigen::ArrayXXcd theirs(ours[d].rows(), 10);
    for (std::size_t j = 0; j < omega.size(); ++j) {
      const std::array<std::complex<double>, 10> u = oracles::fundamental_spectra(
          {6.0, 3.464, 2.7}, whole_space_distances[d], 10.0, std::complex<double>(omega[j], -sigma));
      for (std::size_t c = 0; c < 10; ++c) theirs(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c)) = u[c];
    }
    for (int c = 0; c < 10; ++c) {
      EXPECT_LT((ours[d].col(c) - theirs.col(c)).matrix().norm(), 1e-4 * theirs.col(c).matrix().norm())
          << whole_space_distances[d] << " km, series " << c;
    }
  }
}

TEST(GreensFunctions, TheWholeSpaceOracleIsTheReferenceFile) {
  const std::string path = support::reference("greens/fullspace_z10_T256_spec.npy");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("greens/fullspace_z10_T256_spec.npy");
  const support::Npy<std::complex<double>> file = support::read_npy<std::complex<double>>(path);
  for (std::size_t d = 0; d < whole_space_distances.size(); ++d) {
    for (std::size_t j = 0; j < 128; j += 9) {
      const std::complex<double> w(2.0 * std::numbers::pi * static_cast<double>(j) / 256.0, -2.0 / 256.0);
      const std::array<std::complex<double>, 10> u =
          oracles::fundamental_spectra({6.0, 3.464, 2.7}, whole_space_distances[d], 10.0, w);
      for (std::size_t c = 0; c < 10; ++c) {
        const std::complex<double> theirs = 1e-15 * file.values[(d * 10 + c) * 128 + j];
        const std::complex<double> mine = u[static_cast<std::size_t>(test_models::column_of_file[c])];
        // The closed form cancels to (w r / c)^2 of its terms at low frequency.
        EXPECT_LE(std::abs(mine - theirs), 1e-6 * std::abs(theirs)) << d << " " << j << " " << c;
      }
    }
  }
}

// The matrix product and the plain sum differ in the order of summation and in the Bessel functions' last digits.
TEST(GreensFunctions, TheMatrixProductEqualsTheSumAsWritten) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> distances = {12.0, 70.0};
  const std::vector<double> depths = {3.0, 16.0};
  const std::vector<double> omega = {0.0, 0.2, 0.4, 0.7, 1.1};
  GreensSettings s = small_settings();
  const double sigma = 0.02;
  const std::vector<Eigen::ArrayXXcd> fast = compute_spectra(model, depths, distances, omega, sigma, 100.0, s);

  const propagator::LayerStack stack = cut_at(model, depths, 0.0, s.source_side, true);
  const propagator::WavenumberGrid grid({7.8, 3.18, depths, {3.64, 3.87}, 12.0, 70.0, omega.back(), sigma, 100.0},
                                        s.wavenumbers);
  std::vector<std::vector<propagator::Medium>> media(omega.size());
  for (std::size_t j = 0; j < omega.size(); ++j) {
    for (const propagator::Layer& layer : model.layers()) {
      media[j].push_back(medium_at(layer, s.attenuation, {omega[j], -sigma}));
    }
  }
  const propagator::WavenumberSum sum{stack, point_sources(s.excitation), distances, omega, media};
  for (std::size_t j = 0; j < omega.size(); ++j) {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::vector<std::complex<double>> plain =
          plain_sum(grid, sum, static_cast<int>(j), static_cast<int>(i / 2), distances[i % 2]);
      for (std::size_t c = 0; c < 10; ++c) {
        const std::complex<double> mine = fast[i](static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c)) / 1e-15;
        EXPECT_LE(std::abs(mine - plain[c]), 1e-11 * std::abs(plain[c]) + 1e-16) << omega[j] << " " << i << " " << c;
      }
    }
  }
}

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

// Where v_p is little above v_s the Rayleigh wave is far slower than S, 0.73 v_s at v_p = 1.2 v_s. It is nearly all there is at 100 km from a
// shallow source at 1-2 Hz. Against a sum of another rule: midpoint rule with one small step and an end at twice the slowness of S.
TEST(GreensFunctions, HoldTheRayleighWaveOfAMediumWithALowVpOverVs) {
  const propagator::LayeredModel model({{0.0, 3.6, 3.0, 2.5, test_models::elastic, test_models::elastic}});
  const std::vector<double> distances = {100.0, 150.0};
  std::vector<double> omega;
  for (const double hz : {1.0, 1.5, 2.0}) omega.push_back(2.0 * std::numbers::pi * hz);
  GreensSettings s;
  const std::vector<Eigen::ArrayXXcd> ours = compute_spectra(model, {1.0}, distances, omega, 0.05, 100.0, s);
  s.wavenumbers.rule = propagator::WavenumberRule::fk;
  s.wavenumbers.fk_step = 0.02;
  s.wavenumbers.fk_limit = 25.0;
  s.wavenumbers.fk_max_slowness = 2.0;
  const std::vector<Eigen::ArrayXXcd> fine = compute_spectra(model, {1.0}, distances, omega, 0.05, 100.0, s);
  for (std::size_t i = 0; i < distances.size(); ++i) {
    EXPECT_LE((ours[i] - fine[i]).matrix().norm(), 1e-5 * fine[i].matrix().norm()) << distances[i] << " km";
  }
}

// More distances than one block holds, against those of the second block in a call of their own whose nearest and farthest, and hence
// whose wavenumbers, are the same: the same bits.
TEST(GreensFunctions, OfDistancesInManyBlocksAreThoseOfOneBlock) {
  const propagator::LayeredModel model = test_models::half_space();
  std::vector<double> all;
  for (int i = 0; i < 203; ++i) all.push_back(20.0 + 0.1 * i);
  std::vector<double> some = {all.front()};
  some.insert(some.end(), all.begin() + 188, all.end());
  const std::vector<double> omega = {0.0, 0.4};
  const std::vector<Eigen::ArrayXXcd> of_all = compute_spectra(model, {8.0}, all, omega, 0.05, 50.0, small_settings());
  const std::vector<Eigen::ArrayXXcd> of_some =
      compute_spectra(model, {8.0}, some, omega, 0.05, 50.0, small_settings());
  EXPECT_TRUE((of_all[0] == of_some[0]).all());
  for (std::size_t i = 1; i < some.size(); ++i) EXPECT_TRUE((of_all[187 + i] == of_some[i]).all()) << some[i] << " km";
}

// Only what static_displacements names counts; fk's discretisation would change RDS by 5 %.
TEST(StaticDisplacements, DoNotDependOnSettingsOfSeries) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings s = propagator::fk_settings(64, 0.1, 30.0);
  s.excitation = propagator::Excitation::moment_tensor;
  const Eigen::ArrayXd plain = static_displacements(model, {8.0}, {20.0}, GreensSettings{})[0];
  EXPECT_TRUE((static_displacements(model, {8.0}, {20.0}, s)[0] == plain).all());
  s.wavenumbers.tolerance = 1e-7;
  const Eigen::ArrayXd finer = static_displacements(model, {8.0}, {20.0}, s)[0];
  EXPECT_FALSE((finer == plain).all()) << "the tolerance counts";
  s.receiver_depth_km = 3.0;
  EXPECT_FALSE((static_displacements(model, {8.0}, {20.0}, s)[0] == finer).all());
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

TEST(ParallelFailures, AnInterruptionDoesNotHideAFailure) {
  propagator::ParallelFailures failures(3);
  EXPECT_FALSE(failures.any());
  EXPECT_NO_THROW(failures.rethrow());
  failures.watch(0, [] { throw propagator::Interrupted(); });
  EXPECT_TRUE(failures.any());
  EXPECT_THROW(failures.rethrow(), propagator::Interrupted);
  failures.watch(2, [] { throw std::range_error("lost"); });
  EXPECT_THROW(failures.rethrow(), std::range_error);
  failures.watch(1, [] { throw std::domain_error("before it"); });
  EXPECT_THROW(failures.rethrow(), std::domain_error);
}

// A keeper that hands out what is no result: not a number, or numbers that overflow when they are divided by a tiny dt.
TEST(GreensFunctions, ANumberThatIsNotFiniteIsToldWithItsPlace) {
  const auto message = [](double depth_km, double kept, double dt_s) -> std::string {
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
    try {
      compute_greens_functions(test_models::half_space(), {depth_km}, {30.0}, s, {}, keeper);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
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
  try {
    compute_greens_functions(propagator::LayeredModel(layers), depths, {30.0}, s, {}, keeper);
    FAIL() << "not refused";
  } catch (const std::invalid_argument& refusal) {
    EXPECT_THAT(refusal.what(), ::testing::HasSubstr("the sum over wavenumbers takes"));
  }
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

TEST(GreensFunctions, RefusalsNameTheFunctionThatWasCalled) {
  const propagator::LayeredModel model = test_models::half_space();
  const auto message = [](const auto& call) -> std::string {
    try {
      call();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "no error";
  };
  const auto spectra_message = [&](const std::vector<double>& omega, double sigma = 0.1) {
    return message([&] { compute_spectra(model, {5.0}, {10.0}, omega, sigma, 50.0, small_settings()); });
  };
  EXPECT_EQ(spectra_message({}), "compute_spectra: omega_rad_s has no elements: expected at least one");
  EXPECT_EQ(spectra_message({-1.0}), "compute_spectra: omega_rad_s[0] = -1: expected finite, at least 0");
  EXPECT_EQ(spectra_message({0.5, std::nan(""), 0.7}),
            "compute_spectra: omega_rad_s[1] = nan: expected finite, at least 0.5, the one before");
  EXPECT_EQ(spectra_message({0.5, 0.7, 0.6}),
            "compute_spectra: omega_rad_s[2] = 0.6: expected finite, at least 0.7, the one before");
  EXPECT_EQ(spectra_message({0.5}, 0.0), "compute_spectra: sigma_rad_s = 0: expected positive and finite");
  EXPECT_EQ(message([&] { static_displacements(model, {-1.0}, {10.0}, small_settings()); }),
            "static_displacements: source depth (km) = -1: expected 0 to 10000");
  EXPECT_EQ(
      message([&] {
        GreensSettings s = propagator::fk_settings(64, 1.0, 0.0);
        s.receiver_depth_km = 5.0;
        compute_spectra(model, {5.0}, {10.0}, {0.5}, 0.1, 50.0, s);
      }),
      "WavenumberGrid: vertical distance of source and receiver (km) = 0: expected above 0 with the rule fk, whose sum "
      "ends at fk_limit / h; take the rule converged");
}

TEST(GreensFunctions, SayWhichArgumentIsOutOfRange) {
  const propagator::LayeredModel model = test_models::half_space();
  const auto message = [&model](const std::vector<double>& depths, const std::vector<double>& distances,
                                GreensSettings s) {
    try {
      compute_greens_functions(model, depths, distances, s);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("no error");
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
