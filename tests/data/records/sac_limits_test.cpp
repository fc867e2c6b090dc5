// What SAC headers hold: texts that end with NUL, and times and lengths that are read and written within the same limits.
#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/event.h"
#include "data/greens_export.h"
#include "data/records/sac.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"

namespace data {
namespace {

SacRecord short_sac_record(const std::string& start = "2019-07-06T03:19:53", Eigen::Index n = 3, double dt_s = 0.5) {
  SacRecord record;
  record.trace.start_ns = parse_utc_ns(start);
  record.trace.dt_s = dt_s;
  record.trace.quantity = Quantity::displacement;
  record.trace.samples = Eigen::ArrayXd::LinSpaced(n, 0.0, 1.0);
  return record;
}

const SacUnit sac_of_metres{};

// Programs in C write "CLC" and a NUL over the "-12345  " that every text begins as.
TEST(SacLimits, ATextEndsAtItsFirstNul) {
  const std::string empty = sac_bytes(short_sac_record(), sac_of_metres);
  const auto id_with = [&](std::size_t at, const std::string& text) {
    std::string bytes = empty;
    bytes.replace(440, 8, "-12345  ");  // sac_bytes leaves the codes of a trace without any blank
    bytes.replace(600, 16, "-12345  -12345  ");
    bytes.replace(at, text.size(), text);
    return channel_id(parse_sac(bytes, "f", sac_of_metres).trace);
  };
  const auto text = [](const char* code, std::size_t size) { return std::string(code, size); };
  EXPECT_EQ(id_with(440, text("CLC", 4)), ".CLC..");
  EXPECT_EQ(id_with(464, text("00", 3)), "..00.");
  EXPECT_EQ(id_with(600, text("HNZ", 4)), "...HNZ");
  EXPECT_EQ(id_with(608, text("CI", 3)), "CI...");
  EXPECT_EQ(id_with(440, text("", 1)), "...") << "nothing before the NUL";
  EXPECT_EQ(id_with(440, text("-12345", 7)), "...") << "undefined";
  EXPECT_EQ(id_with(440, text("CLC     ", 8)), ".CLC..") << "blanks without a NUL";
}

// Whatever sac_bytes writes is read again, and what would not be is not written.
TEST(SacLimits, AreTheSameForWhatIsWrittenAndRead) {
  const auto written_and_read = [](const SacRecord& record) {
    const std::string refused = support::error_of<std::invalid_argument>([&] { sac_bytes(record, sac_of_metres); });
    if (refused != "no error") return refused;
    return "read: " + support::input_error([&] { parse_sac(sac_bytes(record, sac_of_metres), "f", sac_of_metres); });
  };
  EXPECT_EQ(written_and_read(short_sac_record("1900-01-01T00:00:00")), "read: no error");
  EXPECT_EQ(written_and_read(short_sac_record("2100-12-31T23:59:59.999")), "read: no error");
  EXPECT_EQ(written_and_read(short_sac_record("1899-12-31T23:59:59.999")),
            "sac_bytes: trace.start_ns = -2208988800001000000: expected a time in the years 1900-2100");
  EXPECT_EQ(written_and_read(short_sac_record("2101-01-01T00:00:00")),
            "sac_bytes: trace.start_ns = 4133980800000000000: expected a time in the years 1900-2100");
  EXPECT_EQ(written_and_read(short_sac_record("2000-01-01T00:00:00", 200'000, 5000.0)), "read: no error");
  EXPECT_EQ(written_and_read(short_sac_record("2000-01-01T00:00:00", 200'001, 5000.0)),
            "sac_bytes: 200001 samples every 5000 s: expected 1 to 100000000 samples, 1e-6 to 1e4 s, and 1e9 s in all");
  // In 32 bits this is 1e4.
  EXPECT_EQ(written_and_read(short_sac_record("2000-01-01T00:00:00", 3, 9999.9999)),
            "sac_bytes: 3 samples every 9999.9999 s: expected 1 to 100000000 samples, 1e-6 to 1e4 s, and 1e9 s in all");
  EXPECT_EQ(written_and_read(short_sac_record("2000-01-01T00:00:00", 3, 9999.0)), "read: no error");
}

TEST(SacLimits, AFirstSampleBeforeTheFirstYearIsRefused) {
  std::string bytes = sac_bytes(short_sac_record("1900-01-01T00:00:00"), sac_of_metres);
  const float b = -100.0F;
  std::memcpy(bytes.data() + 20, &b, sizeof b);
  EXPECT_EQ(support::input_error([&] { parse_sac(bytes, "f", sac_of_metres); }),
            "f: byte 20: b = -100: must put the first sample into the years 1900-2100");
}

// The time of an event is the user's, who is told.
TEST(SacLimits, ASyntheticOfAnOldEventIsAnInputError) {
  const SacGeometry geometry{10.0, 0.0, 180.0, 8.0, 0.0, {2.0, -1, 90.0}, {3.5, -1, 90.0}};
  const auto message = [&](const std::string& origin) {
    const SacRecord record = short_sac_record(origin);
    return support::input_error([&] { synthetic_sac_bytes(record, sac_of_metres, record.trace.start_ns, geometry); });
  };
  EXPECT_EQ(message("1857-01-09T16:24:00"), "SAC: time = 1857-01-09T16:24:00.000Z: must lie in the years 1900-2100");
  EXPECT_EQ(message("1906-04-18T13:12:00"), "no error");
}

}  // namespace
}  // namespace data
