// A zero-phase filter looks ahead: what is kept of a record behind the window.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "data/records/record_set.h"
#include "tests/support/largest.h"
#include "tests/support/made_up_station.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using support::mainshock;
using support::one_slot;
using support::reason_of;

// Waves inside and outside the band that do not die away, from P, 10 s after the origin and 300 s after the first sample, for 700 s.
Trace steady_shaking(const std::string& channel) {
  Trace trace = support::burst(channel, 0.0);
  const double phase = channel.back() == 'E' ? 0.0 : channel.back() == 'N' ? 1.0 : 2.0;
  trace.start_ns = mainshock().origin_ns - 290'000'000'000;
  trace.samples.resize(20 * 1000);
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const double t = static_cast<double>(i) * trace.dt_s - 300.0;
    double x = 40.0 * std::sin(0.9 * static_cast<double>(i * i % 977));
    for (const double f_hz : {0.03, 0.06, 0.083, 0.15, 0.5}) {
      if (t > 0.0) x += 1e4 * (1.0 - std::exp(-t / 5.0)) * std::sin(2.0 * std::numbers::pi * f_hz * t + phase);
    }
    trace.samples[i] = std::round(x);
  }
  return trace;
}

RecordWindow window_of_steady_shaking(FilterPhase phase, int n_samples, double clipped_from_s = 1e6) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", support::flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    Trace trace = steady_shaking(channel);
    for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
      if (static_cast<double>(i) * trace.dt_s - 300.0 >= clipped_from_s) trace.samples[i] *= 1000.0;
    }
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(trace));
  }
  PreprocessSettings preprocess;
  preprocess.phase = phase;
  preprocess.n_samples = n_samples;
  return window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, {});
}

// A window of 428 samples keeps 300 s more of the record behind the first 128 of them. Of what the backward pass brings from there
// settling_time_s leaves 1e-3 at most (here 1e-4); 30 s behind the window would leave 2 to 4 %.
TEST(ZeroPhaseWindow, SeesAsFarAheadAsItsFilterRings) {
  const Waveforms longer = window_of_steady_shaking(FilterPhase::zero_phase, 428).amplitudes.leftCols(128);
  const RecordWindow window = window_of_steady_shaking(FilterPhase::zero_phase, 128);
  ASSERT_EQ(window.n_stations_used, 1) << reason_of(window, ".HNZ");
  for (int row = 0; row < 3; ++row) {
    EXPECT_LT(support::largest_size(window.amplitudes.row(row) - longer.row(row)),
              1e-3F * support::largest_size(longer.row(row)))
        << row;
  }
}

// A larger earthquake 100 s behind the window clips the record: what is used ends before it, or does not.
TEST(ZeroPhaseWindow, IsClippedByWhatAOneWayFilterDoesNotSee) {
  EXPECT_EQ(reason_of(window_of_steady_shaking(FilterPhase::one_way, 128, 213.0), ".HNZ"), "used");
  const RecordWindow refused = window_of_steady_shaking(FilterPhase::zero_phase, 128, 213.0);
  EXPECT_EQ(reason_of(refused, ".HNZ").substr(0, 18), "left out: clipped:");
  EXPECT_EQ(reason_of(window_of_steady_shaking(FilterPhase::zero_phase, 128, 300.0), ".HNZ"), "used")
      << "187 s behind the window";
}

}  // namespace
}  // namespace data
