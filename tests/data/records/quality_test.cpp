#include "data/records/quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace data {
namespace {

using std::numbers::pi;

// A sine of 0.1 Hz at 20 samples/s, rounded to whole counts.
Trace sine(double amplitude, double rail = std::numeric_limits<double>::infinity()) {
  Trace trace;
  trace.dt_s = 0.05;
  trace.samples.resize(2000);
  for (Eigen::Index i = 0; i < 2000; ++i) {
    trace.samples[i] =
        std::clamp(std::round(amplitude * std::sin(2.0 * pi * 0.1 * 0.05 * static_cast<double>(i))), -rail, rail);
  }
  return trace;
}

TEST(Quality, SoundRecordsOfAnySizePass) {
  for (const double amplitude : {3.0, 20.0, 100.0, 1e4, 1e6, 7.9e6})
    EXPECT_EQ(fault_in_samples(sine(amplitude), {}), "") << amplitude;
}

TEST(Quality, FaultsAreNamed) {
  EXPECT_EQ(fault_in_samples(sine(8.0e6), {}), "clipped: 8000000 counts, beyond 95 % of full scale 8388608");
  // The sine is above half its amplitude from 30 to 150 degrees, a third of its 10 s: both ends and 66 samples between.
  EXPECT_EQ(fault_in_samples(sine(1e6, 5e5), {}).substr(0, 12), "clipped: 67 ");
  Trace trace = sine(1000.0);
  trace.samples[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(fault_in_samples(trace, {}), "not a number: sample 7 is nan");
  trace.samples.setConstant(12.0);
  EXPECT_EQ(fault_in_samples(trace, {}), "flat: all samples are 12");
  trace.samples[1000] = 13.0;
  EXPECT_EQ(fault_in_samples(trace, {}), "flat: 99.9 % of the samples repeat the one before");
}

// A step that decays slowly has equal samples at its top, entered by a jump and left by steps of one count: no rail.
TEST(Quality, APlateauWithOneSoftEdgeIsNotClipped) {
  Trace trace = sine(3.0);
  for (Eigen::Index i = 1000; i < 2000; ++i)
    trace.samples[i] = std::round(1000.0 - 0.2 * static_cast<double>(i - 1000));
  EXPECT_EQ(fault_in_samples(trace, {}), "");
}

// A record that begins at rest and rises in steps of ten counts, and one that ends that way.
TEST(Quality, TheEndsOfTheRecordAreNoStepsOfAPlateau) {
  Trace trace;
  trace.dt_s = 0.05;
  trace.samples = Eigen::ArrayXd::LinSpaced(200, -40.0, 1950.0).cwiseMax(0.0);
  EXPECT_EQ(fault_in_samples(trace, {}), "");
  trace.samples.reverseInPlace();
  EXPECT_EQ(fault_in_samples(trace, {}), "");
}

TEST(Quality, FullScaleIsAQuestionOfCountsOnly) {
  Trace trace = sine(9e6);
  trace.quantity = Quantity::velocity;
  EXPECT_EQ(fault_in_samples(trace, {}), "");
}

TEST(Quality, CoverageIsTold) {
  Segments segments;
  segments.traces = {sine(1000.0)};
  const std::int64_t s = 1'000'000'000;
  EXPECT_EQ(fault_in_coverage(segments, 0, 99 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, -2 * s, 99 * s), "too short: begins 2.0 s after the window");
  EXPECT_EQ(fault_in_coverage(segments, 0, 110 * s), "too short: ends 10.1 s before the window does");
  // A record of 2100 is 400 years behind an event of 1700.
  segments.traces[0].start_ns = 4'102'444'800 * s;
  EXPECT_EQ(fault_in_coverage(segments, -8'520'336'000 * s, 0), "too short: begins 12622780800.0 s after the window");
  segments.traces[0].start_ns = 0;
  segments.overlaps = {{10 * s, 12 * s, true}};
  EXPECT_EQ(fault_in_coverage(segments, 0, 99 * s),
            "overlap: 2.00 s of the window are given twice with different values");
  EXPECT_EQ(fault_in_coverage(segments, 20 * s, 99 * s), "");
  EXPECT_EQ(fault_in_coverage({}, 0, s), "too short: no samples");
}

// Without samples between that at 10 s and that at 12 s: a window may begin or end with these two.
TEST(Quality, OnlyAGapInsideTheWindowIsOne) {
  Segments segments;
  segments.traces = {sine(1000.0)};
  const std::int64_t s = 1'000'000'000;
  segments.gaps = {{10 * s, 12 * s}};
  const std::string gap = "gap: 2.00 s without samples in the window";
  EXPECT_EQ(fault_in_coverage(segments, 0, 99 * s), gap);
  EXPECT_EQ(fault_in_coverage(segments, 0, 11 * s), gap);
  EXPECT_EQ(fault_in_coverage(segments, 11 * s, 99 * s), gap);
  EXPECT_EQ(fault_in_coverage(segments, 0, 8 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, 0, 10 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, 12 * s, 99 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, 20 * s, 99 * s), "");
}

// 20 samples/s up to 99.95 s, then 10 samples/s from 90 s on: what matters is whether one of the two holds the window.
TEST(Quality, AChangeOfRateInTheWindowIsTold) {
  Trace latter = sine(1000.0);
  latter.dt_s = 0.1;
  latter.start_ns = 90'000'000'000;
  const Segments segments = join_by_time({sine(1000.0), latter});
  const std::int64_t s = 1'000'000'000;
  EXPECT_EQ(fault_in_coverage(segments, 0, 95 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, 95 * s, 200 * s), "");
  EXPECT_EQ(fault_in_coverage(segments, 80 * s, 110 * s), "wrong rate: changes from 20 to 10 samples/s in the window");
}

TEST(Quality, TheRateMustBeTheDeclaredOneAndNotTooLow) {
  EXPECT_EQ(fault_in_rate(0.01, 100.0, {}), "");
  EXPECT_EQ(fault_in_rate(0.01, 99.0, {}), "wrong rate: 100 samples/s, the metadata say 99");
  EXPECT_EQ(fault_in_rate(2.0, 0.0, {}), "wrong rate: 0.5 samples/s, fewer than the 1 of the network's input");
  PreprocessSettings wide;
  wide.high_hz = 0.35;
  EXPECT_EQ(fault_in_rate(1.0, 0.0, wide), "");
  wide.high_hz = 0.42;
  EXPECT_EQ(fault_in_rate(1.0, 0.0, wide), "wrong rate: 1 samples/s, fewer than the 1.2 of a band up to 0.42 Hz");
}

TEST(Quality, SignalToNoiseIsTheRatioOfTheAmplitudesInTheBand) {
  // 0.07 Hz throughout, 50 times larger from 300 s on.
  Eigen::ArrayXd x(12000);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double t = 0.05 * static_cast<double>(i);
    x[i] = (t < 300.0 ? 1.0 : 50.0) * std::sin(2.0 * pi * 0.07 * t);
  }
  // The filter needs some 40 s of the 200 s to follow: the ratio is that much smaller.
  EXPECT_NEAR(signal_to_noise(x, 0.05, 100.0, 300.0, 500.0, {}), 50.0, 7.0);
  EXPECT_TRUE(std::isnan(signal_to_noise(x, 0.05, 295.0, 300.0, 500.0, {})));
  // A disturbance outside the band does not count.
  for (Eigen::Index i = 0; i < x.size(); ++i) x[i] += 100.0 * std::sin(2.0 * pi * 2.0 * 0.05 * static_cast<double>(i));
  EXPECT_NEAR(signal_to_noise(x, 0.05, 100.0, 300.0, 500.0, {}), 50.0, 7.0);
}

// Waves that begin within the last two seconds before P (a pick that is late) are no noise: the ratio grows with them as they do.
TEST(Quality, TheLastTwoSecondsBeforePAreNoNoise) {
  const auto ratio = [](double amplitude) {
    Eigen::ArrayXd x(12000);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      const double t = 0.05 * static_cast<double>(i);
      x[i] = std::sin(2.0 * pi * 0.07 * t) + (t < 298.1 ? 0.0 : amplitude * std::cos(2.0 * pi * 0.06 * (t - 298.1)));
    }
    return signal_to_noise(x, 0.05, 100.0, 300.0, 500.0, {});
  };
  EXPECT_NEAR(ratio(1e8) / ratio(1e5), 1e3, 1e-2);  // the noise itself is 1e-5 of the smaller signal
}

TEST(Quality, RefusesWhatHasNoSamplesAndNoInterval) {
  EXPECT_EQ(fault_in_samples(Trace{}, {}), "too short: no samples");
  EXPECT_THROW(fault_in_rate(0.0, 100.0, {}), std::invalid_argument);
  EXPECT_THROW(fault_in_rate(-0.01, 0.0, {}), std::invalid_argument);
  EXPECT_THROW(join_by_time({sine(10.0), Trace{"", "", "", "", 0, 0.0, Quantity::counts, Eigen::ArrayXd::Zero(3)}}),
               std::invalid_argument);
  Trace in_metres = sine(10.0);
  in_metres.quantity = Quantity::displacement;
  EXPECT_THROW(join_by_time({sine(10.0), in_metres}), std::invalid_argument);
}

}  // namespace
}  // namespace data
