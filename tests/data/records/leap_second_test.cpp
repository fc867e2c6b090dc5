// Times are counted without leap seconds: what becomes of a record that holds one.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "data/event.h"
#include "data/records/quality.h"

namespace data {
namespace {

// 20 samples/s from `start` on, each sample another value.
Trace record_of_other_values(const std::string& start, double length_s, double first_value) {
  Trace trace;
  trace.start_ns = parse_utc_ns(start);
  trace.dt_s = 0.05;
  trace.samples.resize(static_cast<Eigen::Index>(std::llround(length_s / trace.dt_s)));
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) trace.samples[i] = first_value + static_cast<double>(i);
  return trace;
}

// What is told of a record of this length and one that begins at `next`, about a window that lies in both.
std::string told_of_two(const std::string& start, double length_s, const std::string& next) {
  const Segments segments =
      join_by_time({record_of_other_values(start, length_s, 0.0), record_of_other_values(next, 60.0, 1e6)});
  return fault_in_coverage(segments, segments.traces.front().start_ns, parse_utc_ns(next) + 50'000'000'000);
}

const std::string overlap_of_a_second = "overlap: 0.95 s of the window are given twice with different values";

// From 23:59:50 to 00:00:20 there were 31 s at the end of 2016 and of June 2015.
TEST(LeapSecond, IsSuspectedWhereOneMayHaveBeen) {
  EXPECT_EQ(told_of_two("2016-12-31T23:59:50", 31.0, "2017-01-01T00:00:20"), overlap_of_a_second + " (a leap second?)");
  EXPECT_EQ(told_of_two("2015-06-30T23:59:50", 31.0, "2015-07-01T00:00:20"), overlap_of_a_second + " (a leap second?)");
  EXPECT_EQ(told_of_two("2016-12-31T23:59:50", 11.0, "2017-01-01T00:00:00"), overlap_of_a_second + " (a leap second?)");
  EXPECT_EQ(told_of_two("2016-12-31T23:59:50", 610.0 + 1.0, "2017-01-01T00:10:00"),
            overlap_of_a_second + " (a leap second?)");
}

TEST(LeapSecond, IsNotSuspectedElsewhere) {
  EXPECT_EQ(told_of_two("2017-01-01T23:59:50", 31.0, "2017-01-02T00:00:20"), overlap_of_a_second);
  EXPECT_EQ(told_of_two("2016-09-30T23:59:50", 31.0, "2016-10-01T00:00:20"), overlap_of_a_second);
  EXPECT_EQ(told_of_two("2016-12-31T23:59:50", 671.0, "2017-01-01T00:11:00"), overlap_of_a_second);
  EXPECT_EQ(told_of_two("2016-12-31T23:59:50", 32.0, "2017-01-01T00:00:20"),
            "overlap: 1.95 s of the window are given twice with different values");
}

}  // namespace
}  // namespace data
