#include "fmnet/beach_ball.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "propagator/moment_tensor.h"

namespace {

using fmnet::BallPoint;
using fmnet::BallPolygon;
using propagator::FocalMechanism;

// Is the point inside the polygon? Counts the edges that a ray to the east crosses.
bool inside(const BallPolygon& polygon, const BallPoint& p) {
  bool odd = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const BallPoint& a = polygon[i];
    const BallPoint& b = polygon[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) odd = !odd;
  }
  return odd;
}

double area(const BallPolygon& polygon) {
  double twice = 0.0;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    twice += polygon[j].x * polygon[i].y - polygon[i].x * polygon[j].y;
  }
  return std::abs(twice) / 2.0;
}

double filled_area(const fmnet::BeachBall& ball) {
  double sum = 0.0;
  for (const BallPolygon& polygon : ball.compressions) sum += area(polygon);
  return sum;
}

// Another route to the sign of first motion: g . M g with the moment tensor and the inverse of the equal-area projection
// written with the colatitude's cosine, cos i = 1 - r^2.
double radiated_p(const FocalMechanism& mechanism, const BallPoint& p) {
  const propagator::MomentTensor m = propagator::moment_tensor(mechanism);
  const double r2 = p.x * p.x + p.y * p.y;
  const double stretch = std::sqrt(2.0 - r2);
  const double north = p.y * stretch, east = p.x * stretch, down = 1.0 - r2;
  return m.xx * north * north + m.yy * east * east + m.zz * down * down +
         2.0 * (m.xy * north * east + m.xz * north * down + m.yz * east * down);
}

// 12 strikes x 5 dips x 7 rakes = 420 mechanisms, with every vertical and horizontal plane among them.
std::vector<FocalMechanism> four_hundred_and_twenty_mechanisms() {
  std::vector<FocalMechanism> mechanisms;
  for (int strike = 0; strike < 360; strike += 30) {
    for (const double dip : {0.0, 10.0, 45.0, 80.0, 90.0}) {
      for (const double rake : {-90.0, -40.0, 0.0, 20.0, 90.0, 135.0, 180.0}) {
        mechanisms.push_back({static_cast<double>(strike), dip, rake});
      }
    }
  }
  return mechanisms;
}

TEST(BeachBall, IsFilledExactlyWhereTheFirstMotionIsACompression) {
  // Chords replace arcs of 1 degree: they miss the nodal line by at most (pi/180)^2/8 = 4e-5, and the slope of g.Mg is at
  // most 2; the rim is drawn with chords of 2 degrees, 1.5e-4 inside it.
  constexpr double nearly_nodal = 1e-3;
  constexpr int n_pixels = 40;
  long n_compared = 0;
  const auto mechanisms = four_hundred_and_twenty_mechanisms();
  ASSERT_EQ(mechanisms.size(), 420u);
  for (const FocalMechanism& mechanism : mechanisms) {
    const fmnet::BeachBall ball = fmnet::beach_ball(mechanism);
    for (int row = 0; row < n_pixels; ++row) {
      for (int column = 0; column < n_pixels; ++column) {
        const BallPoint p{(column + 0.5) * 2.0 / n_pixels - 1.0, (row + 0.5) * 2.0 / n_pixels - 1.0};
        if (std::hypot(p.x, p.y) > 0.999) continue;
        const double s = radiated_p(mechanism, p);
        if (std::abs(s) < nearly_nodal) continue;
        int n_covering = 0;
        for (const BallPolygon& polygon : ball.compressions) n_covering += inside(polygon, p) ? 1 : 0;
        ASSERT_EQ(n_covering, s > 0.0 ? 1 : 0) << mechanism.strike_deg << "/" << mechanism.dip_deg << "/"
                                               << mechanism.rake_deg << " at x = " << p.x << ", y = " << p.y;
        ++n_compared;
      }
    }
  }
  EXPECT_GT(n_compared, 420L * 1100L);  // of 40 x 40 x pi/4 = 1256 pixels each, nearly all
}

TEST(BeachBall, FirstMotionIsTheRadiationOfTheMomentTensor) {
  for (const FocalMechanism& mechanism : four_hundred_and_twenty_mechanisms()) {
    for (const BallPoint& p : {BallPoint{0.0, 0.0}, {0.3, 0.4}, {-0.7, 0.1}, {0.0, -1.0}, {0.6, -0.8}}) {
      // M = n d + d n for a moment of 1 N m, so g.Mg = 2 (n.g)(d.g); rounding only.
      EXPECT_NEAR(2.0 * fmnet::first_motion(mechanism, p), radiated_p(mechanism, p), 1e-14);
    }
  }
}

TEST(BeachBall, VerticalStrikeSlipFillsTheNorthEastAndSouthWestQuadrantsOfAFaultStrikingNorth) {
  // Left-lateral slip on a north-south fault moves the east side north: it pushes outward at azimuths 45 and 225.
  const fmnet::BeachBall ball = fmnet::beach_ball({0.0, 90.0, 0.0});
  const auto filled = [&](double x, double y) {
    int n = 0;
    for (const BallPolygon& polygon : ball.compressions) n += inside(polygon, {x, y}) ? 1 : 0;
    return n == 1;
  };
  EXPECT_TRUE(filled(0.5, 0.5));
  EXPECT_TRUE(filled(-0.5, -0.5));
  EXPECT_FALSE(filled(0.5, -0.5));
  EXPECT_FALSE(filled(-0.5, 0.5));
}

TEST(BeachBall, ThrustIsFilledInTheMiddleAndNormalFaultAtTheSides) {
  EXPECT_GT(fmnet::first_motion({0.0, 45.0, 90.0}, {0.0, 0.0}), 0.0);
  EXPECT_LT(fmnet::first_motion({0.0, 45.0, -90.0}, {0.0, 0.0}), 0.0);
  EXPECT_LT(fmnet::first_motion({0.0, 45.0, 90.0}, {0.99, 0.0}), 0.0);
}

TEST(BeachBall, HalfOfTheBallIsFilledForVerticalStrikeSlip) {
  // Two of four equal quadrants: pi/2. Chords of 1 and 2 degrees lose at most 2 pi (pi/90)^2 / 12 = 6.4e-4.
  EXPECT_NEAR(filled_area(fmnet::beach_ball({37.0, 90.0, 0.0})), M_PI / 2.0, 1e-3);
  EXPECT_NEAR(filled_area(fmnet::beach_ball({37.0, 90.0, 90.0})), M_PI / 2.0, 1e-3);  // vertical dip slip: a half disk
}

TEST(BeachBall, OppositeRakeExchangesFilledAndEmpty) {
  for (const FocalMechanism& mechanism : four_hundred_and_twenty_mechanisms()) {
    const double turned = mechanism.rake_deg > 0.0 ? mechanism.rake_deg - 180.0 : mechanism.rake_deg + 180.0;
    const FocalMechanism opposite{mechanism.strike_deg, mechanism.dip_deg, turned};
    const double sum = filled_area(fmnet::beach_ball(mechanism)) + filled_area(fmnet::beach_ball(opposite));
    EXPECT_NEAR(sum, M_PI, 2e-3) << mechanism.strike_deg << "/" << mechanism.dip_deg << "/" << mechanism.rake_deg;
  }
}

TEST(BeachBall, TensionAxisIsInTheFilledPartAndPressureAxisInTheEmpty) {
  for (const FocalMechanism& mechanism : four_hundred_and_twenty_mechanisms()) {
    const fmnet::BeachBall ball = fmnet::beach_ball(mechanism);
    // At the axes (n.g)(d.g) = +-1/2, its extremes. The projection at the rim loses half of the digits.
    EXPECT_NEAR(fmnet::first_motion(mechanism, {ball.tension_axis.x * (1 - 1e-15), ball.tension_axis.y * (1 - 1e-15)}),
                0.5, 1e-7);
    EXPECT_NEAR(
        fmnet::first_motion(mechanism, {ball.pressure_axis.x * (1 - 1e-15), ball.pressure_axis.y * (1 - 1e-15)}), -0.5,
        1e-7);
  }
}

TEST(BeachBall, NodalLinesHaveNoFirstMotion) {
  for (const FocalMechanism& mechanism : four_hundred_and_twenty_mechanisms()) {
    for (const BallPolygon& line : fmnet::beach_ball(mechanism).nodal_lines) {
      for (std::size_t i = 1; i + 1 < line.size(); i += 7) {
        const double r = std::hypot(line[i].x, line[i].y);
        if (r > 1.0) continue;
        EXPECT_NEAR(fmnet::first_motion(mechanism, line[i]), 0.0, 1e-7);
      }
    }
  }
}

TEST(BeachBall, RejectsAnglesThatAreNotNumbers) {
  EXPECT_THROW(fmnet::beach_ball({std::numeric_limits<double>::quiet_NaN(), 45.0, 0.0}), std::invalid_argument);
  EXPECT_THROW(fmnet::beach_ball({0.0, 45.0, 0.0}, 3), std::invalid_argument);
  EXPECT_THROW(fmnet::first_motion({0.0, 45.0, 0.0}, {1.0, 1.0}), std::invalid_argument);
}

}  // namespace
