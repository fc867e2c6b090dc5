#include <gtest/gtest.h>

#include <string>

#include "data/event.h"
#include "data/records/miniseed.h"
#include "tests/support/input_error.h"
#include "tests/support/made_up_station.h"
#include "tests/support/miniseed_writer.h"

namespace data {
namespace {

TEST(MiniseedDay, Number366IsOneOfLeapYearsOnly) {
  Trace trace = support::burst("HNZ", 10.0);
  trace.samples.conservativeResize(50);
  const auto record_of = [&](std::uint32_t year, std::uint32_t day) {
    std::string bytes = support::miniseed_file(trace);
    support::put_big_endian(bytes, 20, year, 2);
    support::put_big_endian(bytes, 22, day, 2);
    return bytes;
  };
  const auto refusal = [&](std::uint32_t year) {
    return support::input_error([&] { parse_miniseed(record_of(year, 366), "f"); });
  };
  EXPECT_EQ(refusal(2019), "f: byte 22: day = 366: must be 1-365");
  EXPECT_EQ(refusal(1900), "f: byte 22: day = 366: must be 1-365");
  EXPECT_EQ(refusal(2020), "no error");
  EXPECT_EQ(refusal(2000), "no error");
  EXPECT_EQ(format_utc(parse_miniseed(record_of(2020, 366), "f").records.at(0).start_ns).substr(0, 10), "2020-12-31");
  EXPECT_EQ(format_utc(parse_miniseed(record_of(2019, 365), "f").records.at(0).start_ns).substr(0, 10), "2019-12-31");
}

}  // namespace
}  // namespace data
