// The fit of synthetics to records whose answer is known: the records are synthetics themselves, moved, scaled, reversed,
// exchanged or made noisy.
#include "fmnet/trust/waveform_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/random.h"

namespace {

using fmnet::LagLimits;
using fmnet::WaveformFit;

constexpr LagLimits limits{10, 2};
constexpr int n_stations = 4;

// Four stations with waves of their own, n_samples + 2 x 12 long, in units of a moment of 1 N m: about 1e-18 m.
Eigen::ArrayXXd synthetics_of_four() {
  const data::PreprocessSettings settings;
  Eigen::ArrayXXd rows = Eigen::ArrayXXd::Zero(settings.n_rows, settings.n_samples + 2 * limits.longest());
  for (int station = 0; station < n_stations; ++station) {
    for (int c = 0; c < data::n_components; ++c) {
      for (Eigen::Index i = 0; i < rows.cols(); ++i) {
        const double t = static_cast<double>(i) - 30.0 - 9.0 * station;
        const double f_hz = 0.055 + 0.012 * station + 0.004 * c;
        if (t > 0.0)
          rows(data::row_of(station, c, settings), i) = 1e-18 * (1.0 + c) * t * std::exp(-t / 18.0) *
                                                        std::cos(2.0 * std::numbers::pi * f_hz * t + station + 2 * c);
      }
    }
  }
  return rows;
}

// Records of a moment of 1e17 N m that are `late` samples later than the synthetics.
data::Waveforms records_of(const Eigen::ArrayXXd& synthetics, int late) {
  const Eigen::Index n = data::PreprocessSettings().n_samples;
  return (1e17 * synthetics.middleCols(limits.longest() - late, n)).cast<float>().matrix();
}

WaveformFit fit(const data::Waveforms& records, const Eigen::ArrayXXd& synthetics) {
  return fmnet::fit_waveforms(records, std::vector<bool>(n_stations, true), synthetics, {}, limits);
}

TEST(WaveformFit, OfTheSyntheticsThemselvesIsPerfectAndGivesTheMomentBack) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  const WaveformFit found = fit(records_of(synthetics, 0), synthetics);
  // Records are floats: 6e-8 relative.
  EXPECT_NEAR(found.mean_correlation, 1.0, 1e-6);
  EXPECT_NEAR(found.mean_trace_correlation, 1.0, 1e-6);
  EXPECT_NEAR(found.variance_reduction, 1.0, 1e-6);
  EXPECT_NEAR(found.moment_N_m / 1e17, 1.0, 1e-6);
  EXPECT_EQ(found.common_lag, 0);
  for (const fmnet::StationFit& station : found.stations) {
    EXPECT_EQ(station.lag, 0);
    EXPECT_EQ(station.best_slot, station.slot);
    EXPECT_NEAR(station.amplitude_ratio, 1.0, 1e-6);
  }
}

TEST(WaveformFit, ALagIsPositiveWhereTheRecordIsLater) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  const WaveformFit found = fit(records_of(synthetics, 7), synthetics);
  EXPECT_EQ(found.common_lag, 7);
  for (const fmnet::StationFit& station : found.stations) {
    EXPECT_EQ(station.lag, 7);
    for (const fmnet::TraceFit& trace : station.traces) EXPECT_EQ(trace.lag, 7);
  }
  EXPECT_NEAR(found.mean_correlation, 1.0, 1e-6);
  EXPECT_LT(found.mean_correlation_at_no_common_lag, 0.7);
}

TEST(WaveformFit, TheCommonLagIsTheMiddleOfTheStationsLags) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  data::Waveforms records = records_of(synthetics, 5);
  const data::Waveforms later = records_of(synthetics, 7), earlier = records_of(synthetics, 3);
  for (int c = 0; c < data::n_components; ++c) {
    records.row(data::row_of(1, c, {})) = later.row(data::row_of(1, c, {}));
    records.row(data::row_of(2, c, {})) = earlier.row(data::row_of(2, c, {}));
  }
  const WaveformFit found = fit(records, synthetics);
  EXPECT_EQ(found.common_lag, 5);
  EXPECT_EQ(found.stations[1].lag, 7);
  EXPECT_EQ(found.stations[2].lag, 3);
  EXPECT_NEAR(found.mean_correlation, 1.0, 1e-6);
}

TEST(WaveformFit, AReversedStationFitsReversed) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  data::Waveforms records = records_of(synthetics, 2);
  for (int c = 0; c < data::n_components; ++c) records.row(data::row_of(3, c, {})) *= -1.0F;
  const WaveformFit found = fit(records, synthetics);
  EXPECT_GT(found.stations[3].reversed, 0.95);
  EXPECT_LT(found.stations[3].correlation, 0.3);
  EXPECT_LT(found.stations[0].reversed, 0.5);
}

TEST(WaveformFit, ExchangedStationsFitEachOthersSynthetics) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  data::Waveforms records = records_of(synthetics, 0);
  for (int c = 0; c < data::n_components; ++c) {
    records.row(data::row_of(0, c, {})).swap(records.row(data::row_of(2, c, {})));
  }
  const WaveformFit found = fit(records, synthetics);
  EXPECT_EQ(found.stations[0].best_slot, 2);
  EXPECT_EQ(found.stations[2].best_slot, 0);
  EXPECT_GT(found.stations[0].best_slot_correlation, 0.95);
  EXPECT_EQ(found.stations[1].best_slot, 1);
}

TEST(WaveformFit, AStationInAnotherUnitStandsOutByItsAmplitude) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  data::Waveforms records = records_of(synthetics, 0);
  for (int c = 0; c < data::n_components; ++c) records.row(data::row_of(1, c, {})) *= 1e-3F;
  const WaveformFit found = fit(records, synthetics);
  EXPECT_NEAR(found.stations[1].amplitude_ratio, 1e-3 * found.stations[0].amplitude_ratio, 1e-5);
}

// With noise of variance q times that of the signal in each component the correlation is 1 / sqrt(1 + q); 384 samples
// scatter it by about (1 - r^2) / sqrt(384) = 0.03, and the search over lags and four stations gains as much at most.
TEST(WaveformFit, NoiseLowersTheCorrelationAsItMust) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  data::Waveforms records = records_of(synthetics, 0);
  data::RandomStream random(7, 1, 2);
  for (Eigen::Index row = 0; row < records.rows(); ++row) {
    const double rms = std::sqrt(records.row(row).cast<double>().squaredNorm() / static_cast<double>(records.cols()));
    for (Eigen::Index i = 0; i < records.cols(); ++i) records(row, i) += static_cast<float>(rms * random.normal());
  }
  const WaveformFit found = fit(records, synthetics);
  EXPECT_NEAR(found.mean_correlation, 1.0 / std::sqrt(2.0), 0.05);
  EXPECT_NEAR(found.variance_reduction, 0.5, 0.06);
}

TEST(WaveformFit, LeavesOutSlotsWithoutRecordsAndRefusesWhatDoesNotFit) {
  const Eigen::ArrayXXd synthetics = synthetics_of_four();
  const data::Waveforms records = records_of(synthetics, 0);
  const WaveformFit found = fmnet::fit_waveforms(records, {false, true, false, true}, synthetics, {}, limits);
  ASSERT_EQ(found.stations.size(), 2u);
  EXPECT_EQ(found.stations[0].slot, 1);
  EXPECT_EQ(found.stations[1].slot, 3);
  EXPECT_THROW(fmnet::fit_waveforms(records, {false, false}, synthetics, {}, limits), std::invalid_argument);
  EXPECT_THROW(fmnet::fit_waveforms(records, {true}, synthetics.leftCols(128), {}, limits), std::invalid_argument);
  EXPECT_THROW(fmnet::fit_waveforms(records, std::vector<bool>(17, true), synthetics, {}, limits),
               std::invalid_argument);
}

}  // namespace
