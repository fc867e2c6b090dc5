#include "data/records/sacpz.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/event.h"
#include "tests/support/input_error.h"

namespace data {
namespace {

// The 1 Hz seismometer of station_xml_test.cpp (poles 2 pi (-0.707 +- 0.707 i), two zeros for velocity) with one zero more for
// displacement, of which the first alone is listed, and 3000 counts per m/s.
const std::string sound_sacpz = R"(* **********************************
* NETWORK   (KNETWK): XX
* STATION    (KSTNM): AAA
* LOCATION   (KHOLE): --
* CHANNEL   (KCMPNM): BHE
* START             : 2010-01-01T00:00:00
* END               : 2599-12-31T23:59:59
* LATITUDE          : 35.5
* LONGITUDE         : -117.25
* DIP               : 90.0
* AZIMUTH           : 83.0
* SAMPLE RATE       : 40.0
* INPUT UNIT        : M
* SENSITIVITY       : 3.0e+03 (M/S)
* A0                : 1.0e+00
* **********************************
ZEROS 3
	+0.0e+00	+0.0e+00
POLES 2
	-4.44288	+4.44288
	-4.44288	-4.44288
CONSTANT +3.0e+03
)";

std::string sacpz_with(const std::string& from, const std::string& to) {
  std::string text = sound_sacpz;
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the file: " + from);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  return support::input_error([&] { parse_sacpz(text, "f"); });
}

TEST(Sacpz, HoldsWhatTheFileSays) {
  const std::vector<ChannelEpoch> epochs = parse_sacpz(sound_sacpz + "\n" + sacpz_with("BHE", "BHN"), "f");
  ASSERT_EQ(epochs.size(), 2U);
  EXPECT_EQ(epochs[0].network + epochs[0].station + epochs[0].location + epochs[0].channel, "XXAAABHE");
  EXPECT_EQ(epochs[1].channel, "BHN");
  EXPECT_EQ(epochs[0].latitude_deg, 35.5);
  EXPECT_EQ(epochs[0].sample_rate_hz, 40.0);
  EXPECT_EQ(epochs[0].start_ns, parse_utc_ns("2010-01-01T00:00:00"));
  EXPECT_EQ(response_of(epochs[0]).zeros.size(), 3U) << "zeros that are not listed lie at the origin";
}

// Of a ground displacement of 1 m at 10 Hz, far above the corner, the velocity is 2 pi 10 m/s and the counts 3000 times that;
// |A0 P| is 0.99995 there.
TEST(Sacpz, TurnsDisplacementInMetresIntoCounts) {
  const InstrumentResponse response = response_of(parse_sacpz(sound_sacpz, "f").front());
  const double counts = std::abs(evaluate_response(response, 10.0, Quantity::displacement));
  EXPECT_NEAR(counts / (3000.0 * 2.0 * std::numbers::pi * 10.0), 0.99995, 1e-5);
  EXPECT_NEAR(std::abs(evaluate_response(response, 10.0, Quantity::velocity)) / 3000.0, 0.99995, 1e-5);
}

// The gain is 3000 until the first instant of 2012 and 5000 from then on.
TEST(Sacpz, OfTwoEpochsTheOneInForceIsTaken) {
  const std::string former = sacpz_with("2599-12-31T23:59:59", "2012-01-01T00:00:00");
  std::string latter = sacpz_with("START             : 2010", "START             : 2012");
  for (std::size_t at = latter.find("3.0e+03"); at != std::string::npos; at = latter.find("3.0e+03")) {
    latter.replace(at, 7, "5.0e+03");
  }
  for (const std::string& text : {former + latter, latter + former}) {
    const std::vector<ChannelEpoch> epochs = parse_sacpz(text, "f");
    const auto constant_at = [&](const std::string& start) {
      Trace trace{"XX", "AAA", "", "BHE", parse_utc_ns(start), 0.025, Quantity::counts, Eigen::ArrayXd::Zero(100)};
      return response_of(epoch_covering(epochs, trace)).A0;
    };
    EXPECT_EQ(constant_at("2011-07-06T00:00:00"), 3000.0);
    EXPECT_EQ(constant_at("2019-07-06T00:00:00"), 5000.0);
    EXPECT_EQ(support::input_error([&] { constant_at("2011-12-31T23:59:59"); }),
              "no metadata: XX.AAA..BHE: epochs = none: exactly one must cover the record that begins "
              "2011-12-31T23:59:59.000Z");
  }
}

TEST(Sacpz, DipIsCountedFromTheVerticalUnlessItSaysSeed) {
  EXPECT_EQ(parse_sacpz(sound_sacpz, "f").front().orientation->dip_deg, 0.0);
  EXPECT_EQ(parse_sacpz(sound_sacpz, "f").front().orientation->azimuth_deg, 83.0);
  EXPECT_EQ(
      parse_sacpz(sacpz_with("DIP               : 90.0", "DIP               : 0.0"), "f").front().orientation->dip_deg,
      -90.0);
  EXPECT_EQ(
      parse_sacpz(sacpz_with("DIP               : 90.0", "DIP (SEED)        : -90"), "f").front().orientation->dip_deg,
      -90.0);
  EXPECT_EQ(refusal(sacpz_with("DIP               : 90.0", "DIP               : -90.0")),
            "f: line 10: DIP = -90.0: must lie in 0..180");
}

TEST(Sacpz, AnEmptyLocationIsOneAndNoLocationIsNone) {
  for (const char* empty : {"(KHOLE): ", "(KHOLE):", "(KHOLE):   --  "}) {
    EXPECT_EQ(parse_sacpz(sacpz_with("(KHOLE): --", empty), "f").front().location, "") << empty;
  }
  EXPECT_EQ(parse_sacpz(sacpz_with("(KHOLE): --", "(KHOLE): 00"), "f").front().location, "00");
  EXPECT_EQ(refusal(sacpz_with("* LOCATION   (KHOLE): --\n", "")),
            "f: line 21: LOCATION = absent: the entry that ends here must tell it");
}

TEST(Sacpz, RefusesMoreThanOneMegabyte) {
  EXPECT_EQ(refusal(sound_sacpz + std::string(1'000'000 - sound_sacpz.size(), '\n')), "no error");
  EXPECT_EQ(refusal(sound_sacpz + std::string(1'000'001 - sound_sacpz.size(), '\n')),
            "f: size = 1000001 bytes: must be at most 1 MB");
}

TEST(Sacpz, RefusesWhatIsIncompleteOrContradictsItself) {
  EXPECT_EQ(refusal(sacpz_with("CONSTANT +3.0e+03", "CONSTANT +3.1e+05")),
            "f: line 22: CONSTANT = 310000: must be SENSITIVITY times A0 = 3000 within 1 %");
  EXPECT_EQ(refusal(sacpz_with("INPUT UNIT        : M\n", "INPUT UNIT        : M/S\n")),
            "f: line 13: INPUT UNIT = M/S: must be M: SACPZ is for displacement");
  EXPECT_EQ(refusal(sacpz_with("POLES 2", "POLES 3")), "f: line 19: POLES = 3: 2 are listed");
  EXPECT_EQ(refusal(sacpz_with("ZEROS 3", "ZEROS 0")),
            "f: line 18: root = +0.0e+00?+0.0e+00: is one more than was announced");
  EXPECT_EQ(refusal(sacpz_with("CONSTANT", "KONSTANT")),
            "f: line 22: root = KONSTANT +3.0e+03: is one more than was announced");
  EXPECT_EQ(refusal(sound_sacpz + "ZEROS 0\n"), "f: line 23: CONSTANT = absent: must end every entry");
  EXPECT_EQ(refusal(sacpz_with("* AZIMUTH           : 83.0\n", "")),
            "f: line 21: AZIMUTH = absent: the entry that ends here must tell it");
  EXPECT_EQ(refusal(sacpz_with("(KNETWK): XX", "(KNETWK): ")),
            "f: line 2: NETWORK: must be 1 to 8 characters of A-Z a-z 0-9 . _ -");
  EXPECT_EQ(refusal(sacpz_with("2010-01-01T00:00:00", "yesterday")),
            "f: line 6: START = yesterday: must be a UTC time like 2019-07-06T03:19:53");
  EXPECT_EQ(refusal(sacpz_with("POLES 2", "POLES 1e9")), "f: line 19: POLES = 1e9: must lie in 0..100");
  EXPECT_EQ(refusal("CONSTANT 1\n"), "f: line 1: ZEROS = absent: must stand before CONSTANT");
}

// Notes and lists in a folder of records begin with asterisks, too.
TEST(Sacpz, IsKnownByItsKeywords) {
  EXPECT_TRUE(looks_like_sacpz(sound_sacpz));
  EXPECT_TRUE(looks_like_sacpz("\r\nzeros 3\r\n"));
  EXPECT_TRUE(looks_like_sacpz(sound_sacpz.substr(0, 200))) << "annotations alone, cut off";
  for (const char* other : {"", "** Read me **\nThe records are from here.", "* * *\nnotes\n", "* NETWORK: CI\nnotes",
                            "ZEROS of the response", "Zeros and ones\n", "CONSTANT", "**\n* a list\n* of things\n"}) {
    EXPECT_FALSE(looks_like_sacpz(other)) << other;
  }
}

}  // namespace
}  // namespace data
