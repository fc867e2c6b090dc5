#include "fmnet/metrics.h"

#include <gtest/gtest.h>

#include <numeric>

namespace {

using fmnet::wilson_interval;

// Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3: printed to four digits.
TEST(Metrics, WilsonIntervalsAreThosePublished) {
  EXPECT_NEAR(wilson_interval(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval(15, 148).low, 0.0624, 5e-5);
  EXPECT_NEAR(wilson_interval(15, 148).high, 0.1605, 5e-5);
  EXPECT_NEAR(wilson_interval(0, 20).low, 0.0, 1e-12);
  EXPECT_NEAR(wilson_interval(0, 20).high, 0.1611, 5e-5);
  EXPECT_NEAR(wilson_interval(29, 29).low, 0.8830, 5e-5);
  EXPECT_NEAR(wilson_interval(29, 29).high, 1.0, 1e-12);
}

TEST(Metrics, PercentilesInterpolateLikeNumpy) {
  const std::vector<double> values = {4.0, 1.0, 3.0, 2.0};  // numpy.percentile: 2.5 and 3.7
  EXPECT_DOUBLE_EQ(fmnet::percentile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(fmnet::percentile(values, 0.9), 3.7);
  EXPECT_DOUBLE_EQ(fmnet::percentile(values, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(fmnet::percentile({5.0}, 0.9), 5.0);
}

TEST(Metrics, TwentyDegreesItselfIsGood) {
  const fmnet::KaganSummary s = fmnet::summarize_kagan({0.0, 20.0, 20.001, 119.0});
  EXPECT_EQ(s.n_good, 2);
  EXPECT_DOUBLE_EQ(s.share_good, 0.5);
  EXPECT_DOUBLE_EQ(s.largest_deg, 119.0);
  EXPECT_DOUBLE_EQ(s.median_deg, 20.0005);
}

TEST(Metrics, ASummaryTellsMeanMedianNinetiethPercentileAndLargest) {
  const fmnet::KaganSummary even = fmnet::summarize_kagan({70, 20, 100, 0, 50, 10, 90, 30, 60, 80, 40});
  EXPECT_DOUBLE_EQ(even.mean_deg, 50.0);
  EXPECT_DOUBLE_EQ(even.median_deg, 50.0);
  EXPECT_DOUBLE_EQ(even.percentile_90_deg, 90.0);
  EXPECT_DOUBLE_EQ(even.largest_deg, 100.0);
  const fmnet::KaganSummary uneven = fmnet::summarize_kagan({30, 0, 120, 6});  // 90 % of the way: 30 + 0.7 x 90
  EXPECT_DOUBLE_EQ(uneven.mean_deg, 39.0);
  EXPECT_DOUBLE_EQ(uneven.median_deg, 18.0);
  EXPECT_DOUBLE_EQ(uneven.percentile_90_deg, 93.0);
  EXPECT_DOUBLE_EQ(uneven.largest_deg, 120.0);
}

TEST(Metrics, TheHistogramHoldsEveryAngle) {
  const fmnet::KaganHistogram h = fmnet::kagan_histogram({0.0, 1.19, 1.21, 60.0, 119.9, 120.0});
  EXPECT_EQ(std::accumulate(h.counts.begin(), h.counts.end(), std::int64_t{0}), 6);
  EXPECT_EQ(h.counts.front(), 2);
  EXPECT_EQ(h.counts[1], 1);
  EXPECT_EQ(h.counts.back(), 2);
}

TEST(Metrics, RefuseEmptyAndImpossibleInput) {
  EXPECT_EQ(fmnet::summarize_kagan({}).n, 0);
  EXPECT_THROW(fmnet::summarize_kagan({121.0}), std::invalid_argument);
  EXPECT_THROW(wilson_interval(3, 2), std::invalid_argument);
  EXPECT_THROW(wilson_interval(0, 0), std::invalid_argument);
  EXPECT_THROW(fmnet::percentile({}, 0.5), std::invalid_argument);
}

}  // namespace
