#include "propagator/greens_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "propagator/greens_functions.h"
#include "propagator/travel_time.h"
#include "tests/propagator/models.h"
#include "tests/support/error_of.h"
#include "tests/support/largest.h"

namespace {

using propagator::GreensFunctions;
using propagator::GreensSettings;
using ::testing::HasSubstr;

std::string refusal_by_limits(const propagator::LayeredModel& model, double depth_km, double distance_km,
                              const GreensSettings& s) {
  return support::error_of<std::invalid_argument>(
      [&] { compute_greens_functions(model, {depth_km}, {distance_km}, s); });
}

GreensSettings of_a_low_band() {
  GreensSettings s;
  s.max_frequency_hz = 0.1;
  s.wavenumbers.tolerance = 1e-3;
  return s;
}

// 1 + ln(4 / T / 2 pi) / (pi Q) for T = 288 s: 0.35 at Q = 3, 0.51 at Q = 4.
TEST(GreensLimits, AQWhoseVelocityNearsZeroAtTheLowestFrequencyIsRefused) {
  const auto refusal = [](double q_p, double q_s) {
    return refusal_by_limits(propagator::LayeredModel({{1.0, 3.0, 1.5, 2.2, q_p, q_s}, {0.0, 6.0, 3.4, 2.7, 500, 250}}),
                             8.0, 20.0, of_a_low_band());
  };
  for (const double low : {0.3, 1.0, 2.0, 3.0}) {
    EXPECT_THAT(refusal(600.0, low), testing::AllOf(HasSubstr("layer 1: q_s = "), HasSubstr("at 0.00221 Hz")));
    EXPECT_THAT(refusal(low, 300.0), HasSubstr("layer 1: q_p = "));
  }
  EXPECT_THAT(refusal(600.0, 3.0), HasSubstr("falls to 0.35 of that at 1 Hz: expected at least 0.4"));
  for (const double enough : {4.0, 5.0, 10.0}) EXPECT_EQ(refusal(enough, enough), "no error");
}

// Above 1 Hz the velocities grow: Q = 1 has no lowest frequency to fear there.
TEST(GreensLimits, ALowQIsAcceptedInAHighBand) {
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = 0.1;
  s.min_frequency_hz = 2.0;
  const propagator::LayeredModel model({{0.0, 3.0, 1.5, 2.2, 1.0, 1.0}});
  EXPECT_EQ(refusal_by_limits(model, 1.0, 2.0, s), "no error");
  s.min_frequency_hz = 0.0;
  EXPECT_THAT(refusal_by_limits(model, 1.0, 2.0, s), HasSubstr("q_p = 1"));
}

// Q = 5 in a window of a quarter of an hour, against the sum by another rule: midpoint, small step, far end. Its own step errs by
// (dk x)^2 / 24 = 4e-4.
TEST(GreensLimits, SeriesOfAQOfFiveAreTheirFinePlainSums) {
  const propagator::LayeredModel model({{0.0, 6.0, 3.4, 2.7, 5.0, 5.0}});
  GreensSettings s;
  s.window_s = 900.0;
  s.max_frequency_hz = 0.25;
  const GreensFunctions ours = compute_greens_functions(model, {8.0}, {60.0}, s)[0];
  s.wavenumbers.rule = propagator::WavenumberRule::fk;
  s.wavenumbers.fk_step = 0.03;
  s.wavenumbers.fk_limit = 30.0;
  s.wavenumbers.fk_max_slowness = 6.0;
  const GreensFunctions fine = compute_greens_functions(model, {8.0}, {60.0}, s)[0];
  EXPECT_LE(support::largest_norm(ours.series - fine.series), 4e-4 * support::largest_norm(fine.series));
  EXPECT_LT(ours.error, 0.02);
}

// vs = 0.83 vp; Qp = 4 slows P to 0.7 of its velocity at 0.02 Hz, S keeps its own.
TEST(GreensLimits, PThatAttenuationMakesSlowerThanSIsRefused) {
  GreensSettings s = of_a_low_band();
  s.max_frequency_hz = 0.02;
  const propagator::LayeredModel model(
      {{2.0, 3.0, 2.5, 2.2, 4.0, test_models::elastic}, {0.0, 6.0, 3.4, 2.7, 500.0, 250.0}});
  EXPECT_THAT(refusal_by_limits(model, 8.0, 20.0, s), HasSubstr("layer 1: with q_p = 4 and q_s = inf P is no faster"));
}

GreensSettings begins_at(double first_sample_s) {
  GreensSettings s;
  s.n_samples = 100;
  s.dt_s = 0.5;
  s.max_frequency_hz = 0.5;
  s.first_sample_s = first_sample_s;
  return s;
}

// P comes at 10.02 s; the offset is taken from the samples 16 to 8.5 s before the first.
TEST(GreensLimits, AStepWhoseOffsetWouldBeTakenFromTheWaveIsRefused) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const double p_s = first_p(model, 8.0, 60.0).time_s;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, begins_at(p_s + 8.4)), "no error");
  EXPECT_THAT(
      refusal_by_limits(model, 8.0, 60.0, begins_at(p_s + 8.6)),
      testing::AllOf(HasSubstr("first_sample_s = 18."), HasSubstr("expected before P, which comes after 10.02")));
  GreensSettings s = begins_at(p_s + 8.6);
  s.lead_samples = 48;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "no error");
  s.lead_samples = 0;
  EXPECT_THAT(refusal_by_limits(model, 8.0, 60.0, s), HasSubstr("lead_samples"));
  s.source_time = propagator::SourceTime::impulse;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "no error");
  s = begins_at(p_s + 8.6);
  s.min_frequency_hz = 0.1;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "no error");
  EXPECT_THROW(compute_greens_functions(model, {8.0}, {150.0, 60.0}, begins_at(p_s + 8.6)), std::invalid_argument);
}

// The last window that is accepted holds the samples of an early one, within its error.
TEST(GreensLimits, AStepThatBeginsAsLateAsItMayIsThatOfAnEarlyWindow) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings early = begins_at(0.0);
  early.n_samples = 140;
  early.lead_samples = 64;
  early.window_s = 200.0;
  const Eigen::ArrayXXd exact = compute_greens_functions(model, {8.0}, {60.0}, early)[0].series.middleRows(36, 100);
  const GreensFunctions late = compute_greens_functions(model, {8.0}, {60.0}, begins_at(18.0))[0];
  EXPECT_LE(support::largest_norm(late.series - exact), late.error * support::largest_norm(exact));
}

// Waves that come two windows before an impulse's window lie where they lie in one of twice the length, amplified by exp(2 sigma T):
// no comparison tells it.
TEST(GreensLimits, AnImpulseWhoseWindowBeginsMoreThanAWindowAfterPIsRefused) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings s;
  s.source_time = propagator::SourceTime::impulse;
  s.max_frequency_hz = 0.2;
  s.wavenumbers.tolerance = 1e-3;
  const double p_s = first_p(model, 8.0, 60.0).time_s;
  for (const double late_s : {p_s + 257.0, 500.0, 2000.0, 1e4, 1e5}) {
    s.first_sample_s = late_s;
    EXPECT_THAT(refusal_by_limits(model, 8.0, 60.0, s), HasSubstr("P comes after 10.0214 s from 8 km depth")) << late_s;
  }
  s.first_sample_s = p_s + 255.0;
  const GreensFunctions last = compute_greens_functions(model, {8.0}, {60.0}, s)[0];
  EXPECT_TRUE(last.series.allFinite());
  EXPECT_TRUE(std::isinf(last.error)) << "its samples hold what wraps around: " << last.error;
}

// 64 s of a P that takes 333 s: sigma T = 2 makes exp(2 / 64 * 333).
TEST(GreensLimits, SamplesOfWhichUndampingLeavesNoDigitAreRefused) {
  GreensSettings s;
  s.n_samples = 64;
  s.window_s = 64.0;
  s.source_time = propagator::SourceTime::impulse;
  s.max_frequency_hz = 0.05;
  s.wavenumbers.tolerance = 1e-3;
  const auto refusal = [&s](double distance_km) {
    s.first_sample_s = std::floor(distance_km / 6.0);
    return refusal_by_limits(test_models::half_space(), 10.0, distance_km, s);
  };
  EXPECT_EQ(refusal(2000.0), "no error");
  EXPECT_THAT(refusal(8000.0),
              HasSubstr("first_sample_s = 1333: the last sample and its rounding errors are multiplied by "
                        "exp(44): expected at most exp(36); take a longer window_s"));
}

// A window that the user holds short: P comes in the sixth.
TEST(GreensLimits, AWindowThatEndsLongBeforePTellsAnInfiniteError) {
  GreensSettings s;
  s.n_samples = 32;
  s.window_s = 32.0;
  s.source_time = propagator::SourceTime::impulse;
  s.max_frequency_hz = 0.2;
  s.wavenumbers.tolerance = 1e-3;
  for (const double distance_km : {390.0, 1000.0}) {
    const double error = compute_greens_functions(test_models::half_space(), {10.0}, {distance_km}, s)[0].error;
    EXPECT_TRUE(std::isinf(error)) << error;
  }
}

// S loses 9.5 nepers more than P on each km at 22 Hz.
const propagator::Layer lossy{25.0, 1.5, 0.45, 2.0, 504.0, 15.0};

propagator::LayeredModel of_lossy_layers(const std::vector<double>& thicknesses_km) {
  std::vector<propagator::Layer> layers(thicknesses_km.size(), lossy);
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].thickness_km = thicknesses_km[i];
  layers.push_back({0.0, 8.0, 4.5, 3.3, 1000.0, 500.0});
  return propagator::LayeredModel(layers);
}

// At 22 Hz, of a source 5 km away.
Eigen::ArrayXXcd spectrum_at_22_hz(const propagator::LayeredModel& model, double depth_km, double receiver_km = 0.0) {
  GreensSettings s;
  s.receiver_depth_km = receiver_km;
  s.wavenumbers.tolerance = 1e-3;
  return compute_spectra(model, {depth_km}, {5.0}, {{2.0 * std::numbers::pi * 22.0}, 0.05, 40.0}, s)[0];
}

std::string refusal_at_22_hz(const propagator::LayeredModel& model, double depth_km, double receiver_km = 0.0) {
  return support::error_of<std::invalid_argument>(
      [&] { EXPECT_TRUE(spectrum_at_22_hz(model, depth_km, receiver_km).allFinite()); });
}

TEST(GreensLimits, LayersThatAreAcceptedOneByOneMayLoseShearWavesTogether) {
  EXPECT_EQ(refusal_at_22_hz(of_lossy_layers({25.0}), 26.0), "no error");
  const propagator::LayeredModel three = of_lossy_layers({25.0, 25.0, 25.0});
  EXPECT_EQ(refusal_at_22_hz(three, 60.0), "no error");
  EXPECT_THAT(
      refusal_at_22_hz(three, 76.0),
      HasSubstr("compute_spectra: the layers between the receiver and the farthest source, 76 km, together weaken S "
                "by exp(712)"));
  EXPECT_EQ(refusal_at_22_hz(three, 76.0, 20.0), "no error") << "what lies above the receiver does not count";
  EXPECT_THAT(refusal_at_22_hz(three, 0.0, 76.0), HasSubstr("together weaken S")) << "a receiver below the source";
}

TEST(GreensLimits, ASourceInALossyHalfSpaceHasAPartOfItAbove) {
  propagator::Layer below = lossy;
  below.thickness_km = 0.0;
  const propagator::LayeredModel model({{1.0, 5.0, 3.0, 2.5, 500.0, 300.0}, below});
  EXPECT_EQ(refusal_at_22_hz(model, 31.0), "no error");
  EXPECT_THAT(refusal_at_22_hz(model, 41.0), HasSubstr("layer 2 weakens S by exp(380)"));
}

// As close to the limits as they admit: one layer, its halves and its thirds give one result.
TEST(GreensLimits, AThickLayerIsItsHalves) {
  for (const auto& [one, parts] : {std::pair<std::vector<double>, std::vector<double>>{{33.0}, {16.5, 16.5}},
                                   {{33.0, 33.0}, {22.0, 22.0, 22.0}}}) {
    const double depth_km = 1.0 + 36.0 * static_cast<double>(one.size());
    const Eigen::ArrayXXcd thick = spectrum_at_22_hz(of_lossy_layers(one), depth_km);
    const Eigen::ArrayXXcd thin = spectrum_at_22_hz(of_lossy_layers(parts), depth_km);
    EXPECT_GT(support::largest_size(thick), 0.0);
    EXPECT_LE(support::largest_size(thick - thin), 1e-8 * support::largest_size(thick));
  }
}

// Between two points at depth, either the source: P along 20 km in the half-space takes 20 / 6 s, and 10 km more of depth 22.4 / 6.
TEST(GreensLimits, AReceiverAtDepthHasItsOwnP) {
  const propagator::LayeredModel model({{4.0, 3.0, 1.7, 2.2, test_models::elastic, test_models::elastic},
                                        {0.0, 6.0, 3.464, 2.7, test_models::elastic, test_models::elastic}});
  const auto refusal = [&model](double source_km, double receiver_km, double offset_ends_s) {
    GreensSettings s = begins_at(offset_ends_s + 8.5);
    s.receiver_depth_km = receiver_km;
    return refusal_by_limits(model, source_km, 20.0, s);
  };
  EXPECT_EQ(refusal(10.0, 10.0, 3.3), "no error");
  EXPECT_THAT(refusal(10.0, 10.0, 3.4), HasSubstr("comes after 3.33333 s"));
  for (const double source_km : {10.0, 20.0}) {
    EXPECT_EQ(refusal(source_km, 30.0 - source_km, 3.7), "no error");
    EXPECT_THAT(refusal(source_km, 30.0 - source_km, 3.75), HasSubstr("comes after 3.72678 s"));
  }
}

}  // namespace
