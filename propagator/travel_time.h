// First arrivals of P and S in a layered half-space, at the surface or below: the direct wave and the head waves.
//
// A ray with parameter p crosses layer i (velocity v_i) at the angle theta_i from the vertical, sin theta_i = p v_i. With d_i
// the part of layer i that is crossed, the ray covers the distance X and takes the time T (Aki & Richards 2002, section 9.3)
//
//   X = sum_i d_i tan theta_i,   T = sum_i d_i / (v_i cos theta_i) = p X + sum_i d_i cos theta_i / v_i      (1)
//
// Direct wave: through the parts of the layers between source and receiver. Let v_m be the largest velocity there and
// t = tan theta_m. With r_i = v_i / v_m, equation (1) reads
//
//   X(t) = sum_i d_i r_i t / sqrt(1 + (1 - r_i^2) t^2)                                      (2)
//   T(t) = sum_i d_i sqrt(1 + t^2) / (v_i sqrt(1 + (1 - r_i^2) t^2))                        (3)
//
// Each term of X(t) grows and its slope, (4), falls: X is increasing and concave, so Newton's method from t = 0 climbs to the one root without
// ever passing it, for any distance and any layering (low-velocity layers, a source in the half-space).
//
//   X'(t) = sum_i d_i r_i / (1 + (1 - r_i^2) t^2)^(3/2)                                     (4)
//
// Head wave along the top of layer k, at or below the deeper of the two: p = 1 / v_k. One leg goes down from the shallower of the two to the
// interface, one from the deeper; both enter (1). It exists where v_k exceeds the velocity of every layer that is crossed and beyond the
// critical distance, X of (1).
//
// The ray leaves the source, where the velocity is v, at the angle i from straight down:
//
//   sin i = p v,   i > 90 degrees where it goes up: the direct wave of a source below the receiver             (5)
//
// A source on an interface has a head wave along it with no way down, i = 90 degrees: the limit of both the direct wave of a source just below and
// the head wave of one just above. Its direct wave crosses the layer on the receiver's side. Source and receiver at one depth: the direct wave runs
// between them, on an interface in the faster layer. Waves that are refracted along a faster layer above both are left out, as are conversions
// at an interface, SP of which can come somewhat before S. The times are those of the model's velocities, which hold at the reference frequency of Q.
#pragma once

#include "propagator/layered_model.h"

namespace propagator {

struct FirstArrival {
  double time_s;
  int refractor;       // -1 direct wave; k >= 1 head wave along the top of layer k
  double takeoff_deg;  // i: 0 straight down, 180 straight up
};

// Depths >= 0, distance_km >= 0 (horizontal; 0 is straight above or below), all finite; std::invalid_argument otherwise. Of two arrivals at
// the same time the direct one is told. Accuracy: rounding, 1e-12 relative.
FirstArrival first_p(const LayeredModel& model, double source_depth_km, double distance_km,
                     double receiver_depth_km = 0.0);
FirstArrival first_s(const LayeredModel& model, double source_depth_km, double distance_km,
                     double receiver_depth_km = 0.0);

}  // namespace propagator
