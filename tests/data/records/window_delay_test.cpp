// A window that is cut later than P: only the window moves.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "tests/support/error_of.h"
#include "tests/support/largest.h"
#include "tests/support/made_up_station.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using support::flat_station_xml;
using support::mainshock;
using support::one_slot;
using support::reason_of;

// Noise of 40 counts on an offset; from P on, 10 s after the origin, three waves of 10,000 counts each that begin at once, with
// another phase on each channel, and die away in 40 s.
Trace shaking_from_p_on(const std::string& channel, double begins_before_p_s, double offset) {
  Trace trace = support::burst(channel, 0.0);
  constexpr double all_before_p_s = 300.0, behind_p_s = 400.0;
  const auto first = static_cast<Eigen::Index>(std::llround((all_before_p_s - begins_before_p_s) / trace.dt_s));
  const auto n = static_cast<Eigen::Index>((all_before_p_s + behind_p_s) / trace.dt_s) - first;
  const double phase = channel.back() == 'E' ? 0.0 : channel.back() == 'N' ? 1.0 : 2.0;
  trace.start_ns = mainshock().origin_ns + std::llround((10.0 - begins_before_p_s) * 1e9);
  trace.samples.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index k = first + i;
    const double t = static_cast<double>(k) * trace.dt_s - all_before_p_s;
    double x = offset + 40.0 * std::sin(0.9 * static_cast<double>(k * k % 977));
    for (const double f_hz : {0.06, 0.083, 0.5}) {
      if (t > 0.0) x += 1e4 * std::exp(-t / 40.0) * std::sin(2.0 * std::numbers::pi * f_hz * t + phase);
    }
    trace.samples[i] = std::round(x);
  }
  return trace;
}

class WindowDelay : public testing::Test {
 protected:
  // Records that begin so long before P.
  void write_records(double begins_before_p_s, double offset) {
    folder_.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
    for (const char* channel : {"HNE", "HNN", "HNZ"}) {
      folder_.write(std::string(channel) + ".mseed",
                    support::miniseed_file(shaking_from_p_on(channel, begins_before_p_s, offset)));
    }
  }
  RecordWindow window_at(double delay_s, int n_samples = 128) const {
    PreprocessSettings preprocess;
    preprocess.n_samples = n_samples;
    return window_from_records(folder_.path(), one_slot, mainshock(), {10.0}, preprocess, {}, delay_s);
  }

  support::TemporaryFolder folder_;
};

// What is known of the rows is 0.03 % of their largest value where the record is kept to another end. A zero that moved by what the
// first seconds of shaking add to the mean would change the first row by 1 to 5 %.
TEST_F(WindowDelay, MovesTheRowsAndNothingElse) {
  write_records(25.0, 5000.0);
  const RecordWindow at_p = window_at(0.0);
  ASSERT_EQ(at_p.n_stations_used, 1) << reason_of(at_p, ".HNZ");
  for (const int d : {7, 15, 30}) {
    const RecordWindow later = window_at(d);
    ASSERT_EQ(later.n_stations_used, 1) << d << " s: " << reason_of(later, ".HNZ");
    EXPECT_EQ(later.p_time_s, std::vector<double>{10.0}) << "the time of P, whatever the delay";
    for (int row = 0; row < 3; ++row) {
      const Eigen::VectorXf moved = at_p.amplitudes.row(row).tail(128 - d).transpose();
      const Eigen::VectorXf got = later.amplitudes.row(row).head(128 - d).transpose();
      EXPECT_LT(support::largest_size(got - moved), 3e-4F * support::largest_size(at_p.amplitudes.row(row)))
          << d << " s, row " << row;
    }
  }
}

// The window of 128 + d samples at P ends where that of 128 samples ends that is cut d seconds later: the same part of the record,
// the same zero, the same noise and the same signal.
TEST_F(WindowDelay, IsTheEndOfALongerWindowWithItsSignalToNoise) {
  write_records(25.0, 5000.0);
  const std::vector<ChannelReport> at_p = window_at(0.0).channels;
  for (const int d : {1, 7, 30}) {
    const RecordWindow later = window_at(d), longer = window_at(0.0, 128 + d);
    ASSERT_EQ(later.channels.size(), 3U);
    for (int row = 0; row < 3; ++row) {
      const auto i = static_cast<std::size_t>(row);
      const Eigen::VectorXf end = longer.amplitudes.row(row).tail(128).transpose();
      EXPECT_EQ(later.amplitudes.row(row).transpose(), end) << d << " s, row " << row;
      EXPECT_EQ(later.channels[i].snr, longer.channels[i].snr) << d << " s, row " << row;
      // 30 s more of waves that die away: their mean square falls to 0.77.
      EXPECT_NEAR(later.channels[i].snr / at_p[i].snr, 0.93, 0.08) << d << " s, row " << row;
    }
  }
}

// Of what comes before the window only P matters: a record that begins in its last second has no mean before P, and that of the whole
// record costs 0.7 %. A taper that reached behind P would cost ten times as much.
TEST_F(WindowDelay, LeavesWhatComesFromPOnWithoutATaper) {
  write_records(300.0, 0.0);
  const RecordWindow whole = window_at(30.0);
  write_records(1.0, 0.0);
  const RecordWindow late = window_at(30.0);
  ASSERT_EQ(late.n_stations_used, 1) << reason_of(late, ".HNZ");
  for (int row = 0; row < 3; ++row) {
    EXPECT_LT(support::largest_size(late.amplitudes.row(row) - whole.amplitudes.row(row)),
              1e-2F * support::largest_size(whole.amplitudes.row(row)))
        << row;
  }
}

TEST_F(WindowDelay, NeedsTheRecordToTheEndOfTheLaterWindow) {
  write_records(25.0, 0.0);
  EXPECT_EQ(window_at(287.0).n_stations_used, 1) << "to 287 + 112.8 = 399.8 s behind P, of 399.95 s";
  EXPECT_EQ(reason_of(window_at(288.05), ".HNZ"), "left out: too short: ends 0.9 s before the window does");
}

TEST_F(WindowDelay, IsRefusedWhereItIsNoDelay) {
  write_records(25.0, 0.0);
  for (const double delay_s : {-1.0, 601.0, std::nan("")}) {
    EXPECT_EQ(support::error_of<std::invalid_argument>([&] {
                window_at(delay_s);
              }).find("window_from_records: window_delay_s = "),
              0U)
        << delay_s;
  }
}

}  // namespace
}  // namespace data
