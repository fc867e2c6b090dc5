// The integral over horizontal wavenumber, as a weighted sum.
//
//   G(x) = (1/2pi) int_0^inf K(k) J_n(k x) dk  ~  sum_j a_j K(k_j) J_n(k_j x)                                  (1)
//
// Step. A sum with step dk is exact for a source that is repeated in rings at distance L = 2 pi / dk (Bouchon & Aki 1977).
// The nearest ring reaches a receiver at x after (L - x) / v_max, and the damping exp(-sigma t) weakens it by
// exp(-sigma (L - x) / v_max). For a tolerance eps,
//
//   L = 2 (x_max + v_max T max(1, ln(c / eps) / (2 sigma T)))                                                                (2)
//
// End of the sum at k = 0. All integrands of (1) are odd in k, so the midpoint rule, k_j = (j + 1/2) dk, errs by a series in odd derivatives
// at 0 (Euler-Maclaurin); the first three weights cancel its first three terms:
//
//   a_j = dk / 2pi (1 + d_j),  d = weights that integrate k, k^3 and k^5 without error                                                (3)
//
// Upper limit. Between a source at depth h and the surface the kernels fall off as exp(-k h) once k is beyond w / v_s:
//
//   k_max^2 = (c_h / h)^2 + (p w)^2,   p = 1.2 / v_s,min                                                                      (4)
//
// with c_h grown from the tolerance. Rows beyond k_max count as zero; over the last tenth of the range they fade out with a cosine,
// which removes the end-point term that an abrupt end leaves at distances x >> h.
//
// The rule `fk` is that of Zhu & Rivera's program: dk = step pi / max(x_max, h), plain midpoint rule, c_h = limit, p = 1 / v_s at the
// source, abrupt end.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "propagator/layered_model.h"

namespace propagator {

enum class WavenumberRule { converged, fk };

struct WavenumberSettings {
  WavenumberRule rule = WavenumberRule::converged;
  double tolerance = 1e-4;       // rule `converged`: aimed at, relative to the largest amplitude
  double fk_step = 0.3;          // rule `fk`: dk in units of pi / max(distance, depth)
  double fk_limit = 15.0;        // rule `fk`: k_max h at zero frequency
  double fk_max_slowness = 1.0;  // rule `fk`: p in units of 1 / v_s at the source
};

}  // namespace propagator
