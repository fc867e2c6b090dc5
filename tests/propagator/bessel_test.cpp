#include "propagator/bessel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace {

// 2e-15: the header's claim. std::cyl_bessel_j is another implementation; its own error grows with z, so it serves in 80-bit numbers
// and up to 50.
TEST(Bessel, AgreesWithTheStandardLibrary) {
  for (double z = 1e-8; z < 50.0; z = z * 1.07 + 1e-3) {
    const propagator::BesselValues J = propagator::bessel_j012(z);
    EXPECT_NEAR(J.j0, static_cast<double>(std::cyl_bessel_jl(0.0L, z)), 2e-15) << z;
    EXPECT_NEAR(J.j1, static_cast<double>(std::cyl_bessel_jl(1.0L, z)), 2e-15) << z;
    EXPECT_NEAR(J.j2, static_cast<double>(std::cyl_bessel_jl(2.0L, z)), 2e-15) << z;
  }
}

// Hankel's expansion for large z, J_n = sqrt(2 / (pi z)) (P cos c - Q sin c), c = z - (n/2 + 1/4) pi, with the terms
// a_m = a_(m-1) (4 n^2 - (2m-1)^2) / (8 m z): of the ten taken the last is below 1e-16 at z = 50.
double hankel(int n, long double z) {
  long double term = 1.0L, P = 1.0L, Q = 0.0L;
  for (int m = 1; m <= 10; ++m) {
    term *= (4.0L * n * n - (2.0L * m - 1.0L) * (2.0L * m - 1.0L)) / (8.0L * m * z);
    const long double sign = m / 2 % 2 == 0 ? 1.0L : -1.0L;
    (m % 2 == 0 ? P : Q) += sign * term;
  }
  const long double c = z - (0.5L * n + 0.25L) * std::numbers::pi_v<long double>;
  return static_cast<double>(std::sqrt(2.0L / (std::numbers::pi_v<long double> * z)) *
                             (P * std::cos(c) - Q * std::sin(c)));
}

TEST(Bessel, AgreesWithHankelsExpansionUpToAHundredThousand) {
  for (double z = 50.0; z < 1e5; z = z * 1.003 + 0.1) {
    const propagator::BesselValues J = propagator::bessel_j012(z);
    EXPECT_NEAR(J.j0, hankel(0, z), 2e-15) << z;
    EXPECT_NEAR(J.j1, hankel(1, z), 2e-15) << z;
    EXPECT_NEAR(J.j2, hankel(2, z), 2e-15) << z;
  }
}

TEST(Bessel, RefusesANegativeArgument) {
  EXPECT_THROW(propagator::bessel_j012(-1.0), std::invalid_argument);
  EXPECT_THROW(propagator::bessel_j012(std::nan("")), std::invalid_argument);
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
