#include "fmnet/gaussian_label.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/random.h"

namespace {

using fmnet::LabelCurves;
using fmnet::LabelSettings;
using propagator::FocalMechanism;

double value(const LabelCurves& curves, int curve, int bin) {
  return curves[static_cast<std::size_t>((bin - 1) * 3 + curve)];
}

TEST(GaussianLabel, PeakIsOneAndFallsToTheHalfAtElevenPointEightBins) {
  // strike 180 -> i0 = 64, dip 45 -> 64, rake 0 -> 64; half height at s sqrt(2 ln 2) = 11.774 bins
  const LabelCurves curves = fmnet::label_curves({180.0, 45.0, 0.0}, {});
  for (int curve = 0; curve < 3; ++curve) {
    EXPECT_DOUBLE_EQ(value(curves, curve, 64), 1.0);
    EXPECT_NEAR(value(curves, curve, 74), std::exp(-0.5), 1e-15);
    EXPECT_NEAR(value(curves, curve, 44), std::exp(-2.0), 1e-15);
    EXPECT_GT(value(curves, curve, 75), 0.5);
    EXPECT_LT(value(curves, curve, 76), 0.5);
  }
}

TEST(GaussianLabel, BinsAreReadAsTheAuthorsReadThem) {
  // sub_conpa.m with 1-based index: bin 1 and bin 128 of each curve
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(0, 1), 2.8125);
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(1, 1), 0.703125);
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(2, 1), -88.59375);
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(0, 128), 360.0);
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(1, 128), 90.0);
  EXPECT_DOUBLE_EQ(fmnet::angle_of_bin(2, 128), 90.0);
}

TEST(GaussianLabel, StrikeZeroIsStrike360) {
  EXPECT_EQ(fmnet::label_curves({0.0, 45.0, 10.0}, {}), fmnet::label_curves({360.0, 45.0, 10.0}, {}));
  EXPECT_DOUBLE_EQ(value(fmnet::label_curves({0.0, 45.0, 10.0}, {}), 0, 128), 1.0);
}

TEST(GaussianLabel, CircularStrikeHasNoSeam) {
  LabelSettings circular;
  circular.strike_label = fmnet::StrikeLabel::circular;
  const LabelCurves a = fmnet::label_curves({359.0, 45.0, 10.0}, circular),
                    b = fmnet::label_curves({1.0, 45.0, 10.0}, circular);
  // 2 degrees are 0.71 bins; the steepest slope is exp(-1/2) / s = 0.061 a bin
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 0.061 * 0.72);
  EXPECT_GT(value(a, 0, 1), 0.9);
  EXPECT_LT(value(fmnet::label_curves({359.0, 45.0, 10.0}, {}), 0, 1), 1e-6);
}

TEST(GaussianLabel, BothPlanesOfADoubleCoupleHaveOneLabel) {
  data::RandomStream random(3, 0);
  for (int i = 0; i < 200; ++i) {
    const FocalMechanism m{random.uniform(1.0, 359.0), random.uniform(5.0, 85.0), random.uniform(-80.0, 80.0)};
    const LabelCurves a = fmnet::label_curves(m, {}), b = fmnet::label_curves(propagator::auxiliary_plane(m), {});
    for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-9);
  }
}

TEST(GaussianLabel, AsDrawnKeepsTheTwoNamesOfAVerticalPlaneApart) {
  LabelSettings as_drawn;
  as_drawn.plane = fmnet::LabelPlane::as_drawn;
  const FocalMechanism a{60.0, 90.0, 30.0}, b{240.0, 90.0, -30.0};
  EXPECT_LT(propagator::kagan_angle_deg(a, b), 1e-6);
  EXPECT_EQ(fmnet::label_curves(a, {}), fmnet::label_curves(b, {}));
  EXPECT_NE(fmnet::label_curves(a, as_drawn), fmnet::label_curves(b, as_drawn));
}

TEST(GaussianLabel, ReadingTheBinMissesByHalfABinAtMost) {
  data::RandomStream random(4, 0);
  for (int i = 0; i < 500; ++i) {
    const FocalMechanism m{random.uniform(3.0, 360.0), random.uniform(1.0, 89.0), random.uniform(-88.0, 88.0)};
    const FocalMechanism found = fmnet::decode_curves(fmnet::label_curves(m, {}), {});
    EXPECT_NEAR(found.strike_deg, m.strike_deg, 0.5 * 2.8125 + 1e-9);
    EXPECT_NEAR(found.dip_deg, m.dip_deg, 0.5 * 0.703125 + 1e-9);
    EXPECT_NEAR(found.rake_deg, m.rake_deg, 0.5 * 1.40625 + 1e-9);
  }
}

TEST(GaussianLabel, TheParabolaIsExactForAGaussian) {
  LabelSettings settings;
  settings.decoding = fmnet::PeakDecoding::parabola;
  settings.strike_label = fmnet::StrikeLabel::circular;
  data::RandomStream random(4, 1);
  for (int i = 0; i < 500; ++i) {
    const FocalMechanism m{random.uniform(0.0, 360.0), random.uniform(1.5, 88.5), random.uniform(-87.0, 87.0)};
    const FocalMechanism found = fmnet::decode_curves(fmnet::label_curves(m, settings), settings);
    // a logarithm's rounding, 2e-16, over the curvature 1/100 gives 2e-14 bins, times 2.8 degrees
    EXPECT_NEAR(std::remainder(found.strike_deg - m.strike_deg, 360.0), 0.0, 1e-10);
    EXPECT_NEAR(found.dip_deg, m.dip_deg, 1e-10);
    EXPECT_NEAR(found.rake_deg, m.rake_deg, 1e-10);
  }
}

// A strike of 0.3 has its bell around 360.3, beside bin 128: what is read there is told as 0.3. One of 359.7 stays what it is. To the
// rounding above.
TEST(GaussianLabel, AStrikeReadBeyond360BeginsAgainAt0) {
  LabelSettings settings;
  settings.decoding = fmnet::PeakDecoding::parabola;
  settings.strike_label = fmnet::StrikeLabel::circular;
  for (const double strike_deg : {0.3, 1.2, 359.7, 358.8}) {
    const LabelCurves curves = fmnet::label_curves({strike_deg, 45.0, 10.0}, settings);
    for (int bin = 1; bin < 128; ++bin) EXPECT_LT(value(curves, 0, bin), value(curves, 0, 128)) << strike_deg;
    EXPECT_NEAR(fmnet::decode_curves(curves, settings).strike_deg, strike_deg, 1e-10);
  }
}

TEST(GaussianLabel, TheParabolaFallsBackToTheBinWhereItHasNoApex) {
  LabelSettings settings;
  settings.decoding = fmnet::PeakDecoding::parabola;
  LabelCurves curves{};
  curves[(40 - 1) * 3 + 0] = 1.0;   // alone among zeros
  curves[(128 - 1) * 3 + 1] = 1.0;  // at the end
  curves[(1 - 1) * 3 + 2] = 1.0;
  const FocalMechanism found = fmnet::decode_curves(curves, settings);
  EXPECT_DOUBLE_EQ(found.strike_deg, 40 * 2.8125);
  EXPECT_DOUBLE_EQ(found.dip_deg, 90.0);
  EXPECT_DOUBLE_EQ(found.rake_deg, -88.59375);
}

TEST(GaussianLabel, RefusesCurvesThatAreNotFiniteAndAnglesOutOfRange) {
  LabelCurves curves{};
  curves[5] = std::nan("");
  EXPECT_THROW(fmnet::decode_curves(curves, {}), std::invalid_argument);
  EXPECT_THROW(fmnet::bin_of_angle(1, 95.0), std::invalid_argument);
  EXPECT_THROW(fmnet::bin_of_angle(3, 0.0), std::invalid_argument);
  EXPECT_THROW(fmnet::label_curves({10.0, 95.0, 0.0}, {}), std::invalid_argument);
}

}  // namespace
