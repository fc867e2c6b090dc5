#include "propagator/radiation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "tests/support/degrees.h"

namespace {

using namespace propagator;

using support::deg;

class Random {
 public:
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  FocalMechanism mechanism() { return {uniform(0, 360), uniform(0, 90), uniform(-180, 180)}; }
  MomentTensor tensor() {
    return {uniform(-1, 1), uniform(-1, 1), uniform(-1, 1), uniform(-1, 1), uniform(-1, 1), uniform(-1, 1)};
  }

 private:
  std::mt19937_64 engine_{7};
};

struct Displacement {
  double z_up, radial, transverse;
};

// Far field of a point source in a homogeneous whole space (Aki & Richards 2002, section 4.3, without the factors that do not depend
// on direction): P moves gamma (gamma' M gamma), S moves M gamma - gamma (gamma' M gamma). As their speeds differ, the sum with any weights is a
// possible displacement. Seen in Z up, R away, T clockwise.
Displacement far_field(const MomentTensor& tensor, double azimuth_rad, double takeoff_rad, double p_weight,
                       double s_weight) {
  const Eigen::Vector3d R(std::cos(azimuth_rad), std::sin(azimuth_rad), 0.0),
      T(-std::sin(azimuth_rad), std::cos(azimuth_rad), 0.0);
  const Eigen::Vector3d gamma = std::sin(takeoff_rad) * R + std::cos(takeoff_rad) * Eigen::Vector3d::UnitZ();
  const Eigen::Matrix3d M = matrix(tensor);
  const Eigen::Vector3d P = gamma * gamma.dot(M * gamma);
  const Eigen::Vector3d u = p_weight * P + s_weight * (M * gamma - P);
  return {-u.z(), u.dot(R), u.dot(T)};
}

// The fundamental seismograms of that wave field are its displacements northward (azimuth 0) for tensors that have one weight alone;
// then the weights must give the displacement of every tensor at every azimuth.
TEST(RadiationWeights, TimesTheFundamentalSeriesIsTheWholeSpaceDisplacement) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const double takeoff = random.uniform(0.0, std::numbers::pi), p = random.uniform(-1, 1), s = random.uniform(-1, 1);
    const Displacement ss = far_field({-1, 1, 0, 0, 0, 0}, 0.0, takeoff, p, s);
    const Displacement ds = far_field({0, 0, 0, 0, -1, 0}, 0.0, takeoff, p, s);
    const Displacement dd = far_field({-1, -1, 2, 0, 0, 0}, 0.0, takeoff, p, s);
    const Displacement ex = far_field({1, 1, 1, 0, 0, 0}, 0.0, takeoff, p, s);
    const double tss = far_field({0, 0, 0, 1, 0, 0}, 0.0, takeoff, p, s).transverse;
    const double tds = far_field({0, 0, 0, 0, 0, 1}, 0.0, takeoff, p, s).transverse;
    const MomentTensor M = random.tensor();
    const double azimuth = random.uniform(-10.0, 10.0);
    const RadiationWeights w = radiation_weights(M, azimuth);
    const Displacement u = far_field(M, azimuth, takeoff, p, s);
    // A dozen products of numbers below 4: 1e-14.
    ASSERT_NEAR(w.ss * ss.z_up + w.ds * ds.z_up + w.dd * dd.z_up + w.ex * ex.z_up, u.z_up, 1e-14);
    ASSERT_NEAR(w.ss * ss.radial + w.ds * ds.radial + w.dd * dd.radial + w.ex * ex.radial, u.radial, 1e-14);
    ASSERT_NEAR(w.transverse_ss * tss + w.transverse_ds * tds, u.transverse, 1e-14);
  }
}

// A0, A1, A2, A4, A5 of Zhu's program: the signs that the Green's functions are computed in, written in strike, dip and rake.
TEST(RadiationWeights, OfADoubleCoupleAreTheCoefficientsOfZhusProgram) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const FocalMechanism m = random.mechanism();
    const double azimuth = random.uniform(0.0, 2.0 * std::numbers::pi);
    const double theta = azimuth - m.strike_deg * deg, delta = m.dip_deg * deg, lambda = m.rake_deg * deg;
    using std::cos, std::sin;
    const RadiationWeights w = radiation_weights(moment_tensor(m), azimuth);
    // Angles up to 4 pi carry roundings of 1e-15.
    ASSERT_NEAR(w.dd, 0.5 * sin(lambda) * sin(2 * delta), 1e-14);
    ASSERT_NEAR(w.ds, cos(theta) * cos(lambda) * cos(delta) - sin(theta) * sin(lambda) * cos(2 * delta), 1e-14);
    ASSERT_NEAR(w.ss, -sin(2 * theta) * cos(lambda) * sin(delta) - 0.5 * cos(2 * theta) * sin(lambda) * sin(2 * delta),
                1e-14);
    ASSERT_NEAR(w.transverse_ds, cos(theta) * sin(lambda) * cos(2 * delta) + sin(theta) * cos(lambda) * cos(delta),
                1e-14);
    ASSERT_NEAR(w.transverse_ss,
                cos(2 * theta) * cos(lambda) * sin(delta) - 0.5 * sin(2 * theta) * sin(lambda) * sin(2 * delta), 1e-14);
    ASSERT_NEAR(w.ex, 0.0, 1e-15);
  }
}

TEST(RadiationWeights, DoNotChangeWhenFaultAndStationTurnTogether) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const FocalMechanism m = random.mechanism();
    const double azimuth_deg = random.uniform(0.0, 360.0), turn_deg = random.uniform(0.0, 360.0);
    const RadiationWeights a = radiation_weights(moment_tensor(m), azimuth_deg * deg);
    const RadiationWeights b = radiation_weights(moment_tensor({m.strike_deg + turn_deg, m.dip_deg, m.rake_deg}),
                                                 (azimuth_deg + turn_deg) * deg);
    ASSERT_NEAR(a.ss, b.ss, 1e-12);
    ASSERT_NEAR(a.ds, b.ds, 1e-12);
    ASSERT_NEAR(a.dd, b.dd, 1e-12);
    ASSERT_NEAR(a.transverse_ss, b.transverse_ss, 1e-12);
    ASSERT_NEAR(a.transverse_ds, b.transverse_ds, 1e-12);
  }
}

TEST(RadiationWeights, OfTheAuxiliaryPlaneAreTheSame) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const FocalMechanism m = random.mechanism();
    const double azimuth = random.uniform(0.0, 6.0);
    const RadiationWeights a = radiation_weights(moment_tensor(m), azimuth),
                           b = radiation_weights(moment_tensor(auxiliary_plane(m)), azimuth);
    ASSERT_NEAR(a.ss, b.ss, 1e-12);
    ASSERT_NEAR(a.ds, b.ds, 1e-12);
    ASSERT_NEAR(a.dd, b.dd, 1e-12);
    ASSERT_NEAR(a.transverse_ss, b.transverse_ss, 1e-12);
    ASSERT_NEAR(a.transverse_ds, b.transverse_ds, 1e-12);
  }
}

TEST(RadiationWeights, OfAnExplosionAreTheExplosionAlone) {
  const RadiationWeights w = radiation_weights({5, 5, 5, 0, 0, 0}, 1.0);
  EXPECT_EQ(w.ex, 5.0);
  EXPECT_EQ(w.ss, 0.0);
  EXPECT_EQ(w.ds, 0.0);
  EXPECT_EQ(w.dd, 0.0);
  EXPECT_EQ(w.transverse_ss, 0.0);
  EXPECT_EQ(w.transverse_ds, 0.0);
}

TEST(PRadiation, IsUpAlongTDownAlongPAndZeroOnTheNodalPlanes) {
  Random random;
  for (int i = 0; i < 500; ++i) {
    const FocalMechanism m = random.mechanism();
    const MomentTensor M = moment_tensor(m, 3.0);
    const PrincipalAxes axes = principal_axes(m);
    ASSERT_NEAR(p_radiation(M, axes.t.azimuth_deg * deg, (90.0 - axes.t.plunge_deg) * deg), 3.0, 1e-12);
    ASSERT_NEAR(p_radiation(M, axes.p.azimuth_deg * deg, (90.0 - axes.p.plunge_deg) * deg), -3.0, 1e-12);
    ASSERT_NEAR(p_radiation(M, axes.n.azimuth_deg * deg, (90.0 - axes.n.plunge_deg) * deg), 0.0, 1e-12);
    ASSERT_NEAR(p_radiation(M, m.strike_deg * deg, 90.0 * deg), 0.0, 1e-12) << "the strike lies in the fault plane";
  }
}

// First motions of the Ridgecrest Mw 7.1 in the strong-motion records, at the four stations well away from the nodal planes (231 and 322 degrees):
// up at SLA (65 degrees) and WNM (286), down at LRL (193) and MPM (17). The direct wave leaves almost horizontally, a little upward.
TEST(PRadiation, OfTheRidgecrestMainshockHasTheSignsThatWereRecorded) {
  const MomentTensor M = moment_tensor({230.8, 82.8, -9.4});
  const double takeoff = 105.0 * deg;
  for (const double up_azimuth : {65.0, 286.0}) EXPECT_GT(p_radiation(M, up_azimuth * deg, takeoff), 0.0) << up_azimuth;
  for (const double down_azimuth : {193.0, 17.0})
    EXPECT_LT(p_radiation(M, down_azimuth * deg, takeoff), 0.0) << down_azimuth;
}

TEST(RadiationWeights, RefuseATensorOrAnAngleThatIsNotFinite) {
  EXPECT_THROW(radiation_weights(MomentTensor{}, std::nan("")), std::invalid_argument);
  EXPECT_THROW(p_radiation(MomentTensor{}, 0.0, INFINITY), std::invalid_argument);
  for (const double out : {-0.1, 3.2}) EXPECT_THROW(p_radiation(MomentTensor{}, 0.0, out), std::invalid_argument);
  EXPECT_THROW(radiation_weights(MomentTensor{0, 0, 0, 0, 0, std::nan("")}, 0.0), std::invalid_argument);
  EXPECT_THROW(p_radiation(MomentTensor{INFINITY, 0, 0, 0, 0, 0}, 0.0, 0.0), std::invalid_argument);
}

}  // namespace
