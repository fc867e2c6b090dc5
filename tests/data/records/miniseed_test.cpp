#include "data/records/miniseed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "data/event.h"
#include "data/records/miniseed_guard.h"
#include "data/records/segments.h"
#include "tests/support/input_error.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/reference.h"

namespace data {
namespace {

Trace ramp(Eigen::Index n) {
  Trace trace;
  trace.network = "XX";
  trace.station = "AAA";
  trace.location = "00";
  trace.channel = "HNZ";
  trace.start_ns = parse_utc_ns("2019-07-06T03:19:53.0456");
  trace.dt_s = 0.01;
  trace.samples = Eigen::ArrayXd::LinSpaced(n, -5.0, static_cast<double>(n) - 6.0) * 1001.0;
  return trace;
}

TEST(Miniseed, ReadsWhatTheManualsTableSays) {
  const Trace written = ramp(300);
  const MiniseedContent content = parse_miniseed(support::miniseed_file(written), "x");
  ASSERT_EQ(content.records.size(), 3U);
  const Segments joined = join_by_time(content.records);
  ASSERT_EQ(joined.traces.size(), 1U);
  const Trace& read = joined.traces[0];
  EXPECT_EQ(channel_id(read), "XX.AAA.00.HNZ");
  EXPECT_EQ(read.start_ns, written.start_ns);
  EXPECT_DOUBLE_EQ(read.dt_s, 0.01);
  EXPECT_EQ(read.quantity, Quantity::counts);
  EXPECT_TRUE((read.samples == written.samples).all());
}

TEST(Miniseed, DecodesLikewiseWhateverTheEnvironmentSays) {
  setenv("UNPACK_DATA_FORMAT", "1", 1);
  setenv("UNPACK_DATA_BYTEORDER", "0", 1);
  const MiniseedContent content = parse_miniseed(support::miniseed_file(ramp(10)), "x");
  EXPECT_DOUBLE_EQ(content.records.at(0).samples[9], 4004.0);
}

// Each bad record is a sound one with a few bytes changed.
struct BadRecordCase {
  std::size_t at;
  std::uint32_t value;
  std::size_t size;
  const char* message;
};

TEST(Miniseed, RefusesEachBrokenRuleWithTheByteAndTheRule) {
  const std::vector<BadRecordCase> cases = {
      {0, 'x', 1, "f: byte 512: sequence number = x00001: must be six digits or blanks"},
      {6, 'X', 1, "f: byte 518: quality = X: must be D, R, Q or M"},
      {9, 0x07, 1, "f: byte 521: station codes = A?A  00HNZXX: must be printable ASCII"},
      {20, 1800, 2, "f: byte 532: year,day = 1800,187: must be 1900-2100 and 1-366 in one byte order"},
      {24, 24, 1, "f: byte 536: hour = 24: must be 0-23"},
      {28, 10000, 2, "f: byte 540: fraction = 10000: must be 0-9999 (0.1 ms)"},
      {30, 113, 2, "f: byte 542: samples = 113: at most 112 fit the record"},
      {32, 0, 2, "f: byte 512: sample rate = 0.000000: must be 1e-4 to 1e6 Hz"},
      {44, 66, 2, "f: byte 556: data offset = 66: must be at least 48 and a multiple of 4"},
      {44, 60000, 2, "f: byte 556: data offset = 60000: must lie inside the file"},
      {46, 60, 2, "f: byte 558: blockette offset = 60: must lie between the header (48) and the data (64)"},
      {46, 0, 2, "f: byte 558: blockette 1000 = absent: must occur once"},
      {48, 500, 2, "f: byte 560: blockette type = 500: must be 100, 1000 or 1001"},
      {50, 48, 2, "f: byte 562: next blockette = 48: must lie behind this one"},
      {52, 30, 1, "f: byte 564: encoding = 30: must be 1, 3, 4, 5 (numbers), 10 or 11 (Steim)"},
      {53, 2, 1, "f: byte 565: data byte order = 2: must be 0 or 1"},
      {54, 6, 1, "f: byte 566: record length exponent = 6: must be 7-16"},
      {54, 10, 1, "f: byte 566: record length = 1024: must not pass the end of the file (512 bytes left)"},
  };
  const std::string sound = support::miniseed_file(ramp(200));
  for (const BadRecordCase& bad : cases) {
    std::string bytes = sound;
    support::put_big_endian(bytes, 512 + bad.at, bad.value, bad.size);
    EXPECT_EQ(support::input_error([&] { parse_miniseed(bytes, "f"); }), bad.message);
    const MiniseedContent skipped = parse_miniseed(bytes, "f", BadRecord::skip);
    EXPECT_EQ(skipped.records.size(), 1U) << bad.message;
    EXPECT_EQ(skipped.skipped.at(0), bad.message);
  }
}

TEST(Miniseed, RefusesEmptyAndTruncatedFilesAtEveryByte) {
  const std::string sound = support::miniseed_file(ramp(100));
  EXPECT_EQ(support::input_error([] { parse_miniseed("", "f"); }), "f: is empty, expected miniSEED records");
  for (std::size_t n = 1; n < sound.size(); ++n) {
    EXPECT_NE(support::input_error([&] { parse_miniseed(sound.substr(0, n), "f"); }), "no error") << n;
  }
  EXPECT_EQ(support::input_error([&] { parse_miniseed(sound.substr(0, 40), "f"); }),
            "f: byte 0: bytes left = 40: a record header has 48 bytes");
}

TEST(Miniseed, ADamagedSteimRecordDisagreesWithItsLastSample) {
  const std::string path = support::reference("ridgecrest_m71/waveforms/CI.CCC..HNE.mseed");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const MiniseedContent whole = read_miniseed(path);
  std::string bytes;
  {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    std::vector<char> buffer(4096);
    const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file);
    std::fclose(file);
    bytes.assign(buffer.data(), n);
  }
  EXPECT_EQ(support::input_error([&] { parse_miniseed(bytes, "f"); }), "no error");
  bytes[200] = static_cast<char>(bytes[200] ^ 1);  // one bit of a difference
  EXPECT_NE(support::input_error([&] { parse_miniseed(bytes, "f"); }).find("the Steim frame declares"),
            std::string::npos);
  EXPECT_EQ(whole.records.size(), 86016U / 4096U);
}

TEST(Segments, GapsAndOverlapsAreTold) {
  const Trace whole = ramp(400);
  const auto part = [&](Eigen::Index first, Eigen::Index n) {
    Trace t = whole;
    t.start_ns = sample_time_ns(whole, static_cast<double>(first));
    t.samples = whole.samples.segment(first, n);
    return t;
  };
  const Segments late_first = join_by_time({part(200, 200), part(0, 200)});
  EXPECT_EQ(late_first.traces.size(), 1U);
  EXPECT_TRUE((late_first.traces[0].samples == whole.samples).all());

  const Segments gap = join_by_time({part(0, 200), part(202, 100)});
  EXPECT_EQ(gap.traces.size(), 2U);
  ASSERT_EQ(gap.gaps.size(), 1U);
  EXPECT_EQ(gap.gaps[0].to_ns - gap.gaps[0].from_ns, 30'000'000);

  const Segments twice = join_by_time({part(0, 200), part(150, 250)});
  EXPECT_EQ(twice.traces.size(), 1U);
  EXPECT_TRUE((twice.traces[0].samples == whole.samples).all());
  ASSERT_EQ(twice.overlaps.size(), 1U);
  EXPECT_FALSE(twice.overlaps[0].conflicting);

  Trace other = part(150, 250);
  other.samples[10] += 1.0;
  const Segments conflict = join_by_time({part(0, 200), other});
  EXPECT_TRUE(conflict.overlaps.at(0).conflicting);
  ASSERT_EQ(conflict.traces.size(), 2U);
  EXPECT_EQ(conflict.traces[1].start_ns, sample_time_ns(whole, 200.0));
  EXPECT_EQ(conflict.traces[1].samples.size(), 200);
}

TEST(Segments, AChangeOfRateIsNoGapUnlessSamplesAreMissing) {
  const Trace former = ramp(200);
  Trace latter = former;
  latter.dt_s = 5.0 * former.dt_s;
  const auto joined_from = [&](double i) {
    latter.start_ns = sample_time_ns(former, i);
    return join_by_time({former, latter});
  };
  for (const double i : {200.0, 150.0}) {  // the next sample; overlapping
    const Segments joined = joined_from(i);
    EXPECT_EQ(joined.traces.size(), 2U);
    EXPECT_TRUE(joined.gaps.empty());
    ASSERT_EQ(joined.rate_changes.size(), 1U);
    EXPECT_EQ(joined.rate_changes[0].last_ns, end_ns(former));
    EXPECT_EQ(joined.rate_changes[0].first_ns, latter.start_ns);
    EXPECT_EQ(joined.rate_changes[0].to_dt_s, latter.dt_s);
  }
  const Segments apart = joined_from(220.0);
  EXPECT_EQ(apart.rate_changes.size(), 1U);
  ASSERT_EQ(apart.gaps.size(), 1U);
  EXPECT_LT(apart.gaps[0].from_ns, apart.gaps[0].to_ns);
}

TEST(Segments, HalfASampleIsTolerated) {
  const Trace first = ramp(100);
  Trace second = ramp(100);
  second.start_ns = sample_time_ns(first, 100.45);
  EXPECT_EQ(join_by_time({first, second}).traces.size(), 1U);
  second.start_ns = sample_time_ns(first, 100.55);
  EXPECT_EQ(join_by_time({first, second}).gaps.size(), 1U);
  second.channel = "HNE";
  EXPECT_THROW(join_by_time({first, second}), std::invalid_argument);
}

// The header and samples of the manual's table in another encoding and byte order. The record is that of support::miniseed_record.
std::string record_in(const Trace& trace, MiniseedEncoding encoding, bool big_endian) {
  std::string bytes = support::miniseed_record(trace, 0, trace.samples.size());
  const auto put = [&](std::size_t at, auto value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    if (big_endian) std::reverse(raw, raw + sizeof value);
    bytes.replace(at, sizeof value, raw, sizeof value);
  };
  bytes[52] = static_cast<char>(encoding);
  bytes[53] = big_endian ? 1 : 0;
  if (!big_endian) {
    for (const std::size_t at : {20, 22, 28, 30, 32, 34, 44, 46, 48, 50}) std::swap(bytes[at], bytes[at + 1]);
  }
  bytes.replace(64, 448, 448, '\0');
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const auto at = [i](std::size_t size) { return 64 + size * static_cast<std::size_t>(i); };
    const double x = trace.samples[i];
    if (encoding == MiniseedEncoding::int16) put(at(2), static_cast<std::int16_t>(x));
    if (encoding == MiniseedEncoding::int32) put(at(4), static_cast<std::int32_t>(x));
    if (encoding == MiniseedEncoding::float32) put(at(4), static_cast<float>(x));
    if (encoding == MiniseedEncoding::float64) put(at(8), x);
  }
  return bytes;
}

TEST(Miniseed, ReadsEveryNumberInBothByteOrders) {
  Trace whole = ramp(50);  // -5005 .. 44044 do not fit 16 bits
  whole.samples *= 0.5;
  const Eigen::ArrayXd rounded = whole.samples.round();
  Trace fraction = whole;
  whole.samples = rounded;
  fraction.samples += 0.125;
  for (const bool big_endian : {true, false}) {
    for (const MiniseedEncoding encoding :
         {MiniseedEncoding::int16, MiniseedEncoding::int32, MiniseedEncoding::float32, MiniseedEncoding::float64}) {
      const bool is_integer = encoding == MiniseedEncoding::int16 || encoding == MiniseedEncoding::int32;
      const Trace& trace = is_integer ? whole : fraction;
      const MiniseedContent content = parse_miniseed(record_in(trace, encoding, big_endian), "f");
      ASSERT_EQ(content.records.size(), 1U);
      EXPECT_EQ(content.records[0].start_ns, trace.start_ns);
      EXPECT_DOUBLE_EQ(content.records[0].dt_s, 0.01);
      ASSERT_EQ(content.records[0].samples.size(), 50);
      EXPECT_TRUE((content.records[0].samples == trace.samples).all())
          << "encoding " << static_cast<int>(encoding) << (big_endian ? ", big" : ", little") << " endian";
    }
  }
}

// Blockette 100 at 56 (float32 rate) and 1001 at 68 (microseconds) before samples from 128 on.
TEST(Miniseed, BlocketteHundredTellsTheRateAndThousandOneTheMicroseconds) {
  const Trace trace = ramp(90);
  std::string bytes = support::miniseed_record(trace, 0, 90);
  bytes.insert(64, 64, '\0');
  bytes.resize(512);
  support::put_big_endian(bytes, 39, 3, 1);    // blockettes that follow
  support::put_big_endian(bytes, 44, 128, 2);  // samples
  support::put_big_endian(bytes, 50, 56, 2);   // the next blockette
  support::put_big_endian(bytes, 56, 100, 2);
  support::put_big_endian(bytes, 58, 68, 2);
  const float rate = 99.5F;
  std::uint32_t raw = 0;
  std::memcpy(&raw, &rate, 4);
  support::put_big_endian(bytes, 60, raw, 4);
  support::put_big_endian(bytes, 68, 1001, 2);
  bytes[73] = 37;  // microseconds, signed
  const MiniseedContent content = parse_miniseed(bytes, "f");
  ASSERT_EQ(content.records.size(), 1U);
  EXPECT_DOUBLE_EQ(content.records[0].dt_s, 1.0 / 99.5);
  EXPECT_EQ(content.records[0].start_ns, trace.start_ns + 37'000);
  EXPECT_TRUE((content.records[0].samples == trace.samples).all());
}

}  // namespace
}  // namespace data
