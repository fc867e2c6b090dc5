#include "data/preprocess.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "data/butterworth.h"

namespace {

using data::FilterPhase;
using data::Normalization;
using data::PreprocessSettings;
using data::RowOrder;
using data::Waveforms;

double sine(double frequency_hz, double t_s) { return std::sin(2.0 * std::numbers::pi * frequency_hz * t_s + 0.3); }

TEST(Preprocess, InterpolationErrsLessThanThreeInAHundredThousandInTheBand) {
  // A sine between samples is known. Native intervals from 0.01 to 3.4 s; 3.5 s is the longest that
  // is admitted for a band to 0.1 Hz.
  PreprocessSettings settings;
  settings.n_samples = 64;
  double largest = 0.0;
  for (const double dt_s : {0.01, 0.05, 0.5, 1.0, 2.0, 3.0, 3.4}) {
    const auto n = static_cast<int>(300.0 / dt_s);
    for (const double frequency_hz : {0.02, 0.05, 0.07, 0.1}) {
      Eigen::ArrayXd x(n);
      for (int i = 0; i < n; ++i) x[i] = sine(frequency_hz, i * dt_s);
      const double p_s = 100.0 + 0.37 * dt_s;
      const Eigen::ArrayXd y = data::cut(x, dt_s, p_s, settings);
      ASSERT_TRUE(y.allFinite());
      for (int j = 0; j < settings.n_samples; ++j) {
        largest = std::max(largest, std::abs(y[j] - sine(frequency_hz, p_s + (j - 15))));
      }
    }
  }
  EXPECT_LE(largest, 3e-5);
}

TEST(Preprocess, NativeSamplesAreTakenAsTheyAre) {
  PreprocessSettings settings;
  Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(4000, 0.0, 3999.0).square();
  const Eigen::ArrayXd y = data::cut(x, 0.1, 60.0, settings);
  for (int j = 0; j < settings.n_samples; ++j) EXPECT_EQ(y[j], x[450 + 10 * j]);
}

TEST(Preprocess, SampleNumberBeforePLiesExactlyOnP) {
  // A filtered pulse whose centre is known: a Gaussian at t = 123.456 s between samples of 0.4 s; its largest value must
  // come out at before_p plus the margin.
  PreprocessSettings settings;
  settings.before_p_s = 20.0;
  const double dt_s = 0.4;
  const double p_s = 123.456;
  Eigen::ArrayXd x(1000);
  for (int i = 0; i < 1000; ++i) x[i] = std::exp(-0.5 * std::pow((i * dt_s - p_s) / 4.0, 2));
  const Eigen::ArrayXd y = data::cut(x, dt_s, p_s, settings, 7);
  ASSERT_EQ(y.size(), 128 + 14);
  Eigen::Index at = 0;
  EXPECT_NEAR(y.maxCoeff(&at), 1.0, 1e-5);
  EXPECT_EQ(at, 27);
  for (int j = 1; j < 20; ++j) EXPECT_NEAR(y[27 + j], y[27 - j], 1e-5);
}

TEST(Preprocess, WholeSecondsOfShiftMoveTheWindowBySamples) {
  PreprocessSettings settings;
  Eigen::ArrayXd x(3000);
  for (int i = 0; i < 3000; ++i) x[i] = std::sin(0.02 * i) + std::cos(0.013 * i) * (i > 800);
  const Eigen::ArrayXd wide = data::filter_and_cut(x, 0.125, 100.031, settings, 9);
  const Eigen::ArrayXd later = data::filter_and_cut(x, 0.125, 105.031, settings);
  // The same instants; only the rounding of times differs.
  EXPECT_LE((wide.segment(9 + 5, 128) - later).abs().maxCoeff<Eigen::PropagateNaN>(), 1e-9);
}

TEST(Preprocess, FiltersTheWholeRecordBeforeTheCut) {
  // A burst well before the window still rings inside it.
  PreprocessSettings settings;
  Eigen::ArrayXd x = Eigen::ArrayXd::Zero(1000);
  x.segment(180, 5).setOnes();
  const Eigen::ArrayXd y = data::filter_and_cut(x, 0.5, 125.0, settings);  // the window begins at 110 s, sample 220
  EXPECT_GT(y.abs().maxCoeff<Eigen::PropagateNaN>(), 1e-3);
  const auto sections = data::butterworth_bandpass(4, 0.05, 0.1, 0.5);
  const Eigen::ArrayXd expected = data::filter_one_way(sections, x);
  for (int j = 0; j < 128; ++j) EXPECT_EQ(y[j], expected[220 + 2 * j]);
  settings.phase = FilterPhase::zero_phase;
  const Eigen::ArrayXd zero_phase = data::filter_and_cut(x, 0.5, 125.0, settings);
  const Eigen::ArrayXd expected_zero_phase = data::filter_zero_phase(sections, x);
  for (int j = 0; j < 128; ++j) EXPECT_EQ(zero_phase[j], expected_zero_phase[220 + 2 * j]);
}

TEST(Preprocess, AgreesBetweenNativeRatesForTheSameMotion) {
  // The same band-limited motion recorded at 20 and at 2 samples/s gives the same rows but for the bilinear transform:
  // Gaussian pulse of 5 s. The prewarped filters differ away from the corners by (pi f dt)^2 / 3, 1 % at 0.1 Hz and 0.5 s.
  PreprocessSettings settings;
  const auto record = [](double dt_s) {
    Eigen::ArrayXd x(static_cast<Eigen::Index>(400.0 / dt_s));
    for (Eigen::Index i = 0; i < x.size(); ++i) x[i] = std::exp(-0.5 * std::pow((i * dt_s - 130.123) / 3.0, 2));
    return x;
  };
  const Eigen::ArrayXd fine = data::filter_and_cut(record(0.05), 0.05, 125.017, settings);
  const Eigen::ArrayXd coarse = data::filter_and_cut(record(0.5), 0.5, 125.017, settings);
  EXPECT_LE((fine - coarse).matrix().norm(), 0.01 * fine.matrix().norm());
}

TEST(Preprocess, RefusesARecordThatDoesNotHoldTheWindow) {
  PreprocessSettings settings;
  const Eigen::ArrayXd x = Eigen::ArrayXd::Zero(401);  // 0 to 200 s
  // The window is p - 15 .. p + 112 s, and 16 native samples = 8 s on either side.
  EXPECT_NO_THROW(data::filter_and_cut(x, 0.5, 23.0, settings));
  EXPECT_THROW(data::filter_and_cut(x, 0.5, 22.9, settings), std::invalid_argument);
  EXPECT_NO_THROW(data::filter_and_cut(x, 0.5, 80.0, settings));
  EXPECT_THROW(data::filter_and_cut(x, 0.5, 80.1, settings), std::invalid_argument);
  EXPECT_THROW(data::filter_and_cut(x, 0.5, 80.0, settings, 1), std::invalid_argument);
  EXPECT_THROW(data::filter_and_cut(x, 0.5, std::nan(""), settings), std::invalid_argument);
  EXPECT_THROW(data::filter_and_cut(x, 4.0, 100.0, settings), std::invalid_argument);  // too coarse for the band
  const data::TimeSpan span = data::required_span(0.5, 23.0, settings, 2);
  EXPECT_NEAR(span.first_s, -2.0, 1e-12);
  EXPECT_NEAR(span.last_s, 23.0 + 112.0 + 2.0 + 8.0, 1e-12);
}

Waveforms ramp_rows(int n_rows, int n_samples) {
  Waveforms rows(n_rows, n_samples);
  for (int r = 0; r < n_rows; ++r) rows.row(r).setLinSpaced(-(r + 1.0f), r / 2.0f);
  return rows;
}

TEST(Preprocess, NormalisesByTraceStationOrSample) {
  PreprocessSettings settings;
  settings.n_rows = 12;
  for (const RowOrder order : {RowOrder::station_major, RowOrder::component_major}) {
    settings.row_order = order;
    const Waveforms rows = ramp_rows(12, 8);  // the largest absolute value of row r is r + 1
    settings.normalization = Normalization::trace;
    Waveforms by_trace = rows;
    data::normalize(by_trace, settings);
    settings.normalization = Normalization::station;
    Waveforms by_station = rows;
    data::normalize(by_station, settings);
    settings.normalization = Normalization::sample;
    Waveforms by_sample = rows;
    data::normalize(by_sample, settings);
    for (int slot = 0; slot < 4; ++slot) {
      const int z = data::row_of(slot, 2, settings);  // the largest row number of its station in either order
      for (int c = 0; c < 3; ++c) {
        const int r = data::row_of(slot, c, settings);
        EXPECT_TRUE(by_trace.row(r).isApprox(rows.row(r) / (r + 1.0f)));
        EXPECT_TRUE(by_station.row(r).isApprox(rows.row(r) / (z + 1.0f)));
        EXPECT_TRUE(by_sample.row(r).isApprox(rows.row(r) / 12.0f));
      }
    }
  }
}

TEST(Preprocess, RowsOfZerosStayZero) {
  PreprocessSettings settings;
  for (const Normalization n : {Normalization::trace, Normalization::station, Normalization::sample}) {
    settings.normalization = n;
    Waveforms rows = Waveforms::Zero(48, 128);
    data::normalize(rows, settings);
    EXPECT_EQ(rows.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0f);
    rows(4, 7) = -1e-12f;
    data::normalize(rows, settings);
    EXPECT_EQ(rows(4, 7), -1.0f);
    EXPECT_EQ(rows.cwiseAbs().sum(), 1.0f);
  }
}

TEST(Preprocess, RowsAreOrderedStationByStationOrComponentByComponent) {
  PreprocessSettings settings;
  EXPECT_EQ(data::row_of(0, 0, settings), 0);
  EXPECT_EQ(data::row_of(0, 2, settings), 2);
  EXPECT_EQ(data::row_of(15, 1, settings), 46);
  settings.row_order = RowOrder::component_major;
  EXPECT_EQ(data::row_of(0, 1, settings), 16);
  EXPECT_EQ(data::row_of(15, 2, settings), 47);
  EXPECT_THROW(data::row_of(16, 0, settings), std::invalid_argument);
  EXPECT_THROW(data::row_of(0, 3, settings), std::invalid_argument);
}

TEST(Preprocess, NumbersThatAreNotFiniteAreAnError) {
  PreprocessSettings settings;
  Waveforms rows = Waveforms::Ones(48, 128);
  rows(17, 3) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(data::normalize(rows, settings), std::runtime_error);
  Waveforms few = Waveforms::Ones(47, 128);
  EXPECT_THROW(data::normalize(few, settings), std::invalid_argument);
}

TEST(Preprocess, RefusesSettingsOutOfRange) {
  const auto refused = [](auto change) {
    PreprocessSettings settings;
    change(settings);
    EXPECT_THROW(data::check(settings), std::invalid_argument);
  };
  data::check(PreprocessSettings{});
  refused([](auto& s) { s.low_hz = 0.2; });
  refused([](auto& s) { s.high_hz = 0.6; });
  refused([](auto& s) { s.before_p_s = 15.5; });
  refused([](auto& s) { s.before_p_s = 128.0; });
  refused([](auto& s) { s.n_rows = 47; });
  refused([](auto& s) { s.order = 0; });
  refused([](auto& s) { s.quantity = data::Quantity::counts; });
  refused([](auto& s) { s.n_samples = 0; });
}

}  // namespace
