#include "propagator/time_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/propagator/models.h"
#include "tests/support/error_of.h"

namespace {

using propagator::GreensSettings;

// A window of 400 s has 0.05, 0.075 and 0.1 Hz among its frequencies. An impulse whose window begins at 0: the factors are H.
TEST(TimeWindow, TheLowerEndOfTheBandRisesFromHalfItsFrequencyToOne) {
  GreensSettings s;
  s.source_time = propagator::SourceTime::impulse;
  s.n_samples = 800;
  s.dt_s = 0.5;
  s.min_frequency_hz = 0.1;
  s.max_frequency_hz = 0.5;
  const propagator::TimeWindow window = window_of(test_models::half_space(), 50.0, s);
  ASSERT_EQ(window.length_s, 400.0);
  const Eigen::ArrayXcd H = spectral_factors(window, s);
  const auto at = [&](double hz) {
    return H[static_cast<Eigen::Index>(std::lround(hz * window.length_s)) - window.first_frequency];
  };
  EXPECT_EQ(window.first_frequency, 20) << "nothing below half of the frequency";
  EXPECT_NEAR(std::abs(at(0.05)), 0.0, 1e-15);
  EXPECT_NEAR(std::abs(at(0.0625) - std::pow(std::sin(std::numbers::pi / 8.0), 2)), 0.0, 1e-15);
  EXPECT_NEAR(std::abs(at(0.075) - 0.5), 0.0, 1e-15);
  for (const double hz : {0.1, 0.1025, 0.2, 0.35}) EXPECT_EQ(at(hz), 1.0) << hz;
  EXPECT_NEAR(std::abs(at(0.425) - 0.5), 0.0, 1e-14) << "the middle of the taper";
}

TEST(InverseTransform, RefusesASpectrumOfAnotherLength) {
  GreensSettings s;
  const propagator::TimeWindow window = window_of(test_models::half_space(), 50.0, s);
  propagator::InverseTransform transform(window, s);
  EXPECT_THAT(
      support::error_of<std::invalid_argument>([&] { transform(Eigen::ArrayXcd::Zero(window.n_frequencies - 1)); }),
      ::testing::HasSubstr("expected 144, one for each frequency"));
}

}  // namespace
