#include "data/records/station_motion.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "tests/support/largest.h"
#include "tests/support/made_up_station.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using support::burst;
using support::flat_station_xml;
using support::mainshock;
using support::one_slot;
using support::reason_of;
using support::sac_in_metres;
using support::window_of;
using support::write_sac;
using support::write_traces;

// East, north and up of the made-up ground motion: none can be taken for another, nor for its opposite. 100 m at 0.06 Hz are 14 m/s^2.
const std::array<support::Wave, 3> east_north_up = {{{100.0, 0.06}, {-100.0, 0.075}, {100.0, 0.09}}};
const std::map<std::string, Orientation> named_directions = {
    {"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}};

std::map<std::string, Trace> traces_of_waves(Quantity quantity) {
  std::map<std::string, Trace> traces;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::string channel = std::string("HN") + "ENZ"[c];
    traces[channel] = support::wave_trace(channel, east_north_up[c], quantity);
  }
  return traces;
}

void write_named_sac(const support::TemporaryFolder& folder, const std::map<std::string, Trace>& traces) {
  for (const auto& [channel, trace] : traces) write_sac(folder, trace, named_directions.at(channel));
}

void write_waves_in_counts(const support::TemporaryFolder& folder) {
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const auto& entry : traces_of_waves(Quantity::counts)) write_traces(folder, {entry.second});
}

// The three given rows of the window are the band-pass and cut of what was built in. Left over, relative to the largest value: whole
// counts (0.3 of 14,000, 2e-5), SAC's interval in 32 bits (6e-8 of 115 s at 0.1 Hz, 4e-6), what the corners of the response removal
// take from the flanks of the band-pass (1e-6).
void expect_rows_of_waves(const RecordWindow& window, const std::array<int, 3>& rows,
                          const PreprocessSettings& settings) {
  ASSERT_EQ(window.n_stations_used, 1) << support::notes_of(window);
  for (std::size_t c = 0; c < 3; ++c) {
    const Eigen::ArrayXd samples = support::samples_of(east_north_up[c], settings.quantity);
    const Eigen::ArrayXd expected = filter_and_cut(samples, 0.05, 70.0, settings);
    const Eigen::ArrayXd row = window.amplitudes.row(rows[c]).transpose().cast<double>().array();
    EXPECT_LT(support::largest_size(row - expected), 1e-4 * support::largest_size(expected)) << "ENZ"[c];
  }
}

TEST(StationMotion, EastNorthAndUpFillTheirRowsWithTheirSigns) {
  const support::TemporaryFolder in_metres, in_counts;
  write_named_sac(in_metres, traces_of_waves(Quantity::displacement));
  write_waves_in_counts(in_counts);
  PreprocessSettings by_component;
  by_component.row_order = RowOrder::component_major;
  for (const support::TemporaryFolder* folder : {&in_metres, &in_counts}) {
    expect_rows_of_waves(window_of(*folder, sac_in_metres()), {0, 1, 2}, {});
    const std::vector<Station> second_of_two = {{"XX", "BBB", 0.0, 0.0, 0.0}, one_slot[0]};
    const RecordWindow window =
        window_from_records(folder->path(), second_of_two, mainshock(), {10.0, 10.0}, by_component, sac_in_metres());
    expect_rows_of_waves(window, {1, 17, 33}, by_component);
  }
}

// Sensor 1 points to N 30 E, sensor 2 to N 120 E: to sin 30 = 1/2 of east and cos 30 of north, to cos 30 of east and -1/2 of north.
TEST(StationMotion, SensorsTurnedBy30DegreesGiveEastNorthAndUp) {
  const support::TemporaryFolder folder;
  const std::map<std::string, Trace> traces = traces_of_waves(Quantity::displacement);
  const Eigen::ArrayXd &e = traces.at("HNE").samples, &n = traces.at("HNN").samples;
  Trace one = traces.at("HNE"), two = traces.at("HNN");
  one.channel = "HN1";
  two.channel = "HN2";
  one.samples = 0.5 * e + std::sqrt(0.75) * n;
  two.samples = std::sqrt(0.75) * e - 0.5 * n;
  write_sac(folder, one, {30.0, 0.0});
  write_sac(folder, two, {120.0, 0.0});
  write_sac(folder, traces.at("HNZ"), {0.0, -90.0});
  expect_rows_of_waves(window_of(folder, sac_in_metres()), {0, 1, 2}, {});
}

TEST(StationMotion, InVelocityIsTheDerivativeOfTheGroundMotion) {
  const support::TemporaryFolder in_metres, in_counts;
  write_named_sac(in_metres, traces_of_waves(Quantity::displacement));
  write_waves_in_counts(in_counts);
  PreprocessSettings preprocess;
  preprocess.quantity = Quantity::velocity;
  for (const support::TemporaryFolder* folder : {&in_metres, &in_counts}) {
    const RecordWindow window =
        window_from_records(folder->path(), one_slot, mainshock(), {10.0}, preprocess, sac_in_metres());
    expect_rows_of_waves(window, {0, 1, 2}, preprocess);
  }
}

// One component without its first 5 s, when the ground was at rest.
TEST(StationMotion, ComponentsThatBeginAtDifferentTimesAreAligned) {
  for (const char* late : {"HNE", "HNN", "HNZ"}) {
    const support::TemporaryFolder folder;
    std::map<std::string, Trace> traces = traces_of_waves(Quantity::displacement);
    Trace& trace = traces.at(late);
    const Eigen::ArrayXd rest = trace.samples.tail(6700);
    trace.start_ns += 5'000'000'000;
    trace.samples = rest;
    write_named_sac(folder, traces);
    SCOPED_TRACE(late);
    expect_rows_of_waves(window_of(folder, sac_in_metres()), {0, 1, 2}, {});
  }
}

TEST(StationMotion, ChannelsOfDifferentSamplingRatesAreAFaultOfAllThree) {
  for (const char* slow : {"HNE", "HNN", "HNZ"}) {
    const support::TemporaryFolder folder;
    std::map<std::string, Trace> traces = traces_of_waves(Quantity::displacement);
    Trace& trace = traces.at(slow);
    const Eigen::ArrayXd every_second = trace.samples(Eigen::seqN(0, 3400, 2));
    trace.dt_s = 0.1;
    trace.samples = every_second;
    write_named_sac(folder, traces);
    const RecordWindow window = window_of(folder, sac_in_metres());
    for (const char* channel : {".HNE", ".HNN", ".HNZ"}) {
      EXPECT_EQ(reason_of(window, channel), "left out: wrong rate: the three channels have different sampling rates");
    }
  }
}

// A station near a node of the radiation has weak components; which of them is strong must not matter.
TEST(StationMotion, OneChannelAboveTheNoiseIsEnoughWhicheverItIs) {
  for (const std::string loud : {"HNE", "HNN", "HNZ"}) {
    const support::TemporaryFolder folder;
    folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
    for (const std::string channel : {"HNE", "HNN", "HNZ"}) {
      write_traces(folder, {burst(channel, channel == loud ? 20000.0 : 0.0)});
    }
    const RecordWindow window = window_of(folder);
    EXPECT_EQ(window.n_stations_used, 1) << loud << ": " << reason_of(window, ".HNE");
    for (const ChannelReport& channel : window.channels) {
      EXPECT_EQ(channel.snr >= QualitySettings{}.min_snr, channel.channel == "." + loud) << channel.channel;
    }
  }
}

}  // namespace
}  // namespace data
