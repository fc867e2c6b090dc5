// Mechanisms: angles <-> vectors, the two planes, the canonical one, the Kagan angle, the axes.
#include "propagator/focal_mechanism.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <random>
#include <vector>

#include "propagator/errors.h"
#include "propagator/moment_tensor.h"
#include "tests/support/degrees.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"
#include "tests/support/largest.h"

namespace {

using namespace propagator;

using support::deg;

// The propagator knows no random.h (that is the data module's); std::mt19937_64 is specified bit by bit, and so is this division.
class RandomMechanisms {
 public:
  FocalMechanism next() { return {360.0 * uniform(), 90.0 * uniform(), 360.0 * uniform() - 180.0}; }

 private:
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  std::mt19937_64 engine_{20190706};
};

// Every combination of special and ordinary angles.
std::vector<FocalMechanism> special_mechanisms() {
  std::vector<FocalMechanism> all;
  for (const double strike : {0.0, 1e-13, 45.0, 90.0, 179.999999, 180.0, 230.8, 270.0, 359.9999999}) {
    for (const double dip : {0.0, 1e-10, 1e-3, 30.0, 45.0, 60.0, 89.9999, 90.0 - 1e-10, 90.0}) {
      for (const double rake : {-180.0, -179.9999999, -135.0, -90.0, -89.9999999, -9.4, -1e-10, 0.0, 1e-10, 20.0, 90.0,
                                90.0000001, 179.0, 180.0}) {
        all.push_back({strike, dip, rake});
      }
    }
  }
  return all;
}

// The smallest of the four rotations between two double couples, each angle from the trace of its matrix: the definition of the Kagan angle
// in plain steps. The arc cosine loses half of the digits at 0: good to about 1e-6 degrees there.
double kagan_by_brute_force_deg(const FocalMechanism& a, const FocalMechanism& b) {
  const auto axes = [](const FocalMechanism& m) {
    const auto [d, n] = slip_and_normal(m);
    Eigen::Matrix3d E;
    E << (n + d) / std::sqrt(2.0), (n - d) / std::sqrt(2.0), ((n + d).cross(n - d)) / 2.0;
    return E;
  };
  double smallest = 180.0;
  for (const Eigen::Vector3d& turned :
       {Eigen::Vector3d(1, 1, 1), Eigen::Vector3d(1, -1, -1), Eigen::Vector3d(-1, 1, -1), Eigen::Vector3d(-1, -1, 1)}) {
    const Eigen::Matrix3d rotation = axes(a) * turned.asDiagonal() * axes(b).transpose();
    smallest = std::min(smallest, std::acos(std::clamp((rotation.trace() - 1.0) / 2.0, -1.0, 1.0)) / deg);
  }
  return smallest;
}

TEST(FocalMechanism, SlipAndNormalAreUnitVectorsAtRightAngles) {
  for (const FocalMechanism& m : special_mechanisms()) {
    const auto [d, n] = slip_and_normal(m);
    EXPECT_NEAR(d.norm(), 1.0, 4e-16);
    EXPECT_NEAR(n.norm(), 1.0, 4e-16);
    EXPECT_NEAR(d.dot(n), 0.0, 4e-16);
    EXPECT_LE(n.z(), 0.0);
  }
}

// Pictures that need no formula: the hanging wall lies to the right of the strike.
TEST(FocalMechanism, SlipHasTheDirectionsOfAkiAndRichards) {
  const auto slip = [](double strike, double dip, double rake) { return slip_and_normal({strike, dip, rake}).slip; };
  EXPECT_TRUE(slip(0, 90, 0).isApprox(Eigen::Vector3d(1, 0, 0)))
      << "left-lateral on a north fault: its east side goes north";
  EXPECT_TRUE(slip(0, 90, 180).isApprox(Eigen::Vector3d(-1, 0, 0))) << "right-lateral: its east side goes south";
  EXPECT_TRUE(slip(0, 45, 90).isApprox(Eigen::Vector3d(0, -1, -1) / std::sqrt(2.0)))
      << "thrust: the hanging wall goes up and west";
  EXPECT_TRUE(slip(0, 45, -90).isApprox(Eigen::Vector3d(0, 1, 1) / std::sqrt(2.0))) << "normal: down and east";
  EXPECT_TRUE(slip(90, 30, 0).isApprox(Eigen::Vector3d(0, 1, 0))) << "strike east";
  // A fault of strike 0 dips east: its normal into the hanging wall points up and east.
  EXPECT_TRUE(slip_and_normal({0, 45, 0}).normal.isApprox(Eigen::Vector3d(0, 1, -1) / std::sqrt(2.0)));
}

TEST(FocalMechanism, AnglesToVectorsToAnglesIsTheIdentity) {
  RandomMechanisms random;
  for (int i = 0; i < 100000; ++i) {
    const FocalMechanism m = random.next();
    const auto [d, n] = slip_and_normal(m);
    const FocalMechanism again = mechanism_from_vectors(d, n);
    // Strike and rake trade off against each other on a flat fault: their errors grow as 1 / sin(dip).
    const double flat = std::sin(m.dip_deg * deg);
    ASSERT_NEAR(again.dip_deg, m.dip_deg, 1e-9);
    ASSERT_NEAR(std::remainder(again.strike_deg - m.strike_deg, 360.0) * flat, 0.0, 1e-10);
    ASSERT_NEAR(std::remainder(again.rake_deg - m.rake_deg, 360.0) * flat, 0.0, 1e-10);
  }
}

// Rounding may turn the normal of a vertical fault 1e-16 downward: it must not change name, nor its dip exceed 90.
TEST(FocalMechanism, ANormalWithinRoundingOfHorizontalHasDip90AndKeepsItsStrike) {
  for (const double down : {-1e-13, 0.0, 1e-16, 1e-13}) {
    const FocalMechanism m = mechanism_from_vectors({1.0, 0.0, 0.0}, {0.0, 1.0, down});
    EXPECT_EQ(m.strike_deg, 0.0);
    EXPECT_EQ(m.dip_deg, 90.0);
    EXPECT_EQ(m.rake_deg, 0.0);
  }
  EXPECT_NEAR(mechanism_from_vectors({1.0, 0.0, 0.0}, {0.0, 1.0, 1e-6}).strike_deg, 180.0, 1e-9)
      << "beyond rounding it is turned up";
}

TEST(AuxiliaryPlane, OfTheAuxiliaryPlaneIsTheFirstPlaneForRandomDoubleCouples) {
  RandomMechanisms random;
  double worst_deg = 0.0, worst_there_deg = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const FocalMechanism m = random.next();
    const FocalMechanism auxiliary = auxiliary_plane(m);
    const FocalMechanism again = auxiliary_plane(auxiliary);
    worst_there_deg = support::larger(worst_there_deg, kagan_angle_deg(m, auxiliary));
    worst_deg = support::larger(worst_deg, kagan_angle_deg(m, again));
    const double flat = std::sin(m.dip_deg * deg);
    ASSERT_NEAR(std::remainder(again.strike_deg - m.strike_deg, 360.0) * flat, 0.0, 1e-9);
    ASSERT_NEAR(again.dip_deg, m.dip_deg, 1e-9);
    ASSERT_NEAR(std::remainder(again.rake_deg - m.rake_deg, 360.0) * flat, 0.0, 1e-9);
  }
  EXPECT_LE(worst_there_deg, 1e-9);
  EXPECT_LE(worst_deg, 1e-9);
}

TEST(AuxiliaryPlane, IsTheSameDoubleCoupleAtEverySpecialAngle) {
  for (const FocalMechanism& m : special_mechanisms()) {
    const FocalMechanism auxiliary = auxiliary_plane(m);
    EXPECT_TRUE(auxiliary.strike_deg >= 0.0 && auxiliary.strike_deg < 360.0);
    EXPECT_TRUE(auxiliary.dip_deg >= 0.0 && auxiliary.dip_deg <= 90.0);
    EXPECT_TRUE(auxiliary.rake_deg >= -180.0 && auxiliary.rake_deg <= 180.0);
    EXPECT_LE(kagan_angle_deg(m, auxiliary), 1e-9) << m.strike_deg << "/" << m.dip_deg << "/" << m.rake_deg;
    const Eigen::Matrix3d difference = matrix(moment_tensor(m)) - matrix(moment_tensor(auxiliary));
    EXPECT_LE(support::largest_size(difference), 4e-12);
  }
}

// Planes that catalogues print side by side, rounded to one degree or a tenth: SCSN and USGS for the Ridgecrest Mw 7.1, mttime for Byron.
TEST(AuxiliaryPlane, AgreesWithThePairsOfPublishedCatalogues) {
  struct Pair {
    FocalMechanism one, two;
    double rounding_deg;
  };
  for (const Pair& pair :
       {Pair{{230.8, 82.8, -9.4}, {322.0, 80.7, -172.7}, 0.1}, Pair{{229.9, 81.3, -6.2}, {320.8, 83.9, -171.3}, 0.1},
        Pair{{234, 71, -5}, {325, 85, -161}, 1.0}, Pair{{40, 85, -20}, {132, 70, -175}, 1.0}}) {
    const FocalMechanism auxiliary = auxiliary_plane(pair.one);
    EXPECT_NEAR(auxiliary.strike_deg, pair.two.strike_deg, pair.rounding_deg);
    EXPECT_NEAR(auxiliary.dip_deg, pair.two.dip_deg, pair.rounding_deg);
    EXPECT_NEAR(auxiliary.rake_deg, pair.two.rake_deg, pair.rounding_deg);
  }
}

TEST(CanonicalPlane, IsTheSameForBothPlanesAndHasRakeWithin90) {
  RandomMechanisms random;
  for (int i = 0; i < 20000; ++i) {
    const FocalMechanism m = random.next();
    const FocalMechanism one = canonical_plane(m), two = canonical_plane(auxiliary_plane(m));
    ASSERT_LE(std::abs(one.rake_deg), 90.0);
    ASSERT_LE(kagan_angle_deg(m, one), 1e-9);
    ASSERT_NEAR(std::remainder(one.strike_deg - two.strike_deg, 360.0), 0.0, 1e-6);
    ASSERT_NEAR(one.dip_deg, two.dip_deg, 1e-9);
  }
}

TEST(CanonicalPlane, ReturnsAPlaneThatIsAlreadyCanonicalUnchanged) {
  const FocalMechanism m = canonical_plane({230.8, 82.8, -9.4});
  EXPECT_EQ(m.strike_deg, 230.8);
  EXPECT_EQ(m.dip_deg, 82.8);
  EXPECT_EQ(m.rake_deg, -9.4);
}

TEST(CanonicalPlane, BreaksTiesAsDocumented) {
  const auto expect_same = [](const FocalMechanism& of, const FocalMechanism& expected) {
    const FocalMechanism m = canonical_plane(of);
    EXPECT_NEAR(m.strike_deg, expected.strike_deg, 1e-9);
    EXPECT_NEAR(m.dip_deg, expected.dip_deg, 1e-9);
    EXPECT_NEAR(m.rake_deg, expected.rake_deg, 1e-9);
  };
  expect_same({200, 90, 30}, {20, 90, -30});  // dip 90: strike below 180
  expect_same({20, 90, -30}, {20, 90, -30});
  expect_same({30, 20, 90}, {210, 70, 90});  // pure dip slip: the steeper plane
  expect_same({210, 70, 90}, {210, 70, 90});
  expect_same({300, 45, -90}, {120, 45, -90});  // both 45 degrees steep: the smaller strike
  expect_same({120, 45, -90}, {120, 45, -90});
  expect_same({250, 90, 90}, {70, 90, -90});  // vertical dip slip; its other plane is horizontal
  expect_same({0, 0, 20}, {70, 90, -90});
}

// -0 compares equal to 0 and would be printed as -0.
TEST(CanonicalPlane, HasNoNegativeZero) {
  for (const FocalMechanism& of :
       {FocalMechanism{200, 90, 0}, FocalMechanism{20, 90, -0.0}, FocalMechanism{20, 60, -0.0},
        FocalMechanism{-0.0, 60, 0}, FocalMechanism{110, 90, 180}, FocalMechanism{20, -0.0, 0},
        FocalMechanism{290, 90, -180}}) {
    const FocalMechanism m = canonical_plane(of);
    for (const double angle_deg : {m.strike_deg, m.dip_deg, m.rake_deg}) {
      EXPECT_FALSE(angle_deg == 0.0 && std::signbit(angle_deg))
          << of.strike_deg << "/" << of.dip_deg << "/" << of.rake_deg;
    }
  }
  EXPECT_FALSE(std::signbit(mechanism_from_vectors({1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}).rake_deg));
}

// In the paper's grid 192 of the 972 labels are two names of 96 double couples.
TEST(CanonicalPlane, FindsThe96PairsOfTheTrainingGrid) {
  std::vector<FocalMechanism> names;
  for (int strike = 30; strike <= 360; strike += 30) {
    for (int dip = 10; dip <= 90; dip += 10) {
      for (int rake = -70; rake <= 90; rake += 20) {
        names.push_back(
            canonical_plane({static_cast<double>(strike), static_cast<double>(dip), static_cast<double>(rake)}));
      }
    }
  }
  int n_pairs = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      n_pairs += std::abs(std::remainder(names[i].strike_deg - names[j].strike_deg, 360.0)) < 1e-6 &&
                 std::abs(names[i].dip_deg - names[j].dip_deg) < 1e-6 &&
                 std::abs(names[i].rake_deg - names[j].rake_deg) < 1e-6;
    }
  }
  EXPECT_EQ(n_pairs, 96);
}

TEST(KaganAngle, IsTheSmallestOfTheFourRotations) {
  RandomMechanisms random;
  for (int i = 0; i < 20000; ++i) {
    const FocalMechanism a = random.next(), b = random.next();
    ASSERT_NEAR(kagan_angle_deg(a, b), kagan_by_brute_force_deg(a, b), 1e-6);
  }
}

TEST(KaganAngle, IsZeroForTheSameDoubleCoupleAndSymmetric) {
  RandomMechanisms random;
  for (int i = 0; i < 2000; ++i) {
    const FocalMechanism a = random.next(), b = random.next();
    ASSERT_LE(kagan_angle_deg(a, a), 1e-13);
    ASSERT_NEAR(kagan_angle_deg(a, b), kagan_angle_deg(b, a), 1e-12);
    ASSERT_NEAR(kagan_angle_deg(a, b), kagan_angle_deg(auxiliary_plane(a), b), 1e-9);
  }
}

TEST(KaganAngle, OfAVerticalStrikeSlipIsTheTurnOfItsStrike) {
  for (const double turn : {1e-9, 1e-3, 1.0, 30.0, 44.0}) {
    // Angles up to 64 degrees carry roundings of 1e-14.
    EXPECT_NEAR(kagan_angle_deg({20.0, 90.0, 0.0}, {20.0 + turn, 90.0, 0.0}), turn, 1e-13 + 1e-14 * turn);
  }
  EXPECT_NEAR(kagan_angle_deg({20, 90, 0}, {110, 90, 0}), 90.0, 1e-12) << "turned by 90 degrees P and T change places";
  EXPECT_NEAR(kagan_angle_deg({0, 45, 90}, {0, 45, -90}), 90.0, 1e-12) << "thrust against normal";
}

// 120 degrees is the turn about the line at equal angles to T, P and N, which takes each axis to the next. From n = x, d = y: the turn gives
// T' = P, P' = N, and then n' = (T' + P') / sqrt 2, d' = (T' - P') / sqrt 2.
TEST(KaganAngle, ReachesAtMost120Degrees) {
  const Eigen::Vector3d T = Eigen::Vector3d(1, 1, 0) / std::sqrt(2.0), P = Eigen::Vector3d(1, -1, 0) / std::sqrt(2.0);
  const Eigen::Vector3d N = T.cross(P);
  const FocalMechanism first = mechanism_from_vectors((T - P) / std::sqrt(2.0), (T + P) / std::sqrt(2.0));
  const FocalMechanism turned = mechanism_from_vectors((P - N) / std::sqrt(2.0), (P + N) / std::sqrt(2.0));
  EXPECT_NEAR(kagan_angle_deg(first, turned), 120.0, 1e-12);
  RandomMechanisms random;
  for (int i = 0; i < 20000; ++i) ASSERT_LE(kagan_angle_deg(random.next(), random.next()), 120.0 + 1e-9);
}

// Chance level: the share of random pairs (isotropic orientations) within 20 degrees is 0.97 %, the median 79 degrees. Isotropic: normal from a uniform
// cos(dip), slip uniform in the plane.
TEST(KaganAngle, OfRandomPairsHasTheMedianOfChance) {
  std::mt19937_64 engine(1);
  const auto uniform = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  const auto isotropic = [&] {
    return FocalMechanism{360.0 * uniform(), std::acos(uniform()) / deg, 360.0 * uniform() - 180.0};
  };
  const int n = 40000;
  int n_within_20 = 0, n_below_79 = 0;
  for (int i = 0; i < n; ++i) {
    const double angle = kagan_angle_deg(isotropic(), isotropic());
    n_within_20 += angle <= 20.0;
    n_below_79 += angle < 79.0;
  }
  EXPECT_NEAR(n_within_20 / static_cast<double>(n), 0.0097, 5.0 * std::sqrt(0.0097 / n));
  EXPECT_NEAR(n_below_79 / static_cast<double>(n), 0.5, 0.02);
}

TEST(PrincipalAxes, OfPlainFaultsAreWhereTheyMustBe) {
  const PrincipalAxes strike_slip =
      principal_axes({0, 90, 0});  // left-lateral, north: T at 45 or 225, P at 135 or 315, N down
  EXPECT_NEAR(std::fmod(strike_slip.t.azimuth_deg, 180.0), 45.0, 1e-9);
  EXPECT_NEAR(std::fmod(strike_slip.p.azimuth_deg, 180.0), 135.0, 1e-9);
  EXPECT_NEAR(strike_slip.t.plunge_deg, 0.0, 1e-9);
  EXPECT_NEAR(strike_slip.n.plunge_deg, 90.0, 1e-9);
  const PrincipalAxes thrust = principal_axes({0, 45, 90});  // T down, P east-west
  EXPECT_NEAR(thrust.t.plunge_deg, 90.0, 1e-6);
  EXPECT_NEAR(thrust.p.plunge_deg, 0.0, 1e-9);
  EXPECT_NEAR(std::fmod(thrust.p.azimuth_deg, 180.0), 90.0, 1e-9);
  EXPECT_NEAR(std::fmod(thrust.n.azimuth_deg + 1e-9, 180.0), 0.0, 1e-8);
  const PrincipalAxes steep = principal_axes({0, 60, 90});  // dips east at 60: T plunges 75 west of down... P 15 east
  EXPECT_NEAR(steep.t.plunge_deg, 75.0, 1e-9);
  EXPECT_NEAR(steep.p.plunge_deg, 15.0, 1e-9);
  EXPECT_NEAR(steep.p.azimuth_deg, 90.0, 1e-9);
  EXPECT_NEAR(steep.t.azimuth_deg, 270.0, 1e-9);
}

TEST(FocalMechanism, RefusesAnglesOutOfRangeAndNormalisesTheStrike) {
  EXPECT_EQ(checked_mechanism({-90.0, 10.0, 0.0}, "test").strike_deg, 270.0);
  EXPECT_EQ(checked_mechanism({720.0, 10.0, 0.0}, "test").strike_deg, 0.0);
  EXPECT_LT(checked_mechanism({-1e-20, 10.0, 0.0}, "test").strike_deg, 360.0);
  const double nan = std::nan("");
  for (const FocalMechanism& bad :
       {FocalMechanism{nan, 10, 0}, FocalMechanism{INFINITY, 10, 0}, FocalMechanism{0, 95, 0}, FocalMechanism{0, -1, 0},
        FocalMechanism{0, nan, 0}, FocalMechanism{0, 10, 181}, FocalMechanism{0, 10, -180.1},
        FocalMechanism{0, 10, nan}}) {
    EXPECT_THROW(auxiliary_plane(bad), std::invalid_argument);
    EXPECT_THROW(canonical_plane(bad), std::invalid_argument);
    EXPECT_THROW(kagan_angle_deg(bad, {0, 10, 0}), std::invalid_argument);
    EXPECT_THROW(kagan_angle_deg({0, 10, 0}, bad), std::invalid_argument);
    EXPECT_THROW(moment_tensor(bad), std::invalid_argument);
  }
  for (const double not_finite : {nan, HUGE_VAL}) {
    EXPECT_THROW(mechanism_from_vectors({not_finite, 0.0, 0.0}, {0.0, 1.0, 0.0}), std::invalid_argument);
    EXPECT_THROW(mechanism_from_vectors({1.0, 0.0, 0.0}, {0.0, 1.0, not_finite}), std::invalid_argument);
  }
  const auto refusal = [](const Eigen::Vector3d& slip, const Eigen::Vector3d& normal) {
    return support::error_of<std::invalid_argument>([&] { mechanism_from_vectors(slip, normal); });
  };
  EXPECT_EQ(refusal({2.0, 0.0, 0.0}, {0.0, 1.0, 0.0}), "mechanism_from_vectors: length of slip = 2: must be 1");
  EXPECT_EQ(refusal({1.0, 0.0, 0.0}, {0.0, 0.5, 0.0}), "mechanism_from_vectors: length of normal = 0.5: must be 1");
  EXPECT_EQ(refusal({0.0, 1.0, 0.0}, {0.0, 1.0, 0.0}),
            "mechanism_from_vectors: slip . normal = 1: must be 0 (perpendicular)");
  EXPECT_EQ(support::error_of<std::invalid_argument>([] {
              auxiliary_plane({0, 95, 0});
            }),
            "auxiliary_plane: dip_deg = 95: must lie in 0..90");
}

TEST(ParseFocalMechanism, ReadsThreeAnglesAndTellsWhatIsWrong) {
  const FocalMechanism m = parse_focal_mechanism("230.8/82.8/-9.4", "--reference");
  EXPECT_EQ(m.strike_deg, 230.8);
  EXPECT_EQ(m.dip_deg, 82.8);
  EXPECT_EQ(m.rake_deg, -9.4);
  const auto message = [](const std::string& text) {
    return support::input_error([&] { parse_focal_mechanism(text, "--reference"); });
  };
  EXPECT_EQ(message("230/95/0"), "--reference: mechanism 230/95/0: dip = 95: must lie in 0..90 degrees");
  EXPECT_EQ(message("400/30/20"), "--reference: mechanism 400/30/20: strike = 400: must lie in -360..360 degrees");
  EXPECT_EQ(message("nan/80/0"), "--reference: mechanism nan/80/0: strike = nan: must lie in -360..360 degrees");
  const std::string form = ": must be strike/dip/rake in degrees, for example 230.8/82.8/-9.4";
  for (const char* text : {"", "230", "230/80", "230/80/0/1", "230 80 0", "230/80/0 ", "a/b/c"}) {
    EXPECT_EQ(message(text), std::string("--reference: mechanism") + (*text ? " = " + std::string(text) : "") + form);
  }
}

}  // namespace
