#include "data/records/sac.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "data/event.h"
#include "tests/support/input_error.h"
#include "tests/support/reference.h"

namespace data {
namespace {

SacRecord example() {
  SacRecord record;
  record.trace.network = "BK";
  record.trace.station = "BUCR";
  record.trace.location = "00";
  record.trace.channel = "BHN";
  record.trace.start_ns = parse_utc_ns("2019-12-31T23:59:59.9876");
  record.trace.dt_s = 0.025;
  record.trace.quantity = Quantity::displacement;
  record.trace.samples = Eigen::ArrayXd::LinSpaced(9, -4.0, 4.0) * 1e-6;
  record.orientation = Orientation{12.5, -3.0};
  return record;
}

// Every number of the file with its bytes turned round.
std::string with_other_byte_order(std::string bytes) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    if (at < 440 || at >= 632)
      std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at) + 4);
  }
  return bytes;
}

template <typename Number>
std::string changed(std::string bytes, std::size_t at, Number value) {
  std::memcpy(bytes.data() + at, &value, sizeof(value));
  return bytes;
}

TEST(Sac, WhatIsWrittenIsReadInBothByteOrders) {
  const SacRecord written = example();
  const SacUnit nm = parse_sac_unit("nm");
  const std::string bytes = sac_bytes(written, nm);
  EXPECT_EQ(bytes.size(), 632U + 9 * 4);
  for (const std::string& file : {bytes, with_other_byte_order(bytes)}) {
    const SacRecord read = parse_sac(file, "f", nm);
    EXPECT_EQ(channel_id(read.trace), "BK.BUCR.00.BHN");
    EXPECT_NEAR(static_cast<double>(read.trace.start_ns - written.trace.start_ns), 0.0, 1000.0);  // b is a float
    EXPECT_NEAR(read.trace.dt_s, 0.025, 1e-9);
    // float32 keeps 2^-24 = 6e-8 of each value.
    EXPECT_LT((read.trace.samples - written.trace.samples).abs().maxCoeff<Eigen::PropagateNaN>(), 6e-8 * 4e-6);
    ASSERT_TRUE(read.orientation.has_value());
    EXPECT_FLOAT_EQ(static_cast<float>(read.orientation->azimuth_deg), 12.5F);
    EXPECT_FLOAT_EQ(static_cast<float>(read.orientation->dip_deg), -3.0F);
  }
}

TEST(Sac, AFileOfAnotherProgramHasItsTimeAndCodes) {
  const std::string path = support::reference("byron_m44/instrument_removed/BK.BUCR.00.BHZ");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const Trace trace = read_sac(path, parse_sac_unit("m")).trace;
  EXPECT_EQ(channel_id(trace), "BK.BUCR.00.BHZ");
  EXPECT_EQ(trace.samples.size(), 14400);
  // Reference 20:11:01.470 (bytes 280-303), b = -59.995 s (float).
  EXPECT_NEAR(static_cast<double>(trace.start_ns - parse_utc_ns("2019-07-16T20:10:01.475")), 0.0, 5000.0);
}

TEST(Sac, RefusesEachBrokenRuleWithTheByteAndTheRule) {
  const std::string sound = sac_bytes(example(), parse_sac_unit("m"));
  const auto message = [](const std::string& bytes) {
    return support::input_error([&] { parse_sac(bytes, "f", parse_sac_unit("m")); });
  };
  ASSERT_EQ(message(sound), "no error");
  EXPECT_EQ(message(sound.substr(0, 600)), "f: size = 600 bytes: a SAC header has 632 bytes");
  EXPECT_EQ(message(changed(sound, 304, std::int32_t{5})), "f: byte 304: nvhdr = 5: must be 6 or 7 in one byte order");
  EXPECT_EQ(message(changed(sound, 316, std::int32_t{0})), "f: byte 316: npts = 0: must be 1 to 100000000");
  EXPECT_EQ(message(changed(sound, 316, std::int32_t{2'000'000'000})),
            "f: byte 316: npts = 2000000000: must be 1 to 100000000");
  EXPECT_EQ(message(changed(sound, 316, std::int32_t{99'000'000})),
            "f: byte 316: npts = 99000000: needs a file of 396000632 bytes, it has 668");
  EXPECT_EQ(message(sound + "x"), "f: byte 316: npts = 9: needs a file of 668 bytes, it has 669");
  EXPECT_EQ(message(changed(sound, 304, std::int32_t{7})),
            "f: byte 316: npts = 9: needs a file of 844 bytes, it has 668");
  EXPECT_EQ(message(changed(sound, 420, std::int32_t{0})), "f: byte 420: leven = 0: must be 1 (evenly sampled)");
  EXPECT_EQ(message(changed(sound, 340, std::int32_t{2})), "f: byte 340: iftype = 2: must be 1 (time series)");
  EXPECT_EQ(message(changed(sound, 0, -0.025F)), "f: byte 0: delta = -0.025: must be 1e-6 to 1e4 s");
  EXPECT_EQ(message(changed(sound, 0, std::nanf(""))), "f: byte 0: delta = nan: must be 1e-6 to 1e4 s");
  EXPECT_EQ(message(changed(sound, 20, -12345.0F)), "f: byte 20: b = undefined: must be a time within 1e8 s");
  EXPECT_EQ(message(changed(sound, 280, std::int32_t{-12345})), "f: byte 280: nzyear = undefined: must be 1900-2100");
  EXPECT_EQ(message(changed(sound, 300, std::int32_t{987600})), "f: byte 300: nzmsec = 987600: must be 0-999");
  EXPECT_EQ(message(changed(sound, 284, std::int32_t{366})), "f: byte 284: nzjday = 366: must be 1-365");
  EXPECT_EQ(message(changed(changed(sound, 280, std::int32_t{2020}), 284, std::int32_t{366})), "no error");
  SacRecord long_record = example();
  long_record.trace.samples.setZero(1'000'000);
  long_record.trace.dt_s = 1.0;
  EXPECT_EQ(message(changed(sac_bytes(long_record, parse_sac_unit("m")), 0, 9999.0F)),
            "f: byte 316: npts = 1000000: must last at most 1e9 s, lasts 9.999e+09 s with delta = 9999 s");
  EXPECT_EQ(support::input_error([] { parse_sac_unit("mm"); }),
            "SAC unit: unit = mm: must be one of m, cm, um, nm, each also with /s; m/s^2, cm/s^2, counts");
}

TEST(Sac, UnitsAreWhatTheirNamesSay) {
  for (const auto& [name, metres] : {std::pair{"m", 1.0}, {"cm", 1e-2}, {"um", 1e-6}, {"nm", 1e-9}}) {
    EXPECT_EQ(parse_sac_unit(name).si_per_unit, metres) << name;
    EXPECT_EQ(parse_sac_unit(name).quantity, Quantity::displacement) << name;
    EXPECT_EQ(parse_sac_unit(std::string(name) + "/s").si_per_unit, metres) << name;
    EXPECT_EQ(parse_sac_unit(std::string(name) + "/s").quantity, Quantity::velocity) << name;
  }
}

TEST(Sac, AccelerationsHaveTheirUnits) {
  EXPECT_EQ(parse_sac_unit("m/s^2").si_per_unit, 1.0);
  EXPECT_EQ(parse_sac_unit("cm/s^2").si_per_unit, 1e-2);
  for (const char* name : {"m/s^2", "cm/s^2"}) EXPECT_EQ(parse_sac_unit(name).quantity, Quantity::acceleration) << name;
  EXPECT_EQ(parse_sac_unit("counts").quantity, Quantity::counts);
}

// delta and b of the footer, doubles 0 and 1 of 22, take the place of the header's float32.
TEST(Sac, AFileOfVersionSevenHasItsTimesInTheFooter) {
  std::string bytes = changed(sac_bytes(example(), parse_sac_unit("m")), 304, std::int32_t{7});
  const double delta = 0.0250000001, b = 12.000000123;
  std::string footer(176, '\0');
  std::memcpy(footer.data(), &delta, 8);
  std::memcpy(footer.data() + 8, &b, 8);
  const SacRecord read = parse_sac(bytes + footer, "f", parse_sac_unit("m"));
  EXPECT_EQ(read.trace.dt_s, delta);
  EXPECT_EQ(read.trace.start_ns, parse_utc_ns("2019-12-31T23:59:59.987") + 12'000'000'123);
  std::string swapped_footer = footer;
  for (std::size_t at = 0; at < footer.size(); at += 8) {
    std::reverse(swapped_footer.begin() + static_cast<std::ptrdiff_t>(at),
                 swapped_footer.begin() + static_cast<std::ptrdiff_t>(at) + 8);
  }
  EXPECT_EQ(parse_sac(with_other_byte_order(bytes) + swapped_footer, "f", parse_sac_unit("m")).trace.dt_s, delta);
}

TEST(Sac, WritesNothingThatItWouldNotRead) {
  const auto refused = [](auto change) {
    SacRecord record = example();
    change(record.trace);
    EXPECT_THROW(sac_bytes(record, SacUnit{}), std::invalid_argument);
  };
  refused([](Trace& t) { t.samples.resize(0); });
  refused([](Trace& t) { t.dt_s = 0.0; });
  refused([](Trace& t) { t.dt_s = 1e5; });
  EXPECT_THROW(sac_bytes(example(), SacUnit{Quantity::displacement, 0.0}), std::invalid_argument);
}

}  // namespace
}  // namespace data
