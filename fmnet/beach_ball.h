// The beach ball: the lower half of the focal sphere, filled where the first P motion is a compression.
//
// Along a direction g (unit vector, north-east-down) the first P motion points away from the source or towards it by the sign of
//
//   s(g) = (n.g)(d.g)                                                            (1)
//
// with the fault normal n and the slip d of propagator/focal_mechanism.h. Where s > 0 the first motion is a compression (filled),
// where s < 0 a dilatation (empty).
//
// The two planes n.g = 0 and d.g = 0 cut the sphere into four lunes that meet at the null axis b = n x d (-N of
// propagator/focal_mechanism.h). The filled ones are {n.g >= 0, d.g >= 0} and its opposite. The edge of a lune is two half
// circles from b to -b, one through d and one through n:
//
//   g(t) = cos t b + sin t d,  then  g(t) = -cos t b + sin t n,   0 <= t <= pi      (2)
//
// The part of it below the horizon is drawn; between the place where the edge leaves the lower hemisphere and the place
// where it comes back the outline follows the rim, on the side where the lune is. Planes that are vertical or horizontal
// need no case of their own: their lunes become a half disk or nothing.
//
// Projection: equal area (Schmidt), radius 1 at the horizon,
//
//   r = sqrt(2) sin(i / 2),   cos i = g_down,   x = r g_east / sin i,   y = r g_north / sin i            (3)
//
// so x points east and y north. Radians inside; degrees in FocalMechanism.
#pragma once

#include <array>
#include <vector>

#include "propagator/focal_mechanism.h"

namespace fmnet {

// A place on the drawing: x east, y north, inside the unit circle.
struct BallPoint {
  double x, y;
};

using BallPolygon = std::vector<BallPoint>;

struct BeachBall {
  std::vector<BallPolygon> compressions;   // filled; at most two, without overlap
  std::array<BallPolygon, 2> nodal_lines;  // open lines from rim to rim: the fault plane, the auxiliary plane
  BallPoint pressure_axis, tension_axis;   // where the P and the T axis leave downward
};

// The drawing with points_per_half_circle + 1 points on each half circle of (2) (at least 8).
BeachBall beach_ball(const propagator::FocalMechanism& mechanism, int points_per_half_circle = 180);

// s of (1), between -1/2 and 1/2, for the direction that (3) draws at `point` (on or inside the unit circle).
double first_motion(const propagator::FocalMechanism& mechanism, const BallPoint& point);

}  // namespace fmnet
