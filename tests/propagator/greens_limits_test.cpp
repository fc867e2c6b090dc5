#include "propagator/greens_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "propagator/greens_functions.h"
#include "propagator/travel_time.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"

namespace {

using propagator::GreensFunctions;
using propagator::GreensSettings;
using ::testing::HasSubstr;

std::string refusal_by_limits(const propagator::LayeredModel& model, double depth_km, double distance_km,
                              const GreensSettings& s) {
  try {
    compute_greens_functions(model, {depth_km}, {distance_km}, s);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
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
  for (const double enough : {4.0, 5.0, 10.0}) EXPECT_EQ(refusal(enough, enough), "accepted");
}

// Above 1 Hz the velocities grow: Q = 1 has no lowest frequency to fear there.
TEST(GreensLimits, ALowQIsAcceptedInAHighBand) {
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = 0.1;
  s.min_frequency_hz = 2.0;
  const propagator::LayeredModel model({{0.0, 3.0, 1.5, 2.2, 1.0, 1.0}});
  EXPECT_EQ(refusal_by_limits(model, 1.0, 2.0, s), "accepted");
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
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, begins_at(p_s + 8.4)), "accepted");
  EXPECT_THAT(
      refusal_by_limits(model, 8.0, 60.0, begins_at(p_s + 8.6)),
      testing::AllOf(HasSubstr("first_sample_s = 18."), HasSubstr("expected before P, which comes after 10.02")));
  GreensSettings s = begins_at(p_s + 8.6);
  s.lead_samples = 48;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "accepted");
  s.lead_samples = 0;
  EXPECT_THAT(refusal_by_limits(model, 8.0, 60.0, s), HasSubstr("lead_samples"));
  s.source_time = propagator::SourceTime::impulse;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "accepted");
  s = begins_at(p_s + 8.6);
  s.min_frequency_hz = 0.1;
  EXPECT_EQ(refusal_by_limits(model, 8.0, 60.0, s), "accepted");
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

// Between two points at depth, either the source: P along 20 km in the half-space takes 20 / 6 s, and 10 km more of depth 22.4 / 6.
TEST(GreensLimits, AReceiverAtDepthHasItsOwnP) {
  const propagator::LayeredModel model({{4.0, 3.0, 1.7, 2.2, test_models::elastic, test_models::elastic},
                                        {0.0, 6.0, 3.464, 2.7, test_models::elastic, test_models::elastic}});
  const auto refusal = [&model](double source_km, double receiver_km, double offset_ends_s) {
    GreensSettings s = begins_at(offset_ends_s + 8.5);
    s.receiver_depth_km = receiver_km;
    return refusal_by_limits(model, source_km, 20.0, s);
  };
  EXPECT_EQ(refusal(10.0, 10.0, 3.3), "accepted");
  EXPECT_THAT(refusal(10.0, 10.0, 3.4), HasSubstr("comes after 3.33333 s"));
  for (const double source_km : {10.0, 20.0}) {
    EXPECT_EQ(refusal(source_km, 30.0 - source_km, 3.7), "accepted");
    EXPECT_THAT(refusal(source_km, 30.0 - source_km, 3.75), HasSubstr("comes after 3.72678 s"));
  }
}

}  // namespace
