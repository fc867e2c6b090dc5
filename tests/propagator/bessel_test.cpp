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

TEST(Bessel, TablesHoldWavenumberTimesDistance) {
  const Eigen::ArrayXd k = Eigen::ArrayXd::LinSpaced(7, 0.01, 2.0);
  const propagator::BesselTables tables = propagator::bessel_tables(k, {3.0, 40.0}, 2);
  EXPECT_EQ(tables.j1(4, 1), propagator::bessel_j012(k[4] * 40.0).j1);
  EXPECT_EQ(tables.j0(6, 0), propagator::bessel_j012(k[6] * 3.0).j0);
}

}  // namespace
