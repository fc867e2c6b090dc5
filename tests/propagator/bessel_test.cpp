#include "propagator/bessel.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

// 2e-15: the header's claim. std::cyl_bessel_j is another implementation; its own error grows with z, so it serves up to 50.
TEST(Bessel, AgreesWithTheStandardLibrary) {
  for (double z = 1e-8; z < 50.0; z = z * 1.07 + 1e-3) {
    const propagator::BesselValues J = propagator::bessel_j012(z);
    EXPECT_NEAR(J.j0, std::cyl_bessel_j(0.0, z), 2e-15 + 2e-16 * z) << z;
    EXPECT_NEAR(J.j1, std::cyl_bessel_j(1.0, z), 2e-15 + 2e-16 * z) << z;
    EXPECT_NEAR(J.j2, std::cyl_bessel_j(2.0, z), 2e-15 + 2e-16 * z) << z;
  }
}

TEST(Bessel, SecondOrderKeepsItsRelativeAccuracyAtSmallArguments) {
  EXPECT_NEAR(propagator::bessel_j012(1e-4).j2, 1.25e-9, 1e-17);  // z^2/8 (1 - z^2/12)
  EXPECT_NEAR(propagator::bessel_j012(1.0).j2, 0.11490348493190048, 1e-16);
  EXPECT_NEAR(propagator::bessel_j012(1.0 + 1e-12).j2, propagator::bessel_j012(1.0).j2, 1e-12);
  EXPECT_EQ(propagator::bessel_j012(0.0).j2, 0.0);
}

// 2e-15: the header's claim for the polynomials, over their whole range, at its ends and beyond it.
TEST(Bessel, BlocksEqualTheDefinition) {
  std::vector<double> x;
  for (int i = 0; i < 4000; ++i) x.push_back(1e-6 + 0.5223 * i);
  for (const double edge : {1.0, 2.0, 17.0, 2047.0, 2048.0, 90000.0}) {
    for (const double step : {-1e-9, 0.0, 1e-9}) x.push_back(edge + step);
  }
  const std::vector<double> k = {1.0, 0.0031};
  propagator::BesselBlock block;
  bessel_block(k, x, block);
  for (std::size_t ik = 0; ik < k.size(); ++ik) {
    for (std::size_t ix = 0; ix < x.size(); ++ix) {
      const propagator::BesselValues J = propagator::bessel_j012(k[ik] * x[ix]);
      const auto row = static_cast<Eigen::Index>(ix);
      const auto column = static_cast<Eigen::Index>(ik);
      EXPECT_NEAR(block.j0(row, column), J.j0, 2e-15) << k[ik] * x[ix];
      EXPECT_NEAR(block.j1(row, column), J.j1, 2e-15) << k[ik] * x[ix];
      EXPECT_NEAR(block.j2(row, column), J.j2, 2e-15) << k[ik] * x[ix];
    }
  }
}

}  // namespace
