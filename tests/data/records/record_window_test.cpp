#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "data/records/sac.h"
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
using support::notes_of;
using support::one_slot;
using support::reason_of;
using support::window_of;
using support::write_traces;

// A shaking that goes on: several waves inside and outside the band, none of which dies away.
Trace long_shaking(const std::string& channel) {
  Trace trace = burst(channel, 0.0);
  trace.start_ns = mainshock().origin_ns - 590'000'000'000;
  trace.samples.resize(20 * 1530);
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const double t = static_cast<double>(i) * trace.dt_s - 600.0;
    trace.samples[i] = 40.0 * std::sin(0.9 * static_cast<double>(i * i % 977));
    if (t <= 0.0) continue;
    for (const double f_hz : {0.03, 0.06, 0.083, 0.15, 0.5}) {
      trace.samples[i] += 1e4 * (1.0 - std::exp(-t / 5.0)) * std::sin(2.0 * pi * f_hz * t);
    }
    trace.samples[i] = std::round(trace.samples[i]);
  }
  return trace;
}

// The records of one station without what lies outside [first_s, last_s] seconds after the first sample of long_shaking.
RecordWindow window_of_part(double first_s, double last_s, const PreprocessSettings& preprocess = {}) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    Trace trace = long_shaking(channel);
    const auto first = static_cast<Eigen::Index>(std::llround(first_s * 20.0)),
               last = std::min<Eigen::Index>(static_cast<Eigen::Index>(std::llround(last_s * 20.0)), 20 * 1530 - 1);
    const Eigen::ArrayXd samples = trace.samples.segment(first, last - first + 1);
    trace.start_ns = sample_time_ns(trace, static_cast<double>(first));
    trace.samples = samples;
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(trace));
  }
  return window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, {});
}

// P is 600 s after the first sample; the window needs 15.8 s before it to 112.8 s behind it. A taper inside would change the rows by
// 2 %, little because the band-pass delays what it lets pass; what the four corners of the response removal see of the missing
// samples is 3e-4.
TEST(RecordSet, ARecordThatEndsOrBeginsWithTheWindowGivesTheRowsOfTheLongerOne) {
  const Waveforms whole = window_of_part(0.0, 1e6).waveforms;
  ASSERT_EQ(support::largest_size(whole), 1.0F);
  for (const double last_s : {712.8, 713.0, 720.0, 730.0, 790.0, 930.0}) {
    EXPECT_LT(support::largest_size(window_of_part(0.0, last_s).waveforms - whole), 1e-3F) << last_s;
  }
  for (const double first_s : {584.2, 584.0, 580.0, 560.0, 200.0}) {
    EXPECT_LT(support::largest_size(window_of_part(first_s, 1e6).waveforms - whole), 1e-3F) << first_s;
  }
  // A record that begins 1.8 s before P, too late for a mean before P: that of the whole record costs 0.6 %.
  PreprocessSettings soon;
  soon.before_p_s = 1.0;
  EXPECT_LT(
      support::largest_size(window_of_part(598.2, 1e6, soon).waveforms - window_of_part(0.0, 1e6, soon).waveforms),
      1e-2F);
}

// An earthquake that clips the sensor 400 s after the window of this one.
TEST(RecordSet, WhatComesLongAfterTheWindowRefusesNothing) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  std::vector<Trace> traces = {long_shaking("HNE"), long_shaking("HNN"), long_shaking("HNZ")};
  const Waveforms undisturbed = window_of_part(0.0, 1e6).waveforms;
  for (Trace& trace : traces) trace.samples.tail(20 * 400) = trace.samples.tail(20 * 400).eval() * 1000.0;
  write_traces(folder, traces);
  const RecordWindow later = window_of(folder);
  EXPECT_EQ(reason_of(later, ".HNZ"), "used");
  EXPECT_EQ(later.waveforms, undisturbed) << "it lies outside the part that is used";
  EXPECT_EQ(later.notes.at(2).substr(0, 53), "XX.AAA..HNZ: outside the part that is used: clipped: ");

  for (Trace& trace : traces) trace.samples.segment(20 * 650, 20) *= 2000.0;
  write_traces(folder, traces);
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ").substr(0, 18), "left out: clipped:") << "inside the window";
}

// 5.6 s of the vertical channel are lost 470 s before the window or 410 s behind it.
TEST(RecordSet, AGapBeforeOrBehindTheWindowChangesNoRow) {
  const Waveforms whole = window_of_part(0.0, 1e6).waveforms;
  for (const std::size_t lost : {std::size_t{20}, std::size_t{200}}) {
    const support::TemporaryFolder folder;
    folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
    write_traces(folder, {long_shaking("HNE"), long_shaking("HNN")});
    const std::string records = support::miniseed_file(long_shaking("HNZ"));
    folder.write("HNZ.mseed", records.substr(0, 512 * lost) + records.substr(512 * (lost + 1)));
    const RecordWindow window = window_of(folder);
    EXPECT_EQ(reason_of(window, ".HNZ"), "used") << lost;
    EXPECT_LT(support::largest_size(window.waveforms - whole), 1e-3F) << lost;
  }
}

TEST(RecordSet, AGapIsNotToldAsClippedBecauseOfWhatComesLater) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  std::vector<Trace> traces = {long_shaking("HNE"), long_shaking("HNN"), long_shaking("HNZ")};
  traces[2].samples.tail(20 * 400) = traces[2].samples.tail(20 * 400).eval() * 1000.0;
  write_traces(folder, traces);
  const std::string whole = support::miniseed_file(traces[2]);
  folder.write("HNZ.mseed", whole.substr(0, 512 * 116) + whole.substr(512 * 117));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: gap: 5.65 s without samples in the window");
}

// Two channels of noise alone beside one that begins too late to have a ratio.
TEST(RecordSet, TheNoiseTestGoesByTheChannelsThatCouldBeMeasured) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  Trace late = burst("HNZ", 0.0);
  late.start_ns = sample_time_ns(late, 1360.0);
  late.samples = burst("HNZ", 0.0).samples.tail(6800 - 1360);
  write_traces(folder, {burst("HNE", 0.0), burst("HNN", 0.0), late});
  PreprocessSettings preprocess;
  preprocess.before_p_s = 1.0;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, {});
  EXPECT_EQ(reason_of(window, ".HNE").substr(0, 16), "left out: noisy:");
}

TEST(RecordSet, WhereNoNoiseCanBeMeasuredANoteTellsIt) {
  const support::TemporaryFolder folder;
  RecordSettings settings;
  settings.sac_unit = "m";
  for (const auto& [channel, direction] :
       std::map<std::string, Orientation>{{"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}}) {
    Trace trace = burst(channel, 20000.0);
    trace.quantity = Quantity::displacement;
    trace.start_ns = sample_time_ns(trace, 1360.0);
    trace.samples = burst(channel, 20000.0).samples.tail(6800 - 1360);
    folder.write(channel + ".SAC", sac_bytes({trace, direction}, parse_sac_unit("m")));
  }
  PreprocessSettings preprocess;
  preprocess.before_p_s = 1.0;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, settings);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(notes_of(window), "XX.AAA: signal to noise cannot be told: too short or no noise before P");
}

}  // namespace
}  // namespace data
