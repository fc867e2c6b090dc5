#include "propagator/seismogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <random>

#include "propagator/time_window.h"
#include "propagator/travel_time.h"
#include "tests/propagator/models.h"
#include "tests/support/error_of.h"
#include "tests/support/largest.h"

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

// Twice one source and minus half of another, added before or after: 1e-12, a few roundings of sums of ten terms.
TEST(GroundMotion, IsLinearInTheSource) {
  GreensSettings s;
  s.n_samples = 64;
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const auto expect_equal = [](const GroundMotion& sum, const GroundMotion& a, const GroundMotion& b) {
    const auto same = [](const Eigen::ArrayXd& whole, const Eigen::ArrayXd& one, const Eigen::ArrayXd& other) {
      const double largest = support::larger(support::largest_size(one), support::largest_size(other));
      EXPECT_LE(support::largest_size(whole - 2.0 * one + 0.5 * other), 1e-12 * largest);
    };
    same(sum.up, a.up, b.up);
    same(sum.radial, a.radial, b.radial);
    same(sum.transverse, a.transverse, b.transverse);
  };
  const GreensFunctions of_moment = compute_greens_functions(model, {8.0}, {40.0}, s).front();
  const propagator::MomentTensor M{1.0, -0.4, 0.7, 0.2, -1.1, 0.3}, N{-0.6, 0.9, 0.1, -0.8, 0.5, 1.2};
  const propagator::MomentTensor both{2.0 * M.xx - 0.5 * N.xx, 2.0 * M.yy - 0.5 * N.yy, 2.0 * M.zz - 0.5 * N.zz,
                                      2.0 * M.xy - 0.5 * N.xy, 2.0 * M.xz - 0.5 * N.xz, 2.0 * M.yz - 0.5 * N.yz};
  expect_equal(ground_motion(of_moment, both, 0.7), ground_motion(of_moment, M, 0.7), ground_motion(of_moment, N, 0.7));
  s.excitation = Excitation::single_force;
  const GreensFunctions of_force = compute_greens_functions(model, {8.0}, {40.0}, s).front();
  const propagator::Force F{1.0, -0.4, 0.7}, G{0.3, 0.8, -0.5};
  const propagator::Force sum{2.0 * F.north - 0.5 * G.north, 2.0 * F.east - 0.5 * G.east, 2.0 * F.down - 0.5 * G.down};
  expect_equal(ground_motion(of_force, sum, 0.7), ground_motion(of_force, F, 0.7), ground_motion(of_force, G, 0.7));
}

TEST(GroundMotion, RefusesSeriesOfAnotherSource) {
  EXPECT_THROW(ground_motion(numbered(8), propagator::MomentTensor{1, 1, 1, 0, 0, 0}, 0.0), std::invalid_argument);
  EXPECT_THROW(ground_motion(numbered(10), propagator::Force{1, 0, 0}, 0.0), std::invalid_argument);
  EXPECT_NO_THROW(ground_motion(numbered(8), propagator::MomentTensor{1, -1, 0, 0, 0, 0}, 0.0));
}

TEST(GroundMotion, RefusesASourceOrAnAzimuthThatIsNotFinite) {
  const auto refusal = [](const auto& source, Eigen::Index n_series, double azimuth_rad) {
    return support::error_of<std::invalid_argument>([&] { ground_motion(numbered(n_series), source, azimuth_rad); });
  };
  using propagator::Force;
  using propagator::MomentTensor;
  using ::testing::HasSubstr;
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_THAT(refusal(MomentTensor{bad, 1, 1, 0, 0, 0}, 10, 0.0), HasSubstr("tensor.xx"));
    EXPECT_THAT(refusal(MomentTensor{1, bad, 1, 0, 0, 0}, 10, 0.0), HasSubstr("tensor.yy"));
    EXPECT_THAT(refusal(MomentTensor{1, 1, bad, 0, 0, 0}, 10, 0.0), HasSubstr("tensor.zz"));
    EXPECT_THAT(refusal(MomentTensor{1, 1, 1, bad, 0, 0}, 10, 0.0), HasSubstr("tensor.xy"));
    EXPECT_THAT(refusal(MomentTensor{1, 1, 1, 0, bad, 0}, 10, 0.0), HasSubstr("tensor.xz"));
    EXPECT_THAT(refusal(MomentTensor{1, 1, 1, 0, 0, bad}, 10, 0.0), HasSubstr("tensor.yz"));
    EXPECT_THAT(refusal(MomentTensor{1, 1, 1, 0, 0, 0}, 10, bad), HasSubstr("azimuth_rad"));
    EXPECT_THAT(refusal(Force{bad, 0, 0}, 5, 0.0), HasSubstr("force.north"));
    EXPECT_THAT(refusal(Force{0, bad, 0}, 5, 0.0), HasSubstr("force.east"));
    EXPECT_THAT(refusal(Force{0, 0, bad}, 5, 0.0), HasSubstr("force.down"));
    EXPECT_THAT(refusal(Force{1, 0, 0}, 5, bad), HasSubstr("azimuth_rad"));
  }
}

TEST(SourceTimeFunction, HasUnitAreaAndDelaysByHalfItsDuration) {
  Eigen::ArrayXd spike = Eigen::ArrayXd::Zero(40);
  spike[4] = 1.0;
  for (const double rise : {0.1, 0.25, 0.5}) {
    const Eigen::ArrayXd smooth = propagator::with_source_time(spike, propagator::moment_rate(40, 0.5, 6.0, rise));
    EXPECT_NEAR(smooth.sum(), 1.0, 1e-14);
    EXPECT_NEAR((smooth * Eigen::ArrayXd::LinSpaced(40, 0.0, 39.0)).sum() - 4.0, 6.0, 1e-12);  // 3 s of 0.5 s samples
    EXPECT_EQ(support::largest_size(smooth.head(4)), 0.0);
    EXPECT_EQ(support::largest_size(smooth.tail(23)), 0.0);
  }
  EXPECT_TRUE((propagator::with_source_time(spike, propagator::moment_rate(40, 0.5, 0.0, 0.5)) == spike).all());
  EXPECT_THROW(propagator::moment_rate(40, 0.5, 0.7, 0.5), std::invalid_argument);
  EXPECT_THROW(propagator::moment_rate(40, 0.5, 20.5, 0.5), std::invalid_argument);
  EXPECT_THROW(propagator::moment_rate(40, 0.5, 6.0, 0.6), std::invalid_argument);
}

// Six seconds in samples of half a second. A rise of a quarter of them is three samples long; one of a half makes a triangle.
TEST(SourceTimeFunction, RisesLinearlyStaysAndFallsAsItRose) {
  Eigen::ArrayXd trapezoid(13), triangle(13);
  trapezoid << 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 2, 1, 0;
  triangle << 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0;
  const auto expect_shape = [](const Eigen::ArrayXd& shape, double rise) {
    const Eigen::ArrayXd rate = propagator::moment_rate(40, 0.5, 6.0, rise);
    ASSERT_EQ(rate.size(), shape.size());
    EXPECT_LE(support::largest_size(rate - shape / shape.sum()), 1e-15)
        << rise;  // a few roundings of numbers up to 1/9
  };
  expect_shape(trapezoid, 0.25);
  expect_shape(triangle, 0.5);
}

GreensSettings onset_settings(int n_samples) {
  GreensSettings s;
  s.n_samples = n_samples;
  s.dt_s = 0.1;
  s.lead_samples = 64;
  s.source_time = propagator::SourceTime::impulse;
  s.wavenumbers.tolerance = 1e-3;
  return s;
}

void expect_onset(const GreensFunctions& g, propagator::Fundamental series, double arrival_s) {
  const auto onset = static_cast<Eigen::Index>(arrival_s / g.dt_s);
  const Eigen::ArrayXd motion = g.series.col(static_cast<int>(series)).abs();
  const double first_motion = support::largest_size(motion.segment(onset - 5, 25));
  EXPECT_LT(support::largest_size(motion.head(onset - 8)), 0.1 * first_motion) << g.distance_km;
  EXPECT_GT(support::largest_size(motion.segment(onset - 3, 10)), 0.1 * first_motion) << g.distance_km;
}

// The first arrival of travel_time.h is where the explosion's seismogram begins. The first motion is the largest from 0.5 s before it to
// 2 s after it: until 0.8 s before the arrival there is less than a tenth of that, and more from 0.3 s before to 0.7 s after it. Direct
// waves and, at 150 km, the head wave along the Moho, which is weak.
TEST(Onset, OfSeismogramsIsTheFirstArrival) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  EXPECT_EQ(first_p(model, 8.0, 60.0).refractor, -1);
  EXPECT_GE(first_p(model, 8.0, 150.0).refractor, 1);
  for (const GreensFunctions& g : compute_greens_functions(model, {8.0}, {10.0, 60.0, 150.0}, onset_settings(512))) {
    expect_onset(g, propagator::Fundamental::REX, first_p(model, 8.0, g.distance_km).time_s);
  }
}

// The same of S, on the transverse component of a strike slip, direct and along the Moho.
TEST(Onset, OfTransverseSeismogramsIsTheFirstS) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  for (const GreensFunctions& g : compute_greens_functions(model, {8.0}, {10.0, 60.0, 150.0}, onset_settings(768))) {
    expect_onset(g, propagator::Fundamental::TSS, first_s(model, 8.0, g.distance_km).time_s);
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

// A model of 1-40 layers with inversions, 0.3-9 km/s, 0.01-100 km thick; source 0.01-100 km deep, receiver 0.1-1,000 km away, samples
// of 0.01-2 s from a little before P until the slowest shear wave has passed, or 20,000 of them. The band ends at twenty periods
// in the time of that wave: some fifty frequencies, so that thousands of models can be run.
struct RandomModel {
  propagator::LayeredModel model;
  double depth_km, distance_km;
  GreensSettings settings;

  std::vector<GreensFunctions> series(const GreensSettings& s) const {
    return compute_greens_functions(model, {depth_km}, {distance_km}, s);
  }
};

RandomModel random_model(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const auto power = [&](double low, double high) { return low * std::pow(high / low, uniform(random)); };
  const int n = 1 + static_cast<int>(40.0 * uniform(random));
  std::vector<propagator::Layer> layers;
  for (int j = 0; j < n; ++j) {
    const double vs = 0.3 + 4.9 * uniform(random);
    const double vp = std::min(9.0, vs * (1.2 + 1.0 * uniform(random)));
    layers.push_back({j + 1 == n ? 0.0 : power(0.01, 100.0), vp, std::min(vs, 0.85 * vp), 1.2 + 2.3 * uniform(random),
                      power(20.0, 2000.0), power(10.0, 1000.0)});
  }
  RandomModel r{propagator::LayeredModel(layers), power(0.01, 100.0), power(0.1, 1000.0), {}};
  GreensSettings& s = r.settings;
  s.dt_s = power(0.01, 2.0);
  const double last_s = std::hypot(r.depth_km, r.distance_km) / (0.8 * r.model.smallest_vs_km_s());
  s.first_sample_s = std::floor(0.8 * first_p(r.model, r.depth_km, r.distance_km).time_s);
  s.n_samples = static_cast<int>(std::clamp((last_s - s.first_sample_s) / s.dt_s, 16.0, 20000.0));
  s.source_time = uniform(random) < 0.5 ? propagator::SourceTime::step : propagator::SourceTime::impulse;
  s.wavenumbers.tolerance = 1e-2;
  s.max_frequency_hz = std::min(0.5 / s.dt_s, 20.0 / last_s);
  s.n_threads = 1;
  return r;
}

// 68 km at 0.45 km/s and Qs = 15: at 22 Hz S is weakened by exp(700) and more, P by a hundredth of that.
TEST(GreensFunctions, RefuseALayerInWhichShearWavesAreLost) {
  const propagator::LayeredModel model({{68.0, 1.5, 0.45, 2.0, 504.0, 15.0}, {0.0, 8.0, 4.5, 3.3, 1000.0, 500.0}});
  GreensSettings settings;
  settings.n_samples = 64;
  settings.dt_s = 0.02;
  EXPECT_THAT(
      support::error_of<std::invalid_argument>([&] { compute_greens_functions(model, {1.0}, {5.0}, settings); }),
      ::testing::HasSubstr("layer 1 weakens S by exp("));
  settings.max_frequency_hz = 4.0;
  for (const GreensFunctions& g : compute_greens_functions(model, {1.0}, {5.0}, settings)) {
    EXPECT_TRUE(g.series.allFinite());
  }
}

// Finite series with an error of their own, which every tenth is held to by a far better computation, or a refusal that says
// what to change. FMNET_RANDOM_MODELS sets how many.
TEST(RandomModels, GiveFiniteSeriesWithinTheirErrorOrAClearRefusal) {
  const char* wanted = std::getenv("FMNET_RANDOM_MODELS");
  const int n_models = wanted == nullptr ? 100 : std::atoi(wanted);
  std::mt19937 random(11);
  int n_refused = 0, n_infinite = 0, n_refined = 0;
  for (int i = 0; i < n_models; ++i) {
    const RandomModel r = random_model(random);
    try {
      const GreensFunctions g = r.series(r.settings).front();
      EXPECT_TRUE(g.series.allFinite()) << "model " << i;
      EXPECT_FALSE(std::isnan(g.error)) << "model " << i;
      n_infinite += std::isinf(g.error);
      if (i % 10 != 0 || std::isinf(g.error)) continue;
      const propagator::TimeWindow window = window_of(r.model, std::hypot(r.depth_km, r.distance_km), r.settings);
      GreensSettings better = r.settings;
      better.wavenumbers.tolerance = 1e-5;
      better.window_s = 2.0 * window.length_s;
      better.damping = 2.0 * window.sigma_rad_s * window.length_s;
      const Eigen::ArrayXXd exact = r.series(better).front().series;
      EXPECT_LE(support::largest_norm(g.series - exact), g.error * support::largest_norm(exact)) << "model " << i;
      ++n_refined;
    } catch (const std::invalid_argument& refusal) {
      ++n_refused;
      EXPECT_THAT(refusal.what(), ::testing::HasSubstr("expected")) << "model " << i;
    }
  }
  std::printf("%d models: %d refused, %d with an infinite error, %d compared with a better computation\n", n_models,
              n_refused, n_infinite, n_refined);
  // Waves that ring in slow layers beyond every window, and impulses of a few samples without a lead.
  EXPECT_LE(n_refused + n_infinite, 2 * n_models / 5);
  EXPECT_GE(n_refined, n_models / 20) << "half of the tenth that may be compared";
}

}  // namespace
