// The figures of the chapter on Green's functions: their numbers say what the chapter says, and gnuplot draws them.
#include "fmnet/figures/greens_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/drawn_figure.h"

namespace {

using fmnet::SumError;

double smallest_place_below(const SumError& study, double error) {
  double place = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < study.place.size(); ++i) {
    if (study.error[i] <= error) place = std::min(place, study.place[i]);
  }
  return place;
}

// 40 km leave no digit of two solutions and cost minors less than four; the rounding that is to be expected is told to a factor 100.
TEST(GreensFigures, ThePlainProductLosesAllDigitsAndTheMinorsNone) {
  const fmnet::PlainProduct study = fmnet::plain_product();
  EXPECT_GT(study.plain.back().maxCoeff(), 0.5);
  for (const Eigen::ArrayXd& minors : study.minors) EXPECT_LT(minors.maxCoeff(), 1e-12);
  for (std::size_t h = 0; h < 3; ++h) {
    EXPECT_LT(study.plain[h].maxCoeff(), 100.0 * study.expected[h].maxCoeff());
    EXPECT_GT(study.plain[h].maxCoeff(), 0.01 * study.expected[h].maxCoeff());
  }
  support::expect_drawn(plain_product_figure(study));
}

TEST(GreensFigures, AFadeEndsTheSumAtATenthOfTheWavenumberAndAGrowingStepAtHalfTheNodes) {
  const std::vector<SumError> end = fmnet::end_of_the_sum(), step = fmnet::step_of_the_sum();
  EXPECT_LT(smallest_place_below(end[1], 1e-6), 0.1 * smallest_place_below(end[0], 1e-6));
  EXPECT_LT(smallest_place_below(step[1], 1e-4), 0.5 * smallest_place_below(step[0], 1e-4));
  support::expect_drawn(wavenumber_sum_figure(end, step));
  EXPECT_THROW(fmnet::wavenumber_sum_figure(end, {}), std::invalid_argument);
}

TEST(GreensFigures, SnapshotsAndCostsAreDrawn) {
  fmnet::WaveField field{{1, 2, 3, 4}, {0, 1, 2}, {0.5, 1.5}, {}};
  for (int t = 0; t < 4; ++t) field.velocity_m_s.push_back(Eigen::ArrayXXd::Constant(3, 2, 1e-18 * (t - 1.5)));
  support::expect_drawn(wave_field_figure(field));
  support::expect_drawn(fmnet::accuracy_and_cost_figure(
      {{{"1e-03", 0.4, 1e-4}, {"1e-04", 0.5, 1e-5}}, {{"0.3", 1.0, 1e-2}}}, "a machine"));
}

}  // namespace
