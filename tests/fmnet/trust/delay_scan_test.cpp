#include "fmnet/trust/delay_scan.h"

#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace {

TEST(BestDelay, IsTheFirstOfThoseThatExplainTheirWindowsBest) {
  const propagator::FocalMechanism plane{10.0, 20.0, 30.0};
  const std::vector<fmnet::DelayStep> steps = {
      {0.0, 10, plane, 0.5}, {1.0, 10, plane, 0.9}, {2.0, 10, plane, 0.9}, {3.0, 10, plane, -0.2}};
  EXPECT_EQ(fmnet::best_delay(steps).delay_s, 1.0);
}

// Records of the Byron experiment that are 12 s late, half a period and three times the lag that a station is allowed: a window cut
// 12 s later is that of the synthetics.
class DelayScan : public testing::Test {
 protected:
  static constexpr int late = 12, longest = 20;

  DelayScan() : config_(fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml")) {
    const fmnet::EventSynthetics synthetics(config_, event_, {event_.depth_km}, longest);
    rows_ = synthetics.rows(0, mechanism_).cast<float>().matrix();
  }

  // Of the last n_missing stations nothing comes.
  data::RecordWindow window_at(double delay_s, int n_missing) const {
    const auto n_stations = static_cast<int>(config_.stations.size());
    data::RecordWindow window;
    window.amplitudes = rows_.middleCols(longest - late + static_cast<int>(delay_s), config_.preprocess.n_samples);
    window.slot_used = std::vector<bool>(config_.stations.size(), true);
    for (int slot = n_stations - n_missing; slot < n_stations; ++slot) {
      window.slot_used[static_cast<std::size_t>(slot)] = false;
      for (int c = 0; c < data::n_components; ++c) window.amplitudes.row(row_of(slot, c, config_.preprocess)).setZero();
    }
    window.n_stations_used = n_stations - n_missing;
    window.waveforms = window.amplitudes;
    normalize(window.waveforms, config_.preprocess);
    return window;
  }

  const data::Event event_ = {"byron", 0, 37.8187, -121.7568, 12.0};
  const propagator::FocalMechanism mechanism_ = {234.0, 71.0, -5.0};
  fmnet::Config config_;
  data::Waveforms rows_;
};

// At 6 s a station is lost that there was at 0 s; later there are as many as at 0 s.
TEST_F(DelayScan, PassesOverDelaysAtWhichStationsAreLost) {
  std::vector<data::Waveforms> shown;
  const auto steps = scan_delays(
      config_, event_, {0.0, 6.0, 12.0, 24.0},
      [&](double delay_s) { return window_at(delay_s, delay_s == 6.0 ? 1 : 0); },
      [&](const data::Waveforms& rows) {
        shown.push_back(rows);
        return mechanism_;
      });
  ASSERT_EQ(steps.size(), 3u);
  ASSERT_EQ(shown.size(), 3u);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double delay_s = std::vector<double>{0.0, 12.0, 24.0}[i];
    EXPECT_EQ(steps[i].delay_s, delay_s);
    EXPECT_EQ(steps[i].n_stations, static_cast<int>(config_.stations.size()));
    EXPECT_EQ(shown[i], window_at(delay_s, 0).waveforms) << "the network sees normalised rows";
  }
  EXPECT_NEAR(steps[1].mean_correlation, 1.0, 1e-5) << "Green's functions to 1e-4, its square in a correlation";
  EXPECT_LT(steps[0].mean_correlation, 0.95);
  EXPECT_LT(steps[2].mean_correlation, 0.95);
  EXPECT_EQ(fmnet::best_delay(steps).delay_s, late);
}

TEST_F(DelayScan, RefusesToScanNothing) {
  const auto refusal = [&](const std::vector<double>& delays_s, int n_missing) {
    return support::error_of<std::invalid_argument>([&] {
      scan_delays(
          config_, event_, delays_s, [&](double delay_s) { return window_at(delay_s, n_missing); },
          [&](const data::Waveforms&) { return mechanism_; });
    });
  };
  EXPECT_EQ(refusal({}, 0), "scan_delays: delays_s: at least one expected");
  EXPECT_EQ(refusal({0.0}, static_cast<int>(config_.stations.size())), "scan_delays: no station can be used");
}

}  // namespace
