#include "data/records/station_xml.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "data/event.h"
#include "tests/support/input_error.h"
#include "tests/support/reference.h"

namespace data {
namespace {

// A 1 Hz seismometer of damping 0.707: poles at 2 pi (-0.707 +- 0.707 i), two zeros at the origin, A0 P = 1 at high frequency:
// at 10 Hz |A0 P| = 1 / sqrt(1 + (1/10)^4) = 0.99995.
const std::string sound_xml = R"(<?xml version="1.0"?>
<FDSNStationXML><Network code="XX"><Station code="AAA"><Channel code="BHZ" locationCode="--" startDate="2010-01-01T00:00:00" endDate="2599-12-31T23:59:59">
<Latitude unit="DEGREES">35.5</Latitude><Longitude>-117.25</Longitude><Elevation>670</Elevation><Azimuth>0</Azimuth><Dip>-90.0</Dip><SampleRate>40</SampleRate>
<Response><InstrumentSensitivity><Value>3000</Value><Frequency>10</Frequency><InputUnits><Name>m/s</Name></InputUnits></InstrumentSensitivity>
<Stage number="1"><PolesZeros><PzTransferFunctionType>LAPLACE (RADIANS/SECOND)</PzTransferFunctionType><NormalizationFactor>1</NormalizationFactor>
<NormalizationFrequency>10</NormalizationFrequency><Zero><Real>0</Real><Imaginary>0</Imaginary></Zero><Zero><Real>0</Real><Imaginary>0</Imaginary></Zero>
<Pole><Real>-4.44288</Real><Imaginary>4.44288</Imaginary></Pole><Pole><Real>-4.44288</Real><Imaginary>-4.44288</Imaginary></Pole></PolesZeros>
<StageGain><Value>1500</Value></StageGain></Stage>
<Stage number="2"><Decimation><Delay>0.25</Delay><Correction>0.2</Correction></Decimation><StageGain><Value>+2</Value></StageGain></Stage>
</Response></Channel></Station></Network></FDSNStationXML>)";

std::string xml_with(const std::string& from, const std::string& to) {
  std::string xml = sound_xml;
  const std::size_t at = xml.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the file: " + from);
  return xml.replace(at, from.size(), to);
}

Trace record_from(const std::string& start) {
  Trace trace;
  trace.network = "XX";
  trace.station = "AAA";
  trace.channel = "BHZ";
  trace.start_ns = parse_utc_ns(start);
  trace.dt_s = 0.025;
  trace.samples = Eigen::ArrayXd::Zero(100);
  return trace;
}

TEST(StationXml, HoldsWhatTheFileSays) {
  const std::vector<ChannelEpoch> epochs = parse_station_xml(sound_xml, "f");
  ASSERT_EQ(epochs.size(), 1U);
  const ChannelEpoch& e = epochs[0];
  EXPECT_EQ(e.network + e.station + e.location + e.channel, "XXAAABHZ");
  EXPECT_EQ(e.latitude_deg, 35.5);
  EXPECT_EQ(e.longitude_deg, -117.25);
  EXPECT_EQ(e.orientation->dip_deg, -90.0);
  EXPECT_EQ(e.end_ns, std::numeric_limits<std::int64_t>::max());
  EXPECT_NEAR(e.delay_s, 0.05, 1e-15);
  const InstrumentResponse response = response_of(e);
  EXPECT_EQ(response.input, Quantity::velocity);
  EXPECT_EQ(response.gain, 3000.0);
  EXPECT_EQ(response.poles.size(), 2U);
  EXPECT_EQ(&epoch_covering(epochs, record_from("2019-07-06T00:00:00")), &epochs[0]);
}

TEST(StationXml, PolesInHertzGiveTheSameResponse) {
  std::string hertz = xml_with("LAPLACE (RADIANS/SECOND)", "LAPLACE (HERTZ)");
  for (std::size_t at = hertz.find("4.44288"); at != std::string::npos; at = hertz.find("4.44288", at))
    hertz.replace(at, 7, "0.7071068");
  const InstrumentResponse a = response_of(parse_station_xml(sound_xml, "f")[0]),
                           b = response_of(parse_station_xml(hertz, "f")[0]);
  for (const double f_hz : {0.05, 0.1, 1.0, 10.0}) {
    // 4.44288 / (2 pi) = 0.7071063: six digits.
    EXPECT_LT(std::abs(evaluate_response(b, f_hz, Quantity::displacement) /
                           evaluate_response(a, f_hz, Quantity::displacement) -
                       1.0),
              2e-6);
  }
}

TEST(StationXml, RefusesFilesThatAreNone) {
  const auto message = [](const std::string& xml) {
    return support::input_error([&] { parse_station_xml(xml, "f"); });
  };
  EXPECT_EQ(message(""), "f: byte 0: not well-formed XML (No document element found)");
  EXPECT_EQ(message(sound_xml.substr(0, 700)).substr(0, 8), "f: byte ");
  EXPECT_EQ(message("<html></html>"), "f: root element = html: must be FDSNStationXML");
  EXPECT_EQ(message(xml_with("2010-01-01T00:00:00", "1.1.2010")),
            "f: XX.AAA..BHZ: startDate = 1.1.2010: must be a UTC time like 2019-07-06T03:19:53");
}

// A channel that nobody asks for may be as it likes; the one that is used tells what is wrong with it.
TEST(StationXml, AChannelThatIsMalformedIsRefusedWhenItIsUsed) {
  const auto message = [](const std::string& xml) {
    const std::vector<ChannelEpoch> epochs = parse_station_xml(xml, "f");
    return support::input_error([&] { response_of(epochs.at(0)); });
  };
  EXPECT_EQ(message(xml_with("35.5", "35,5")), "f: XX.AAA..BHZ: Latitude = 35,5: must be a finite number");
  EXPECT_EQ(message(xml_with("<Value>1500", "<Value>nan")),
            "f: XX.AAA..BHZ stage 1: Value = nan: must be a finite number");
  EXPECT_EQ(message(xml_with("LAPLACE (RADIANS/SECOND)", "B")),
            "f: XX.AAA..BHZ stage 1: PzTransferFunctionType = B: must be LAPLACE (RADIANS/SECOND), LAPLACE (HERTZ) or "
            "DIGITAL (Z-TRANSFORM)");
  EXPECT_EQ(message(xml_with("<Frequency>10<", "<Frequency>ten<")),
            "f: XX.AAA..BHZ: Frequency = ten: must be a finite number");
  EXPECT_EQ(support::input_error([] { orientation_of(parse_station_xml(xml_with("35.5", "35,5"), "f").at(0)); }),
            "f: XX.AAA..BHZ: Latitude = 35,5: must be a finite number");
}

TEST(StationXml, AzimuthAndDipAreNeededOnlyWhereTheChannelIsUsed) {
  const auto orientation = [](const std::string& xml) { return orientation_of(parse_station_xml(xml, "f").at(0)); };
  EXPECT_EQ(orientation(xml_with("<Azimuth>0</Azimuth>", "")), (Orientation{0.0, -90.0})) << "a vertical has none";
  const std::string no_dip = xml_with("<Dip>-90.0</Dip>", "");
  EXPECT_EQ(support::input_error([&] { orientation(no_dip); }),
            "f: XX.AAA..BHZ: Azimuth, Dip = absent: must tell where the channel points");
  EXPECT_EQ(support::input_error([&] { response_of(parse_station_xml(no_dip, "f").at(0)); }), "no error");
  const std::string horizontal = xml_with("<Azimuth>0</Azimuth><Dip>-90.0</Dip>", "<Dip>0</Dip>");
  EXPECT_EQ(support::input_error([&] { orientation(horizontal); }).find("f: XX.AAA..BHZ: Azimuth, Dip = absent"), 0U);
}

// At the corner of 1 Hz |A0 P| is 1 / sqrt 2, at 10 Hz 1 / sqrt(1 + 1e-4) = 0.99995: a gain of 1500 / sqrt 2 in the one place is one
// of 1499.925 in the other.
TEST(StationXml, AStageGainHoldsAtItsOwnFrequency) {
  const std::string at_corner = xml_with("<Value>1500</Value>", "<Value>1060.66017</Value><Frequency>1</Frequency>");
  const InstrumentResponse response = response_of(parse_station_xml(at_corner, "f").at(0));
  EXPECT_NEAR(std::abs(evaluate_response(response, 10.0, Quantity::velocity)), 2.0 * 1499.925, 0.01);
  EXPECT_NEAR(std::abs(evaluate_response(response, 1.0, Quantity::velocity)), 2.0 * 1060.66017, 0.01);
  const std::string at_zero = xml_with("<Value>1500</Value>", "<Value>1500</Value><Frequency>0</Frequency>");
  EXPECT_EQ(support::input_error([&] { response_of(parse_station_xml(at_zero, "f").at(0)); }),
            "f: XX.AAA..BHZ: |A0 H| = 0: must be finite and not 0 at the gain's frequency of 0 Hz");
}

TEST(StationXml, IsKnownByItsRootElement) {
  EXPECT_TRUE(looks_like_station_xml(sound_xml));
  EXPECT_TRUE(looks_like_station_xml("\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <html> --><FDSNStationXML xmlns=\"x\">"));
  for (const char* other : {"", "text", "<html></html>", "<?xml version='1.0'?><q:quakeml>", "<!-- <FDSNStationXML>",
                            "<?xml version='1.0'?>"}) {
    EXPECT_FALSE(looks_like_station_xml(other)) << other;
  }
}

TEST(StationXml, RefusesResponsesThatContradictThemselves) {
  const auto message = [](const std::string& xml) {
    return support::input_error([&] { response_of(parse_station_xml(xml, "f")[0]); });
  };
  ASSERT_EQ(message(sound_xml), "no error");
  EXPECT_EQ(message(xml_with("<Value>3000", "<Value>3050")),
            "f: XX.AAA..BHZ: product of stage gains = 3000: must equal InstrumentSensitivity = 3050 within 1 %");
  EXPECT_EQ(message(xml_with("<NormalizationFactor>1<", "<NormalizationFactor>1.1<")),
            "f: XX.AAA..BHZ: |A0 H(f0)| = 1.09995: must be 1 within 1 % at f0 = 10 Hz");
  EXPECT_EQ(message(xml_with("<Name>m/s<", "<Name>PA<")), "f: XX.AAA..BHZ: InputUnits = PA: must be M, M/S or M/S**2");
  EXPECT_EQ(message(xml_with("LAPLACE (RADIANS/SECOND)", "DIGITAL (Z-TRANSFORM)")),
            "f: XX.AAA..BHZ: PolesZeros = absent: the sensor's poles and zeros must be given");
  // One pole lost: |A0 H(f0)| falls or rises by a factor of about 2 pi f0.
  EXPECT_NE(message(xml_with("<Pole><Real>-4.44288</Real><Imaginary>4.44288</Imaginary></Pole>", ""))
                .find("must be 1 within 1 %"),
            std::string::npos);
}

TEST(StationXml, ExactlyOneEpochMustCoverTheRecord) {
  const std::vector<ChannelEpoch> one = parse_station_xml(sound_xml, "f");
  EXPECT_EQ(support::input_error([&] { epoch_covering(one, record_from("2009-12-31T23:59:59")); }),
            "no metadata: XX.AAA..BHZ: epochs = none: exactly one must cover the record that begins "
            "2009-12-31T23:59:59.000Z");
  std::vector<ChannelEpoch> two = {one[0], one[0]};
  two[1].source = "copy";
  EXPECT_EQ(&epoch_covering(two, record_from("2019-07-06T00:00:00")), &two[0]) << "copies count as one";
  two[1].source = "f";
  two[1].stage_gains[0] *= 2.0;
  EXPECT_EQ(
      support::input_error([&] { epoch_covering(two, record_from("2019-07-06T00:00:00")); }),
      "f: XX.AAA..BHZ: epochs = two or more: exactly one must cover the record that begins 2019-07-06T00:00:00.000Z");
  std::vector<ChannelEpoch> ends_within = one;
  ends_within[0].end_ns = parse_utc_ns("2019-07-06T00:00:01");
  EXPECT_THROW(epoch_covering(ends_within, record_from("2019-07-06T00:00:00")), propagator::InputError);
}

// The gain is 3000 until the first instant of 2012 and 5000 from then on.
TEST(StationXml, OfTwoEpochsTheOneInForceIsTaken) {
  const std::size_t begin = sound_xml.find("<Channel"), end = sound_xml.find("</Station>");
  const auto channel_with = [&](const std::vector<std::pair<std::string, std::string>>& changes) {
    std::string channel = sound_xml.substr(begin, end - begin);
    for (const auto& [from, to] : changes) channel.replace(channel.find(from), from.size(), to);
    return channel;
  };
  const std::string former = channel_with({{"2599-12-31T23:59:59", "2012-01-01T00:00:00"}});
  const std::string latter = channel_with({{"2010-01-01", "2012-01-01"}, {"3000", "5000"}, {"1500", "2500"}});
  for (const std::string& channels : {former + latter, latter + former}) {
    const std::vector<ChannelEpoch> epochs =
        parse_station_xml(sound_xml.substr(0, begin) + channels + sound_xml.substr(end), "f");
    const auto gain_at = [&](const std::string& start) {
      return response_of(epoch_covering(epochs, record_from(start))).gain;
    };
    EXPECT_EQ(gain_at("2011-07-06T00:00:00"), 3000.0);
    EXPECT_EQ(gain_at("2019-07-06T00:00:00"), 5000.0);
    EXPECT_EQ(support::input_error([&] { gain_at("2011-12-31T23:59:59"); }),
              "no metadata: XX.AAA..BHZ: epochs = none: exactly one must cover the record that begins "
              "2011-12-31T23:59:59.000Z");
  }
}

TEST(StationXml, EveryRealResponseAtHandIsConsistent) {
  const std::string root = support::reference("byron_m44/stations");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  int n_responses = 0;
  for (const char* set : {"byron_m44/stations", "ridgecrest_m71/stations"}) {
    for (const auto& entry : std::filesystem::directory_iterator(support::reference(set))) {
      for (const ChannelEpoch& epoch : read_station_xml(entry.path().string())) {
        EXPECT_EQ(support::input_error([&] { response_of(epoch); }), "no error");
        ++n_responses;
      }
    }
  }
  EXPECT_EQ(n_responses, 36 + 48);
}

}  // namespace
}  // namespace data
