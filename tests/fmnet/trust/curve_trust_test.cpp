#include "fmnet/trust/curve_trust.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using fmnet::assess_curves;
using fmnet::CurveTrust;
using fmnet::LabelCurves;
using fmnet::LabelSettings;

const propagator::FocalMechanism mechanism = {180.0, 45.0, 0.0};

double& at(LabelCurves& curves, int curve, int bin) {
  return curves[static_cast<std::size_t>((bin - 1) * fmnet::n_curves + curve)];
}

// Width at half height of a bell of 10 bins: 20 sqrt(2 ln 2) = 23.548 bins. Reading it from straight lines between bins
// errs by less than (curvature / 8) / slope = 0.01 bins.
TEST(CurveTrust, ALabelIsAsSharpAsItWasTaught) {
  const auto trust = assess_curves(fmnet::label_curves(mechanism, {}), {});
  const double bin_deg[] = {360.0 / 128, 90.0 / 128, 180.0 / 128};
  for (int curve = 0; curve < fmnet::n_curves; ++curve) {
    const CurveTrust& one = trust[static_cast<std::size_t>(curve)];
    EXPECT_NEAR(one.height, 1.0, 1e-12);
    EXPECT_NEAR(one.width_deg, 20.0 * std::sqrt(2.0 * std::log(2.0)) * bin_deg[curve], 0.02 * bin_deg[curve]);
    EXPECT_NEAR(one.likeness, 1.0, 1e-12);
    EXPECT_FALSE(one.second_peak);
  }
}

TEST(CurveTrust, ASecondPeakIsToldWithItsPlaceAndHeight) {
  LabelCurves curves = fmnet::label_curves(mechanism, {});
  const LabelCurves other = fmnet::label_curves({40.0, 45.0, 0.0}, {});
  for (int bin = 1; bin <= fmnet::n_bins; ++bin) {
    at(curves, 0, bin) += 0.6 * other[static_cast<std::size_t>((bin - 1) * fmnet::n_curves)];
  }
  const CurveTrust strike = assess_curves(curves, {})[0];
  ASSERT_TRUE(strike.second_peak);
  EXPECT_NEAR(strike.second_peak->angle_deg, 40.0, 2.0);  // less than a bin of 2.8 degrees
  EXPECT_NEAR(strike.second_peak->relative_height, 0.6, 0.01);
  EXPECT_LT(strike.likeness, 0.85);
}

TEST(CurveTrust, APeakAcrossNorthIsTheSamePeakForStrikeButNotForRake) {
  LabelCurves curves{};
  for (int curve : {0, 2}) {
    for (int bin = 1; bin <= fmnet::n_bins; ++bin) {
      const double high = bin - 126.0, low = bin - 3.0;
      at(curves, curve, bin) = std::exp(-high * high / 200.0) + 0.8 * std::exp(-low * low / 200.0);
    }
  }
  for (int bin = 1; bin <= fmnet::n_bins; ++bin) at(curves, 1, bin) = std::exp(-std::pow(bin - 64.0, 2) / 200.0);
  const auto trust = assess_curves(curves, {});
  EXPECT_FALSE(trust[0].second_peak);
  ASSERT_TRUE(trust[2].second_peak);
  EXPECT_NEAR(trust[2].second_peak->angle_deg, fmnet::angle_of_bin(2, 3.0), 1e-9);
}

TEST(CurveTrust, AFlatCurveIsNoBell) {
  LabelCurves curves = fmnet::label_curves(mechanism, {});
  for (int bin = 1; bin <= fmnet::n_bins; ++bin) at(curves, 1, bin) = 0.1 + 1e-3 * bin;
  const CurveTrust dip = assess_curves(curves, {})[1];
  EXPECT_LT(dip.height, 0.3);
  EXPECT_LT(dip.likeness, 0.9);
  EXPECT_GT(dip.width_deg, 50.0);
}

}  // namespace
