// How wrong Green's functions are in the paper's band at the tolerance that their speed is told for (docs/performance.md).
#include <gtest/gtest.h>

#include <vector>

#include "data/butterworth.h"
#include "propagator/greens_functions.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"

namespace {

// 10 depths x 100 distances x 8 series, 256 samples of 1 s: each of them within the tolerance in 0.05-0.1 Hz.
TEST(GreensInBand, EightThousandSeriesErrByLessThanTheirTolerance) {
  propagator::GreensSettings settings;
  settings.source_time = propagator::SourceTime::impulse;
  settings.excitation = propagator::Excitation::double_couple;
  std::vector<double> depths_km, distances_km;
  for (int i = 1; i <= 10; ++i) depths_km.push_back(2.0 * i);
  for (int i = 0; i < 100; ++i) distances_km.push_back(5.0 + 145.0 * i / 99.0);
  const auto series_at = [&](double tolerance) {
    settings.wavenumbers.tolerance = tolerance;
    return compute_greens_functions(test_models::southern_california(32.0), depths_km, distances_km, settings);
  };
  const double tolerance = 3e-3;
  const std::vector<propagator::GreensFunctions> ours = series_at(tolerance), exact = series_at(1e-6);
  const data::Sections band = data::butterworth_bandpass(4, 0.05, 0.1, settings.dt_s);
  double largest = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    for (Eigen::Index c = 0; c < exact[i].series.cols(); ++c) {
      const Eigen::ArrayXd true_series = filter_one_way(band, exact[i].series.col(c));
      const Eigen::ArrayXd error = filter_one_way(band, ours[i].series.col(c)) - true_series;
      largest = support::larger(largest, error.matrix().norm() / true_series.matrix().norm());
    }
  }
  EXPECT_LE(largest, tolerance);
  EXPECT_GE(largest, 1e-2 * tolerance);  // the tolerance is worth its price
}

}  // namespace
