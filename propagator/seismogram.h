// Three components of ground motion from Green's functions: the sums (1)-(3) and (6) of greens_functions.h, and a source
// that takes time.
//
// The moment of a source grows as M(t) = M0 int_0^t s, with the moment rate s a trapezoid of unit area: it rises linearly for a
// part r of the duration D, stays, and falls as it rose (r = 1/2: a triangle). With the samples s_i of the trapezoid at the times
// i dt, scaled to the sum 1,
//
//   u_n = sum_i s_i g_(n-i)                                                                               (1)
//
// where g is the motion for an instantaneous source, taken as 0 before the first sample. A duration below 2 dt cannot be
// sampled: only D = 0 is accepted there.
#pragma once

#include <Eigen/Core>

#include "propagator/greens_functions.h"
#include "propagator/moment_tensor.h"

namespace propagator {

struct GroundMotion {
  Eigen::ArrayXd up, radial, transverse;
};

// N; north, east, down.
struct Force {
  double north, east, down;
};

// `greens` has the series of a moment tensor, or those of a double couple where the trace of M is below 1e-9 of its largest
// element. azimuth_rad: source to station, clockwise from north. Throws std::invalid_argument for other series
// and for a source or an azimuth that is not finite.
GroundMotion ground_motion(const GreensFunctions& greens, const MomentTensor& M, double azimuth_rad);
GroundMotion ground_motion(const GreensFunctions& greens, const Force& force, double azimuth_rad);

// The samples s_i for series of n_samples. duration_s: 0, or 2 dt to the length of the series; rise: above 0, at most 0.5.
Eigen::ArrayXd moment_rate(int n_samples, double dt_s, double duration_s, double rise);

// (1)
Eigen::ArrayXd with_source_time(const Eigen::ArrayXd& series, const Eigen::ArrayXd& moment_rate);

}  // namespace propagator
