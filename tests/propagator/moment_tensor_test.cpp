#include "propagator/moment_tensor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/degrees.h"
#include "tests/support/largest.h"

namespace {

using namespace propagator;

using support::deg;

// Aki & Richards (2002), box 4.4: the six elements written out in strike, dip and rake.
MomentTensor box_4_4(const FocalMechanism& m) {
  const double phi = m.strike_deg * deg, delta = m.dip_deg * deg, lambda = m.rake_deg * deg;
  using std::cos, std::sin;
  return {.xx = -(sin(delta) * cos(lambda) * sin(2 * phi) + sin(2 * delta) * sin(lambda) * sin(phi) * sin(phi)),
          .yy = sin(delta) * cos(lambda) * sin(2 * phi) - sin(2 * delta) * sin(lambda) * cos(phi) * cos(phi),
          .zz = sin(2 * delta) * sin(lambda),
          .xy = sin(delta) * cos(lambda) * cos(2 * phi) + 0.5 * sin(2 * delta) * sin(lambda) * sin(2 * phi),
          .xz = -(cos(delta) * cos(lambda) * cos(phi) + cos(2 * delta) * sin(lambda) * sin(phi)),
          .yz = -(cos(delta) * cos(lambda) * sin(phi) - cos(2 * delta) * sin(lambda) * cos(phi))};
}

TEST(MomentTensor, EqualsTheFormulasOfAkiAndRichards) {
  for (double strike = 0; strike < 360; strike += 37) {
    for (double dip = 0; dip <= 90; dip += 15) {
      for (double rake = -180; rake <= 180; rake += 30) {
        const FocalMechanism m{strike, dip, rake};
        // Twice a handful of roundings of numbers up to 1.
        EXPECT_LE(support::largest_size(matrix(moment_tensor(m)) - matrix(box_4_4(m))), 2e-15);
      }
    }
  }
}

TEST(MomentTensor, HasTheMomentThatWasAskedForAndNoTrace) {
  const MomentTensor M = moment_tensor({230.8, 82.8, -9.4}, 2.71e19);
  EXPECT_NEAR(scalar_moment_n_m(M), 2.71e19, 2.71e19 * 1e-14);
  EXPECT_NEAR(M.xx + M.yy + M.zz, 0.0, 2.71e19 * 1e-14);
}

TEST(FocalMechanismOfATensor, IsTheCanonicalPlaneOfTheMechanismThatMadeIt) {
  for (double strike = 3; strike < 360; strike += 29) {
    for (double dip = 0; dip <= 90; dip += 7.5) {
      for (double rake = -180; rake <= 180; rake += 22.5) {
        const FocalMechanism m{strike, dip, rake};
        const FocalMechanism found = focal_mechanism(moment_tensor(m, 1e17));
        EXPECT_LE(std::abs(found.rake_deg), 90.0);
        // Eigenvectors of eigenvalues 1 apart carry a few roundings, 1e-15 rad.
        EXPECT_LE(kagan_angle_deg(m, found), 1e-12) << strike << "/" << dip << "/" << rake;
      }
    }
  }
}

// SCSN's tensor of the Ridgecrest Mw 7.1, printed as r up, t south, p east, with its planes 230.8/82.8/-9.4 and 322.0/80.7/-172.7 and
// M0 = 2.71e19 N m, Mw 6.89: the frame, the moment and the planes of one catalogue entry hold together.
TEST(MomentTensor, OfACatalogueGivesItsPlanesMomentAndMagnitude) {
  const MomentTensor M =
      ned_from_use({.rr = -6.762e17, .tt = -2.553e19, .pp = 2.621e19, .rt = 5.584e18, .rp = 8.293e16, .tp = 5.883e18});
  const FocalMechanism m = focal_mechanism(M);
  EXPECT_NEAR(m.strike_deg, 230.8, 0.1);
  EXPECT_NEAR(m.dip_deg, 82.8, 0.1);
  EXPECT_NEAR(m.rake_deg, -9.4, 0.1);
  EXPECT_NEAR(scalar_moment_n_m(M), 2.71e19, 0.01e19);
  EXPECT_NEAR(moment_magnitude(scalar_moment_n_m(M)), 6.89, 0.005);
  EXPECT_NEAR(moment_n_m_of_magnitude(moment_magnitude(2.71e19)), 2.71e19, 1e6);
}

// Saint Louis University's tensor of the Mw 6.4 is printed as x north, y east, z down (dyne cm) with the plane 40/85/-20.
TEST(MomentTensor, OfACatalogueInNorthEastDownGivesItsPlane) {
  const MomentTensor M{.xx = -2.33e18, .yy = 2.49e18, .zz = -1.54e17, .xy = 3.47e17, .xz = -7.26e17, .yz = 5.34e17};
  EXPECT_LE(kagan_angle_deg(focal_mechanism(M), {40, 85, -20}), 1.5) << "printed to one degree";
}

// The frame change is a rotation: r = -z, t = -x, p = y. In components of the new base vectors M'_ab = e_a . M e_b.
TEST(NedFromUse, IsTheTensorSeenFromTheOtherBaseVectors) {
  const MomentTensor M{.xx = 1, .yy = 2, .zz = 3, .xy = 4, .xz = 5, .yz = 6};
  const Eigen::Vector3d r(0, 0, -1), t(-1, 0, 0), p(0, 1, 0);
  const Eigen::Matrix3d A = matrix(M);
  const MomentTensorUse use = use_from_ned(M);
  EXPECT_EQ(use.rr, r.dot(A * r));
  EXPECT_EQ(use.tt, t.dot(A * t));
  EXPECT_EQ(use.pp, p.dot(A * p));
  EXPECT_EQ(use.rt, r.dot(A * t));
  EXPECT_EQ(use.rp, r.dot(A * p));
  EXPECT_EQ(use.tp, t.dot(A * p));
  EXPECT_EQ(matrix(ned_from_use(use)), A);
}

TEST(MomentTensor, RefusesWhatHasNoMeaning) {
  EXPECT_THROW(moment_tensor({0, 45, 0}, -1.0), std::invalid_argument);
  EXPECT_THROW(moment_tensor({0, 45, 0}, std::nan("")), std::invalid_argument);
  EXPECT_THROW(focal_mechanism(MomentTensor{}), std::invalid_argument);
  EXPECT_THROW(focal_mechanism(MomentTensor{1e18, 1e18, 1e18, 0, 0, 0}), std::invalid_argument);
  EXPECT_THROW(focal_mechanism(MomentTensor{1, std::nan(""), 0, 0, 0, 0}), std::invalid_argument);
  EXPECT_THROW(moment_magnitude(0.0), std::invalid_argument);
  EXPECT_THROW(moment_n_m_of_magnitude(std::nan("")), std::invalid_argument);
}

TEST(FocalMechanismOfATensor, DoesNotDependOnItsSize) {
  for (const double moment : {1e-300, 1e-10, 1e30, 1e300}) {
    EXPECT_LE(kagan_angle_deg(focal_mechanism(moment_tensor({234, 71, -5}, moment)), {234, 71, -5}), 1e-12);
  }
}

}  // namespace
