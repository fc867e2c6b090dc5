#include "data/records/record_set.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/input_error.h"
#include "tests/support/largest.h"
#include "tests/support/made_up_station.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using std::numbers::pi;
using support::burst;
using support::flat_station_xml;
using support::mainshock;
using support::one_slot;
using support::reason_of;
using support::window_of;
using support::write_station;
using support::write_traces;

TEST(RecordSet, ASoundStationIsUsedAndScaledToOne) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  const RecordWindow window = window_of(folder);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(reason_of(window, ".HNZ"), "used");
  EXPECT_FLOAT_EQ(window.waveforms.row(0).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1.0F);
  // 20 000 counts = 20 m/s^2 at 0.07 Hz are 20 / (2 pi 0.07)^2 = 103 m; the one-way filter lets half to all of a burst pass.
  EXPECT_GT(window.amplitudes.row(0).maxCoeff(), 30.0F);
  EXPECT_LT(window.amplitudes.row(0).maxCoeff(), 120.0F);
  EXPECT_EQ(window.p_time_s, std::vector<double>{10.0});
}

TEST(RecordSet, AStrongMotionSensorReplacesAClippedBroadbandOne) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ", "BHE", "BHN", "BHZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  write_station(folder, "BH", 30'000'000.0);
  RecordSettings broadband_first;
  broadband_first.preference = {"BH", "HN"};
  const RecordWindow window = window_of(folder, broadband_first);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(reason_of(window, ".BHZ").substr(0, 18), "left out: clipped:");
  EXPECT_EQ(reason_of(window, ".HNZ"), "used");
  EXPECT_EQ(reason_of(window_of(folder), ".BHZ"), "not needed: .HN is used");
}

TEST(RecordSet, ReasonsAreToldForEveryChannelThatIsLeftOut) {
  const support::TemporaryFolder folder;
  write_station(folder, "HN", 20000.0);
  EXPECT_EQ(reason_of(window_of(folder), ".HNE"),
            "left out: no metadata: XX.AAA..HNE: epochs = none: exactly one must cover the record that begins "
            "2019-07-06T03:18:53.040Z");
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 40.0));
  EXPECT_EQ(reason_of(window_of(folder), ".HNN"), "left out: wrong rate: 20 samples/s, the metadata say 40");
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));

  Trace flat = burst("HNZ", 0.0);
  flat.samples.setConstant(7.0);
  folder.write("waveforms/HNZ.mseed", support::miniseed_file(flat));
  const RecordWindow with_flat = window_of(folder);
  EXPECT_EQ(reason_of(with_flat, ".HNZ"), "left out: flat: all samples are 7");
  EXPECT_EQ(reason_of(with_flat, ".HNE"), "left out: a station needs three components: HNZ failed");
  EXPECT_EQ(with_flat.waveforms.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0F);

  const std::string whole = support::miniseed_file(burst("HNZ", 20000.0));
  folder.write("waveforms/HNZ.mseed", whole.substr(0, 512 * 20) + whole.substr(512 * 21));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: gap: 5.65 s without samples in the window");
  folder.write("waveforms/HNZ.mseed", whole.substr(0, 512 * 30));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: too short: ends 14.9 s before the window does");
  std::filesystem::remove(folder.path() + "/waveforms/HNZ.mseed");
  EXPECT_EQ(reason_of(window_of(folder), ".HNN"), "left out: incomplete: 2 of three components");
}

// The network's input may have one sample a second; the band decides whether a record may.
TEST(RecordSet, ARateTooLowForTheBandIsAFaultOfTheChannel) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 1.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    Trace trace = burst(channel, 20000.0);
    const Eigen::ArrayXd every_20th = trace.samples(Eigen::seqN(0, 340, 20));
    trace.samples = every_20th;
    trace.dt_s = 1.0;
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(trace));
  }
  RecordSettings settings;
  settings.response.corners_hz = {0.01, 0.02, 0.45, 0.48};
  PreprocessSettings preprocess;
  preprocess.high_hz = 0.42;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, settings);
  EXPECT_EQ(window.n_stations_used, 0);
  EXPECT_EQ(reason_of(window, ".HNZ"), "left out: wrong rate: 1 samples/s, fewer than the 1.2 of a band up to 0.42 Hz");
}

TEST(RecordSet, NoiseAloneIsLeftOutAndAnAbsentStationIsTold) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"})
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(burst(channel, 0.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNE").substr(0, 16), "left out: noisy:");
  const RecordWindow window =
      window_from_records(folder.path(), {{"XX", "BBB", 0.0, 0.0, 0.0}}, mainshock(), {10.0}, {}, {});
  ASSERT_EQ(window.channels.size(), 1U);
  EXPECT_EQ(window.channels[0].station + " " + window.channels[0].reason, "XX.BBB no record: the files are of XX.AAA");
}

TEST(RecordSet, ChannelsGivenTwiceMustAgree) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  folder.write("copy.mseed", support::miniseed_file(burst("HNZ", 20000.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "used");
  folder.write("copy.mseed", support::miniseed_file(burst("HNZ", 10000.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ").substr(0, 18), "left out: overlap:");
}

TEST(RecordSet, OfMoreThanThreeChannelsATripleThatSpansSpaceIsTaken) {
  const support::TemporaryFolder folder;
  std::string xml = flat_station_xml("AAA", {"BHE", "BHN", "BHZ", "BH1", "BH2"}, 20.0);
  const std::size_t second = xml.find("<Azimuth>", xml.find("BH2"));
  xml.replace(second, 20, "<Azimuth>90</Azimuth>");
  folder.write("XX.AAA.xml", xml);
  for (const char* channel : {"BHE", "BHN", "BHZ", "BH1", "BH2"}) write_traces(folder, {burst(channel, 20000.0)});
  const RecordWindow by_letters = window_of(folder);
  EXPECT_EQ(by_letters.n_stations_used, 1);
  EXPECT_EQ(reason_of(by_letters, ".BHE"), "used");
  EXPECT_EQ(reason_of(by_letters, ".BH1"), "not needed: BHE BHN BHZ are used");

  Trace flat = burst("BHE", 0.0);
  flat.samples.setConstant(7.0);
  write_traces(folder, {flat});
  const RecordWindow by_numbers = window_of(folder);
  EXPECT_EQ(by_numbers.n_stations_used, 1);
  EXPECT_EQ(reason_of(by_numbers, ".BHZ"), "used");
  EXPECT_EQ(reason_of(by_numbers, ".BH2"), "used");
  EXPECT_EQ(reason_of(by_numbers, ".BHE"), "not needed: BH1 BH2 BHZ are used");
  EXPECT_EQ(by_numbers.channels.size(), 5U) << "each is told once";

  write_traces(folder, {burst("BHE", 20000.0), burst("BHX", 20000.0)});
  std::filesystem::remove(folder.path() + "/BHZ.mseed");
  EXPECT_EQ(reason_of(window_of(folder), ".BH1"),
            "left out: ambiguous: BH1 BH2 BHE BHN BHX are more than three components");
}

// The motion of location 10 is five times that of 00.
TEST(RecordSet, OfTwoSensorsOfOneKindTheFirstLocationCodeIsTaken) {
  const support::TemporaryFolder folder;
  const std::map<std::string, Orientation> directions = {
      {"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}};
  const auto write_location = [&](const std::string& location, double amplitude_m) {
    for (const auto& [channel, direction] : directions) {
      Trace trace = support::wave_trace(channel, {amplitude_m, 0.07}, Quantity::displacement);
      trace.location = location;
      support::write_sac(folder, trace, direction);
    }
  };
  const auto largest_m = [](const RecordWindow& window) { return support::largest_size(window.amplitudes.topRows(3)); };
  write_location("10", 5.0);
  const RecordWindow ten = window_of(folder, support::sac_in_metres());
  EXPECT_EQ(reason_of(ten, "10.HNZ"), "used");
  EXPECT_GT(largest_m(ten), 3.0);
  write_location("00", 1.0);
  const RecordWindow both = window_of(folder, support::sac_in_metres());
  EXPECT_EQ(reason_of(both, "00.HNZ"), "used");
  EXPECT_EQ(reason_of(both, "10.HNZ"), "not needed: 00.HN is used");
  EXPECT_NEAR(largest_m(both), largest_m(ten) / 5.0, 1e-5);
  write_location("00", 0.0);
  const RecordWindow flat = window_of(folder, support::sac_in_metres());
  EXPECT_EQ(reason_of(flat, "00.HNZ").substr(0, 15), "left out: flat:");
  EXPECT_EQ(reason_of(flat, "10.HNZ"), "used");
}

TEST(RecordSet, WhatIsNotWantedTellsTheKey) {
  const support::TemporaryFolder folder;
  write_station(folder, "HL", 20000.0);
  EXPECT_EQ(reason_of(window_of(folder), ".HLZ"), "left out: HL is not one of HN, HH, BH (records.channels)");
}

TEST(RecordSet, RefusesDirectoriesAndSettingsThatCannotWork) {
  const support::TemporaryFolder folder;
  EXPECT_EQ(support::input_error([&] { window_of(folder); }),
            folder.path() + ": records = none: must hold miniSEED or SAC files");
  EXPECT_EQ(support::input_error([] { window_from_records("/no/such", one_slot, mainshock(), {10.0}, {}, {}); }),
            "/no/such: is not a directory with records");
  const support::TemporaryFolder pages;
  pages.write("a.xml", "<html></html>");
  EXPECT_EQ(
      support::input_error([&] { window_of(pages); }),
      pages.path() +
          ": records = none: must hold miniSEED or SAC files; passed over: a.xml: neither records nor their metadata");
  RecordSettings settings;
  settings.response.corners_hz = {0.01, 0.06, 0.2, 0.4};
  EXPECT_EQ(
      support::input_error([&] { window_of(folder, settings); }),
      "records: response removal: corners = 0.01 0.06 0.2 0.4 Hz: the inner two must enclose the band 0.05-0.1 Hz");
  EXPECT_THROW(window_from_records(folder.path(), one_slot, mainshock(), {}, {}, {}), std::invalid_argument);
  EXPECT_THROW(
      window_from_records(folder.path(), std::vector<Station>(17), mainshock(), std::vector<double>(17, 1.0), {}, {}),
      std::invalid_argument);
}

}  // namespace
}  // namespace data
