// Delays for which the records end too early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fmnet/records_prediction.h"
#include "fmnet/trust/delay_scan.h"

namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const data::Event event_at_byron = {"byron", 1'563'307'861'470'000'000, 37.8187, -121.7568, 12.38};

fmnet::Config config_of_byron() { return fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml"); }

// Waves of one frequency a row, and the first n_used stations.
data::RecordWindow window_of_waves(const fmnet::Config& config, int n_used) {
  data::RecordWindow window;
  window.amplitudes = data::Waveforms::Zero(config.preprocess.n_rows, config.preprocess.n_samples);
  window.slot_used = std::vector<bool>(config.stations.size(), false);
  window.n_stations_used = n_used;
  for (int slot = 0; slot < n_used; ++slot) {
    window.slot_used[static_cast<std::size_t>(slot)] = true;
    for (int c = 0; c < data::n_components; ++c) {
      const int row = data::row_of(slot, c, config.preprocess);
      for (Eigen::Index i = 0; i < window.amplitudes.cols(); ++i) {
        window.amplitudes(row, i) = std::sin(0.2F * static_cast<float>(i) + static_cast<float>(row));
      }
    }
  }
  window.waveforms = window.amplitudes;
  return window;
}

// The number of stations that can be used with a delay of 0, 1, .. s -> the delays that are tried.
std::vector<double> delays_tried_of(const std::vector<int>& n_used) {
  const fmnet::Config config = config_of_byron();
  std::vector<double> delays_s, tried_s;
  for (std::size_t i = 0; i < n_used.size(); ++i) delays_s.push_back(static_cast<double>(i));
  const std::vector<fmnet::DelayStep> steps = fmnet::scan_delays(
      config, event_at_byron, delays_s,
      [&](double delay_s) { return window_of_waves(config, n_used[static_cast<std::size_t>(delay_s)]); },
      [](const data::Waveforms&) {
        return propagator::FocalMechanism{234.0, 71.0, -5.0};
      });
  for (const fmnet::DelayStep& step : steps) tried_s.push_back(step.delay_s);
  return tried_s;
}

TEST(PassedOverDelays, AreThoseWithoutAStationWhereverTheyCome) {
  EXPECT_EQ(delays_tried_of({3, 3, 0, 0}), (std::vector<double>{0.0, 1.0}));
  EXPECT_EQ(delays_tried_of({0, 3, 2, 4}), (std::vector<double>{1.0, 3.0}));
  EXPECT_THROW(delays_tried_of({0, 0}), std::invalid_argument);
}

// Ground motion at every station, 10 samples/s: a little of 0.9 Hz, which the band does not pass, and of 0.03 Hz; from P on a wave of
// 0.035 Hz. The window needs the record to 113.6 s behind P; it ends 119.2 s behind, which is enough for delays of 5 s.
data::RecordFiles records_to_119_s_behind_p(const fmnet::Config& config, const std::vector<double>& p_time_s) {
  data::RecordFiles files;
  for (std::size_t s = 0; s < config.stations.size(); ++s) {
    for (const char* channel : {"BHE", "BHN", "BHZ"}) {
      data::Trace trace;
      trace.network = config.stations[s].network;
      trace.station = config.stations[s].code;
      trace.channel = channel;
      trace.dt_s = 0.1;
      trace.quantity = data::Quantity::displacement;
      trace.start_ns = event_at_byron.origin_ns - 150'000'000'000;
      const double p_s = 150.0 + p_time_s[s];
      trace.samples.resize(static_cast<Eigen::Index>((p_s + 119.2) / trace.dt_s) + 1);
      for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
        const double t = static_cast<double>(i) * trace.dt_s - p_s;
        trace.samples[i] =
            1e-6 * std::sin(2.0 * std::numbers::pi * 0.9 * t) + 1e-6 * std::cos(2.0 * std::numbers::pi * 0.03 * t);
        if (t > 0.0) trace.samples[i] += 1e-4 * std::sin(2.0 * std::numbers::pi * 0.035 * t + static_cast<double>(s));
      }
      const std::string name = channel;
      const data::Orientation direction{name == "BHE" ? 90.0 : 0.0, name == "BHZ" ? -90.0 : 0.0};
      data::ChannelRecords& records = files.sensors[{trace.network, trace.station, "", "BH"}][channel];
      records.records.push_back(trace);
      records.orientations.push_back(direction);
    }
  }
  return files;
}

TEST(PassedOverDelays, AreToldInTheNotesOfThePrediction) {
  const fmnet::Config config = config_of_byron();
  const fmnet::Predictor predictor(FMNET_SOURCE_DIR "/data/byron/weights/weights.safetensors", config);
  const std::vector<double> p_time_s = fmnet::theoretical_p_times(config, event_at_byron);
  const data::RecordFiles files = records_to_119_s_behind_p(config, p_time_s);
  const auto predicted_with = [&](std::optional<double> delay_s) {
    return fmnet::predict_records(predictor, config, files, {event_at_byron, p_time_s, delay_s, false}, "records");
  };
  const fmnet::RecordsPrediction found = predicted_with(std::nullopt);
  ASSERT_EQ(found.delays.size(), 6U);
  EXPECT_EQ(found.delays.back().delay_s, 5.0);
  EXPECT_LE(found.delay_s, 5.0);
  EXPECT_EQ(found.window.n_stations_used, 12);
  EXPECT_EQ(found.window.p_time_s, p_time_s);
  EXPECT_THAT(found.window.notes, Contains("delays of 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 s could not be tried: fewer "
                                           "than 12 stations can be used with them"));
  const fmnet::RecordsPrediction at_5_s = predicted_with(5.0);
  EXPECT_EQ(at_5_s.window.p_time_s, p_time_s);
  EXPECT_THAT(at_5_s.window.notes, Not(Contains(HasSubstr("could not be tried"))));
  EXPECT_THROW(predicted_with(6.0), fmnet::TooFewStations);
}

}  // namespace
