#include "data/geodesy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using data::geodesic;
using data::Path;

constexpr double a_km = 6378.137;  // WGS84
constexpr double flattening = 1.0 / 298.257223563;

TEST(Geodesy, AlongTheEquatorTheDistanceIsTheArcOfACircle) {
  const Path path = geodesic(0.0, 10.0, 0.0, 11.0);
  EXPECT_NEAR(path.distance_km, a_km * std::numbers::pi / 180.0, 1e-9);
  EXPECT_NEAR(path.azimuth_deg, 90.0, 1e-12);
  EXPECT_NEAR(path.back_azimuth_deg, 270.0, 1e-12);
}

// The meridian's arc by Simpson's rule on its radius of curvature a (1 - e2) / (1 - e2 sin^2)^(3/2): over one degree the rule
// with 100 intervals is exact to rounding.
TEST(Geodesy, AlongAMeridianTheDistanceIsTheEllipsesArc) {
  const double e2 = flattening * (2.0 - flattening);
  const auto radius_km = [&](double latitude_deg) {
    const double s = std::sin(latitude_deg * std::numbers::pi / 180.0);
    return a_km * (1.0 - e2) / std::pow(1.0 - e2 * s * s, 1.5);
  };
  const int n = 100;
  double arc_km = 0.0;
  for (int i = 0; i <= n; ++i) {
    const double weight = i == 0 || i == n ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
    arc_km += weight * radius_km(35.0 + i / static_cast<double>(n)) * (std::numbers::pi / 180.0) / (3.0 * n);
  }
  const Path path = geodesic(35.0, -117.6, 36.0, -117.6);
  EXPECT_NEAR(path.distance_km, arc_km, 1e-9);
  EXPECT_NEAR(path.azimuth_deg, 0.0, 1e-12);
  EXPECT_NEAR(path.back_azimuth_deg, 180.0, 1e-12);
}

// A worked example that is well known: Flinders Peak to Buninyong (Geoscience Australia, GDA94 technical manual, chapter 4, on the
// GRS80 ellipsoid, whose flattening differs from that of WGS84 in the ninth digit): 54972.271 m, azimuth 306 52' 05.37", reverse azimuth 127 10' 25.07".
TEST(Geodesy, AgreesWithTheExampleOfTheAustralianManual) {
  const auto dms = [](double d, double m, double s) { return d + m / 60.0 + s / 3600.0; };
  const Path path =
      geodesic(-dms(37, 57, 3.72030), dms(144, 25, 29.52440), -dms(37, 39, 10.15610), dms(143, 55, 35.38390));
  EXPECT_NEAR(path.distance_km, 54.972271, 1e-6);
  EXPECT_NEAR(path.azimuth_deg, dms(306, 52, 5.37), 0.01 / 3600.0);
  EXPECT_NEAR(path.back_azimuth_deg, dms(127, 10, 25.07), 0.01 / 3600.0);
}

// Meridians converge by the longitude difference times the sine of the latitude, to first order.
TEST(Geodesy, BackAzimuthIsNotAzimuthPlus180) {
  const Path path = geodesic(35.8, -118.0, 35.8, -117.0);
  const double convergence = 180.0 + path.azimuth_deg - path.back_azimuth_deg;
  EXPECT_NEAR(convergence, -std::sin(35.8 * std::numbers::pi / 180.0), 1e-3);
}

TEST(Geodesy, ExchangingThePointsExchangesTheAzimuths) {
  const Path there = geodesic(35.7695, -117.5993, 36.2715, -117.5921);
  const Path back = geodesic(36.2715, -117.5921, 35.7695, -117.5993);
  EXPECT_NEAR(there.distance_km, back.distance_km, 1e-10);
  EXPECT_NEAR(there.azimuth_deg, back.back_azimuth_deg, 1e-9);
  EXPECT_NEAR(there.back_azimuth_deg, back.azimuth_deg, 1e-9);
}

TEST(Geodesy, AStationAtTheSourceHasDistanceZeroAndLooksNorth) {
  const Path path = geodesic(35.8, -117.6, 35.8, -117.6);
  EXPECT_EQ(path.distance_km, 0.0);
  EXPECT_EQ(path.azimuth_deg, 0.0);
  EXPECT_EQ(path.back_azimuth_deg, 180.0);
}

TEST(Geodesy, RefusesExchangedAndInfiniteCoordinates) {
  EXPECT_THROW(geodesic(-117.6, 35.8, 35.0, -117.0), std::invalid_argument);
  EXPECT_THROW(geodesic(35.0, -117.0, -117.6, 35.8), std::invalid_argument);
  EXPECT_THROW(geodesic(std::nan(""), -117.0, 35.0, -117.0), std::invalid_argument);
  EXPECT_THROW(geodesic(35.0, 242.4, 35.0, -117.0), std::invalid_argument);
}

}  // namespace
