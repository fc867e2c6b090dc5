#include "fmnet/beach_ball.h"

#include <Eigen/Dense>
#include <cmath>
#include <stdexcept>
#include <string>

namespace fmnet {
namespace {

using Eigen::Vector3d;

constexpr double pi = 3.14159265358979323846;

BallPoint project(const Vector3d& g) {
  const double sin_i = std::hypot(g.x(), g.y());
  if (sin_i == 0.0) return {0.0, 0.0};
  const double i = std::atan2(sin_i, g.z());
  const double r = std::sqrt(2.0) * std::sin(0.5 * i);
  return {r * g.y() / sin_i, r * g.x() / sin_i};  // (3)
}

BallPoint project_downward(const Vector3d& axis) { return project(axis.z() < 0.0 ? Vector3d(-axis) : axis); }

// The half circle of (2) from `from` through `through` to -`from`.
void append_half_circle(std::vector<Vector3d>& edge, const Vector3d& from, const Vector3d& through, int n_points) {
  for (int i = 0; i < n_points; ++i) {
    const double t = pi * i / n_points;
    edge.push_back(std::cos(t) * from + std::sin(t) * through);  // (2)
  }
}

// Where the line from a (below the horizon) to b (above it), or back, meets the horizon.
Vector3d at_horizon(const Vector3d& a, const Vector3d& b) {
  Vector3d g = a + (b - a) * (a.z() / (a.z() - b.z()));
  g.z() = 0.0;
  return g.normalized();
}

// Follows the rim from `leave` to `enter`: the shorter way, as a lune has at most half of the rim; where it has just half,
// the way whose middle lies in the lune {n.g >= 0, d.g >= 0}.
void append_rim(BallPolygon& outline, const Vector3d& leave, const Vector3d& enter,
                const propagator::SlipAndNormal& lune) {
  const double start = std::atan2(leave.y(), leave.x());
  double turn = std::remainder(std::atan2(enter.y(), enter.x()) - start, 2.0 * pi);
  if (std::abs(turn) > pi - 1e-6) {
    const Vector3d middle(std::cos(start + 0.5 * turn), std::sin(start + 0.5 * turn), 0.0);
    if ((lune.normal + lune.slip).dot(middle) < 0.0) turn = turn > 0.0 ? turn - 2.0 * pi : turn + 2.0 * pi;
  }
  const int n_points = 1 + static_cast<int>(std::ceil(std::abs(turn) / (pi / 90.0)));
  for (int i = 0; i <= n_points; ++i) {
    const double azimuth = start + turn * i / n_points;
    outline.push_back({std::sin(azimuth), std::cos(azimuth)});
  }
}

// The part of a lune below the horizon: its edge, clipped, with the rim in between.
BallPolygon lower_part(const propagator::SlipAndNormal& lune, int n_points) {
  const Vector3d b = lune.normal.cross(lune.slip);
  std::vector<Vector3d> edge;
  append_half_circle(edge, b, lune.slip, n_points);
  append_half_circle(edge, -b, lune.normal, n_points);

  const std::size_t n = edge.size();
  std::size_t first = 0;
  while (first < n && edge[first].z() < 0.0) ++first;
  if (first == n) return {};
  BallPolygon outline;
  Vector3d leave = Vector3d::Zero();
  for (std::size_t i = 0; i < n; ++i) {
    const Vector3d& here = edge[(first + i) % n];
    const Vector3d& next = edge[(first + i + 1) % n];
    const bool below = here.z() >= 0.0;
    const bool next_below = next.z() >= 0.0;
    if (below) outline.push_back(project(here));
    if (below && !next_below) leave = at_horizon(here, next);
    if (!below && next_below) append_rim(outline, leave, at_horizon(next, here), lune);
  }
  return outline;
}

// The lower half of the great circle with normal `normal`: from its strike, through its steepest descent, to the rim again.
BallPolygon nodal_line(const Vector3d& normal, int n_points) {
  const double horizontal = std::hypot(normal.x(), normal.y());
  const Vector3d strike =
      horizontal > 0.0 ? Vector3d(-normal.y() / horizontal, normal.x() / horizontal, 0.0) : Vector3d(1.0, 0.0, 0.0);
  Vector3d descent = strike.cross(normal);
  if (descent.z() < 0.0) descent = -descent;
  BallPolygon line;
  for (int i = 0; i <= n_points; ++i) {
    const double t = pi * i / n_points;
    line.push_back(project(std::cos(t) * strike + std::sin(t) * descent));
  }
  return line;
}

}  // namespace

BeachBall beach_ball(const propagator::FocalMechanism& mechanism, int points_per_half_circle) {
  if (points_per_half_circle < 8) {
    throw std::invalid_argument("beach_ball: points_per_half_circle = " + std::to_string(points_per_half_circle) +
                                ": at least 8 expected");
  }
  const propagator::SlipAndNormal planes = propagator::slip_and_normal(mechanism);
  BeachBall ball;
  for (const double sign : {1.0, -1.0}) {
    const BallPolygon part = lower_part({sign * planes.slip, sign * planes.normal}, points_per_half_circle);
    if (part.size() >= 3) ball.compressions.push_back(part);
  }
  ball.nodal_lines = {nodal_line(planes.normal, points_per_half_circle),
                      nodal_line(planes.slip, points_per_half_circle)};
  ball.pressure_axis = project_downward((planes.normal - planes.slip).normalized());
  ball.tension_axis = project_downward((planes.normal + planes.slip).normalized());
  return ball;
}

double first_motion(const propagator::FocalMechanism& mechanism, const BallPoint& point) {
  const double r = std::hypot(point.x, point.y);
  if (!(r <= 1.0)) {
    throw std::invalid_argument("first_motion: radius = " + std::to_string(r) + ": at most 1 expected");
  }
  const double i = 2.0 * std::asin(r / std::sqrt(2.0));
  const double azimuth = std::atan2(point.x, point.y);
  const Vector3d g(std::sin(i) * std::cos(azimuth), std::sin(i) * std::sin(azimuth), std::cos(i));
  const propagator::SlipAndNormal planes = propagator::slip_and_normal(mechanism);
  return planes.normal.dot(g) * planes.slip.dot(g);  // (1)
}

}  // namespace fmnet
