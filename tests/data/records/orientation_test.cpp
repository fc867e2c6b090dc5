#include "data/records/orientation.h"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "data/random.h"
#include "tests/support/error_of.h"

namespace data {
namespace {

constexpr double radian = std::numbers::pi / 180.0;

Eigen::ArrayXd one(double value) { return Eigen::ArrayXd::Constant(1, value); }

// Ground motion 1 m east, 2 m north, 3 m up.
TEST(Orientation, StandardSensorsAreTakenInAnyOrder) {
  const Eigen::ArrayX3d enz =
      enz_from_components({one(3.0), one(2.0), one(1.0)}, {Orientation{0.0, -90.0}, {0.0, 0.0}, {90.0, 0.0}});
  EXPECT_NEAR(enz(0, 0), 1.0, 1e-14);
  EXPECT_NEAR(enz(0, 1), 2.0, 1e-14);
  EXPECT_NEAR(enz(0, 2), 3.0, 1e-14);
}

TEST(Orientation, AVerticalSensorThatPointsDownIsTurnedOver) {
  const Eigen::ArrayX3d enz =
      enz_from_components({one(1.0), one(2.0), one(-3.0)}, {Orientation{90.0, 0.0}, {0.0, 0.0}, {0.0, 90.0}});
  EXPECT_NEAR(enz(0, 2), 3.0, 1e-14);
}

TEST(Orientation, ThreeTiltedSensorsGiveTheGroundMotionBack) {
  const std::array<Orientation, 3> tilted = {Orientation{238.0, 5.0}, {331.0, -7.0}, {40.0, -80.0}};
  std::array<Eigen::ArrayXd, 3> x;
  for (std::size_t i = 0; i < 3; ++i) {
    const double a = tilted[i].azimuth_deg * radian, d = tilted[i].dip_deg * radian;
    x[i] = one(1.0 * std::cos(d) * std::sin(a) + 2.0 * std::cos(d) * std::cos(a) - 3.0 * std::sin(d));
  }
  const Eigen::ArrayX3d enz = enz_from_components(x, tilted);
  EXPECT_NEAR(enz(0, 0), 1.0, 1e-13);
  EXPECT_NEAR(enz(0, 1), 2.0, 1e-13);
  EXPECT_NEAR(enz(0, 2), 3.0, 1e-13);
}

// Directions at random, whose angles are arc tangents. |A^-1| <= 1.5 / |det| <= 15 times the rounding of angles and series, 1e-15 of the
// motion, is 2e-14 of it.
TEST(Orientation, SensorsAtAnyAnglesGiveTheGroundMotionBack) {
  const Eigen::RowVector3d motion(1.0, 2.0, 3.0);
  RandomStream random(10, 0);
  int n_near_the_limit = 0, n_far = 0;
  for (int k = 0; k < 2000; ++k) {
    std::array<Eigen::ArrayXd, 3> x;
    std::array<Orientation, 3> orientations;
    Eigen::Matrix3d directions;
    for (std::size_t i = 0; i < 3; ++i) {
      Eigen::RowVector3d along;
      for (double& part : along) part = random.normal();
      along.normalize();
      orientations[i] = {std::atan2(along[0], along[1]) / radian,
                         std::atan2(-along[2], std::hypot(along[0], along[1])) / radian};
      x[i] = one(along.dot(motion));
      directions.row(static_cast<Eigen::Index>(i)) = along;
    }
    const double det = std::abs(directions.determinant());
    if (det < 0.1001) continue;
    ++(det < 0.3 ? n_near_the_limit : n_far);
    const Eigen::ArrayX3d enz = enz_from_components(x, orientations);
    for (int c = 0; c < 3; ++c) ASSERT_NEAR(enz(0, c), motion[c], 1e-13 * motion.norm()) << "|det| = " << det;
  }
  EXPECT_GT(n_near_the_limit, 300);
  EXPECT_GT(n_far, 300);
}

// Of two horizontal sensors at the angle a to each other and a vertical one, |det| is sin a.
TEST(Orientation, TheDeterminantMustBeATenth) {
  const auto motion_of = [](double det) {
    const double azimuth = 0.5 * std::numbers::pi - std::asin(det);
    return enz_from_components({one(1.0), one(std::sin(azimuth) + 2.0 * std::cos(azimuth)), one(3.0)},
                               {Orientation{90.0, 0.0}, {azimuth / radian, 0.0}, {0.0, -90.0}});
  };
  for (const double sign : {1.0, -1.0}) {
    EXPECT_EQ(support::error_of<std::runtime_error>([&] { motion_of(0.099 * sign); }),
              "directions of the three components do not span space: |det| = 0.099, must be at least 0.1");
    const Eigen::ArrayX3d enz = motion_of(0.101 * sign);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(enz(0, c), 1.0 + c, 3e-13);
  }
}

TEST(Orientation, DirectionsThatDoNotSpanSpaceAreAnError) {
  EXPECT_THROW(enz_from_components({one(1.0), one(2.0), one(3.0)}, {Orientation{0.0, 0.0}, {3.0, 0.0}, {0.0, -90.0}}),
               std::runtime_error);
  EXPECT_THROW(enz_from_components({one(1.0), Eigen::ArrayXd::Zero(2), one(3.0)},
                                   {Orientation{90.0, 0.0}, {0.0, 0.0}, {0.0, -90.0}}),
               std::invalid_argument);
}

TEST(Orientation, SacCountsTheInclinationFromTheVertical) {
  EXPECT_EQ(orientation_from_sac(0.0, 0.0).dip_deg, -90.0);   // up
  EXPECT_EQ(orientation_from_sac(90.0, 90.0).dip_deg, 0.0);   // horizontal
  EXPECT_EQ(orientation_from_sac(0.0, 180.0).dip_deg, 90.0);  // down
}

// Source due north of the station (back-azimuth 0): away is south, to the right of south is west.
TEST(Orientation, RadialPointsAwayFromTheSourceAndTransverseToItsRight) {
  Eigen::ArrayX3d enz(1, 3);
  enz << 1.0, 2.0, 3.0;
  const Eigen::ArrayX3d from_north = zrt_from_enz(enz, 0.0), from_east = zrt_from_enz(enz, 90.0);
  EXPECT_NEAR(from_north(0, 0), 3.0, 1e-14);
  EXPECT_NEAR(from_north(0, 1), -2.0, 1e-14);
  EXPECT_NEAR(from_north(0, 2), -1.0, 1e-14);
  EXPECT_NEAR(from_east(0, 1), -1.0, 1e-14);
  EXPECT_NEAR(from_east(0, 2), 2.0, 1e-14);
}

TEST(Orientation, ANameThatDisagreesWithTheDirectionIsTold) {
  EXPECT_EQ(orientation_warning("BHN", {4.9, 0.0}), "");
  EXPECT_EQ(orientation_warning("BHN", {356.0, 0.0}), "");
  EXPECT_EQ(orientation_warning("BHE", {83.0, 0.0}),
            "named BHE but points to azimuth 83.0, dip 0.0 (rotated by these)");
  EXPECT_NE(orientation_warning("BHZ", {0.0, 90.0}), "");
  EXPECT_EQ(orientation_warning("BH1", {238.0, 0.0}), "");
}

}  // namespace
}  // namespace data
