#include "data/records/orientation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

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

TEST(Orientation, SensorsAtAnyAnglesGiveTheGroundMotionBack) {
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
