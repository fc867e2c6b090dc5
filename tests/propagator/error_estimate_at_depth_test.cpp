// The error that Green's functions tell of themselves where the receiver lies below the surface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "propagator/error_estimate.h"
#include "propagator/time_window.h"
#include "propagator/travel_time.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"

namespace {

using propagator::ErrorEstimate;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::TimeWindow;

// Samples of half a second for 32 s.
GreensSettings with_receiver_at(double receiver_depth_km) {
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = 0.5;
  s.max_frequency_hz = 0.5;
  s.receiver_depth_km = receiver_depth_km;
  s.wavenumbers.tolerance = 1e-3;
  s.n_threads = 1;
  return s;
}

// A receiver at 10 km between two sources, the upper half a kilometre above it, against sums a thousand times finer. A sum that is
// compared with one for another receiver would err by all of the series.
TEST(ErrorEstimateAtDepth, OfTheSumIsNeitherBelowItsErrorNorOfAnotherReceiver) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> depths = {9.5, 30.0}, distances = {3.0, 40.0};
  GreensSettings s = with_receiver_at(10.0);
  const TimeWindow window = window_of(model, std::hypot(40.0, 20.0), s);
  const ErrorEstimate estimate(model, depths, distances, window, s,
                               compute_spectra(model, depths, distances, window.frequencies(), s));
  const std::vector<GreensFunctions> ours = compute_greens_functions(model, depths, distances, s);
  s.wavenumbers.tolerance = 1e-6;
  const std::vector<GreensFunctions> exact = compute_greens_functions(model, depths, distances, s);
  std::vector<double> norms;
  for (const GreensFunctions& g : ours) norms.push_back(support::largest_norm(g.series));
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double error = support::largest_norm(ours[i].series - exact[i].series);
    EXPECT_LE(error, estimate.parts(i, norms).sum * support::largest_norm(exact[i].series)) << "pair " << i;
    EXPECT_LT(estimate.parts(i, norms).sum, 0.3) << "pair " << i;
  }
}

// The spectra of one depth hold what is no number, between the frequencies that are summed again: which depths look at its window?
// Of the five the receiver's nearest (0.5 km from it), the middle one (1.5 km) and the farthest (20 km) are sampled, and each depth
// looks at those next to it in this distance, on both sides where it is one of them.
TEST(ErrorEstimateAtDepth, ADepthLooksAtThoseNextToItInTheirDistanceFromTheReceiver) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> depths = {2.0, 9.5, 10.8, 11.5, 30.0};
  const GreensSettings s = with_receiver_at(10.0);
  const TimeWindow window = window_of(model, std::hypot(20.0, 20.0), s);
  ASSERT_GT(window.n_frequencies, 4);
  const std::vector<Eigen::ArrayXXcd> sound = compute_spectra(model, depths, {20.0}, window.frequencies(), s);
  const auto spoiled_by = [&](std::size_t depth) {
    std::vector<Eigen::ArrayXXcd> spectra = sound;
    spectra[depth](3, 0) = std::nan("");
    const ErrorEstimate estimate(model, depths, {20.0}, window, s, spectra);
    std::vector<double> spoiled;
    for (std::size_t i = 0; i < depths.size(); ++i) {
      const ErrorEstimate::Parts parts = estimate.parts(i, std::vector<double>(depths.size(), 1.0));
      EXPECT_EQ(std::isnan(parts.window), std::isnan(parts.taper)) << depths[i];
      if (std::isnan(parts.window)) spoiled.push_back(depths[i]);
    }
    return spoiled;
  };
  EXPECT_THAT(spoiled_by(0), testing::IsEmpty());
  EXPECT_THAT(spoiled_by(1), testing::ElementsAre(9.5, 10.8, 11.5));
  EXPECT_THAT(spoiled_by(2), testing::IsEmpty());
  EXPECT_THAT(spoiled_by(3), testing::ElementsAre(2.0, 9.5, 10.8, 11.5, 30.0));
  EXPECT_THAT(spoiled_by(4), testing::ElementsAre(2.0, 11.5, 30.0));
}

// An impulse in a whole space: samples from 0 to 64 s, in a window of 128 s that begins 32 s before.
GreensSettings impulse_at(double receiver_depth_km) {
  GreensSettings s = with_receiver_at(receiver_depth_km);
  s.dt_s = 1.0;
  s.max_frequency_hz = 0.25;
  s.source_time = propagator::SourceTime::impulse;
  s.lead_samples = 32;
  s.window_s = 128.0;
  s.free_surface = false;
  return s;
}

// Two windows end after 224 s. P is there after 2 s, and at the place above the receiver at depth 0 after 333 s.
TEST(ErrorEstimateAtDepth, IsFiniteWherePReachesTheReceiverHoweverLateItWouldReachTheSurface) {
  const propagator::LayeredModel model = test_models::half_space();
  ASSERT_GT(first_p(model, 2000.0, 10.0).time_s, 224.0);
  ASSERT_LT(first_p(model, 2000.0, 10.0, 1990.0).time_s, 3.0);
  const double error = compute_greens_functions(model, {2000.0}, {10.0}, impulse_at(1990.0)).front().error;
  EXPECT_LT(error, 0.5);
}

// The other way round, in a window of 32 s that begins 8 s before: two of them end after 56 s, before P of a shallow source reaches
// a receiver far below.
TEST(ErrorEstimateAtDepth, IsInfiniteWherePComesAfterTwoWindowsHoweverSoonItIsAtTheSurface) {
  const propagator::LayeredModel model = test_models::half_space();
  ASSERT_LT(first_p(model, 10.0, 10.0).time_s, 3.0);
  ASSERT_GT(first_p(model, 10.0, 10.0, 500.0).time_s, 80.0);
  GreensSettings s = impulse_at(500.0);
  s.n_samples = 16;
  s.lead_samples = 8;
  s.window_s = 32.0;
  EXPECT_TRUE(std::isinf(compute_greens_functions(model, {10.0}, {10.0}, s).front().error));
}

}  // namespace
