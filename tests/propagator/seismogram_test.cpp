#include "propagator/seismogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>

#include "propagator/travel_time.h"
#include "tests/propagator/models.h"

namespace {

using propagator::Excitation;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::GroundMotion;

GreensFunctions numbered(Eigen::Index n_series) {
  GreensFunctions g{8.0, 40.0, 0.5, 0.0, Eigen::ArrayXXd::Zero(6, n_series)};
  for (Eigen::Index c = 0; c < n_series; ++c) g.series.col(c).setConstant(std::pow(2.0, static_cast<double>(c)));
  return g;
}

// Each tensor element and force excites, at an azimuth where its pattern is one, the series of equations (1)-(3) and (6).
TEST(GroundMotion, IsTheSumOfTheSeriesWithTheirPatterns) {
  const double north = 0.0, east = std::numbers::pi / 2.0;
  const GreensFunctions ten = numbered(10);
  const GroundMotion dip = ground_motion(ten, propagator::MomentTensor{0, 0, 0, 0, -1, 0}, north);
  EXPECT_NEAR(dip.up[0], 8.0, 1e-12);       // ZDS
  EXPECT_NEAR(dip.radial[0], 16.0, 1e-12);  // RDS
  EXPECT_NEAR(ground_motion(ten, propagator::MomentTensor{0, 0, 0, 0, -1, 0}, east).transverse[0], 32.0, 1e-12);
  const GroundMotion explosion = ground_motion(ten, propagator::MomentTensor{1, 1, 1, 0, 0, 0}, 0.7);
  EXPECT_NEAR(explosion.up[0], 256.0, 1e-10);
  EXPECT_NEAR(explosion.radial[0], 512.0, 1e-10);
  EXPECT_NEAR(explosion.transverse[0], 0.0, 1e-12);
  const GreensFunctions five = numbered(5);
  EXPECT_NEAR(ground_motion(five, propagator::Force{1, 0, 0}, north).up[0], 1.0, 1e-12);         // ZHF
  EXPECT_NEAR(ground_motion(five, propagator::Force{1, 0, 0}, east).transverse[0], 4.0, 1e-12);  // THF
  EXPECT_NEAR(ground_motion(five, propagator::Force{0, 1, 0}, north).transverse[0], -4.0,
              1e-12);                                                                        // to the west of clockwise
  EXPECT_NEAR(ground_motion(five, propagator::Force{0, 0, 1}, 0.3).radial[0], 16.0, 1e-12);  // RVF
}

TEST(GroundMotion, RefusesSeriesOfAnotherSource) {
  EXPECT_THROW(ground_motion(numbered(8), propagator::MomentTensor{1, 1, 1, 0, 0, 0}, 0.0), std::invalid_argument);
  EXPECT_THROW(ground_motion(numbered(10), propagator::Force{1, 0, 0}, 0.0), std::invalid_argument);
  EXPECT_NO_THROW(ground_motion(numbered(8), propagator::MomentTensor{1, -1, 0, 0, 0, 0}, 0.0));
}

TEST(SourceTimeFunction, HasUnitAreaAndDelaysByHalfItsDuration) {
  Eigen::ArrayXd spike = Eigen::ArrayXd::Zero(40);
  spike[4] = 1.0;
  for (const double rise : {0.1, 0.25, 0.5}) {
    const Eigen::ArrayXd smooth = propagator::with_source_time(spike, 0.5, 6.0, rise);
    EXPECT_NEAR(smooth.sum(), 1.0, 1e-14);
    EXPECT_NEAR((smooth * Eigen::ArrayXd::LinSpaced(40, 0.0, 39.0)).sum() - 4.0, 6.0, 1e-12);  // 3 s of 0.5 s samples
    EXPECT_EQ(smooth.head(4).abs().maxCoeff(), 0.0);
    EXPECT_EQ(smooth.tail(23).abs().maxCoeff(), 0.0);
  }
  EXPECT_TRUE((propagator::with_source_time(spike, 0.5, 0.0, 0.5) == spike).all());
  EXPECT_THROW(propagator::with_source_time(spike, 0.5, 0.7, 0.5), std::invalid_argument);
  EXPECT_THROW(propagator::with_source_time(spike, 0.5, 6.0, 0.6), std::invalid_argument);
}

// The first arrival of travel_time.h is where the explosion's seismogram begins: before it less than 1 % of the largest
// amplitude, within a second after it the first motion. Direct waves and, at 150 km, the head wave along the Moho, which is weak: there
// the onset is sought at 1/50 of the amplitude of the first five seconds.
TEST(Onset, OfSeismogramsIsTheFirstArrival) {
  GreensSettings s;
  s.n_samples = 512;
  s.dt_s = 0.1;
  s.lead_samples = 64;
  s.source_time = propagator::SourceTime::impulse;
  s.wavenumbers.tolerance = 1e-3;
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> distances = {10.0, 60.0, 150.0};
  const std::vector<GreensFunctions> greens = compute_greens_functions(model, {8.0}, distances, s);
  EXPECT_EQ(first_p(model, 8.0, 60.0).refractor, -1);
  EXPECT_GE(first_p(model, 8.0, 150.0).refractor, 1);
  for (const GreensFunctions& g : greens) {
    const double p_s = first_p(model, 8.0, g.distance_km).time_s;
    const auto onset = static_cast<Eigen::Index>(p_s / s.dt_s);
    const Eigen::ArrayXd radial = g.series.col(static_cast<int>(propagator::Fundamental::REX)).abs();
    const double first_motion = radial.segment(onset - 5, 25).maxCoeff();
    EXPECT_LT(radial.head(onset - 8).maxCoeff(), 0.1 * first_motion) << g.distance_km;
    EXPECT_GT(radial.segment(onset - 3, 10).maxCoeff(), 0.1 * first_motion) << g.distance_km;
  }
}

// The two laws of attenuation.h differ by what a real shear modulus leaves out, 1 / Qs of the source and the dispersion of its
// modulus: 0.2-2 % for Qs = 300, nothing without attenuation.
TEST(AttenuationLaws, DifferByLessThanTwoPercentAndNotAtAllInAnElasticMedium) {
  GreensSettings s;
  s.n_samples = 128;
  const auto series = [&s](const propagator::LayeredModel& model, propagator::AttenuationLaw law) {
    s.attenuation = law;
    return compute_greens_functions(model, {8.0}, {60.0}, s)[0].series;
  };
  using enum propagator::AttenuationLaw;
  const propagator::LayeredModel lossy = test_models::southern_california(35.0);
  const Eigen::ArrayXXd a = series(lossy, constant_q);
  const double difference = (a - series(lossy, constant_q_real_shear_modulus)).matrix().norm() / a.matrix().norm();
  EXPECT_GT(difference, 2e-3);
  EXPECT_LT(difference, 2e-2);
  const propagator::LayeredModel elastic =
      test_models::southern_california(35.0, test_models::elastic, test_models::elastic);
  EXPECT_TRUE((series(elastic, constant_q) == series(elastic, constant_q_real_shear_modulus)).all());
}

// Models of every kind: finite series with an error of their own, or a refusal that says what to change. FMNET_RANDOM_MODELS
// sets how many (2000 have been run).
TEST(RandomModels, GiveFiniteSeriesOrAClearRefusal) {
  const char* wanted = std::getenv("FMNET_RANDOM_MODELS");
  const int n_models = wanted == nullptr ? 25 : std::atoi(wanted);
  std::mt19937 random(11);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const auto power = [&](double low, double high) { return low * std::pow(high / low, uniform(random)); };
  int n_refused = 0, n_blind = 0;
  for (int i = 0; i < n_models; ++i) {
    const int n = 1 + static_cast<int>(40.0 * uniform(random));
    std::vector<propagator::Layer> layers;
    for (int j = 0; j < n; ++j) {
      const double vs = 0.3 + 4.9 * uniform(random);
      const double vp = std::min(9.0, vs * (1.2 + 1.0 * uniform(random)));
      layers.push_back({j + 1 == n ? 0.0 : power(0.01, 100.0), vp, std::min(vs, 0.85 * vp), 1.2 + 2.3 * uniform(random),
                        power(20.0, 2000.0), power(10.0, 1000.0)});
    }
    const double depth = power(0.01, 100.0);
    const double distance = power(0.1, 1000.0);
    GreensSettings s;
    s.n_samples = 16;
    s.dt_s = power(0.01, 2.0);
    s.wavenumbers.tolerance = 1e-2;
    s.n_threads = 1;
    // A few hundred frequencies at most, so that thousands of models can be run.
    s.max_frequency_hz = std::min(0.5 / s.dt_s, 8.0 / (distance + depth));
    try {
      const GreensFunctions g =
          compute_greens_functions(propagator::LayeredModel(layers), {depth}, {distance}, s).front();
      EXPECT_TRUE(g.series.allFinite()) << "model " << i;
      EXPECT_FALSE(std::isnan(g.error)) << "model " << i;
      n_blind += std::isinf(g.error);
    } catch (const std::invalid_argument& refusal) {
      ++n_refused;
      EXPECT_THAT(refusal.what(), ::testing::HasSubstr("expected")) << "model " << i;
    }
  }
  std::printf("%d models: %d refused, %d without a wave within the samples\n", n_models, n_refused, n_blind);
}

}  // namespace
