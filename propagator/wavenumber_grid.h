// The wavenumbers at which the integral over horizontal wavenumber is summed, and their weights.
//
//   G(x) = (1/2pi) int_0^inf K(k) J_n(k x) dk  ~  sum_j a_j K(k_j) J_n(k_j x)                             (1)
//
// Step. A sum with step dk is exact for a source that is repeated in rings at distance L = 2 pi / dk (Bouchon & Aki 1977).
// The nearest ring reaches a receiver at x after (L - x) / v_max, and the damping exp(-sigma t) weakens it by
// exp(-sigma (L - x) / v_max). For a tolerance eps and a time window T,
//
//   L = 2 x_max + v_max T max(2, ln(1 / eps) / (sigma T))                                                 (2)
//
// makes that eps in the damped series or less. Undamped, by exp(sigma t) with t up to T, it is at the end of the window up to
// exp(sigma T) times as much; error_estimate.h tells how much.
//
// Such steps are needed only where waves travel. Beyond k_w = p w_max, p = 1.2 / v_0 with the slowest wave v_0 of (6), kernels
// have no poles or branch points for any frequency of the grid, and the step grows, within a few nodes, to what Bessel
// functions at x_max and the fades below need. With s the index of a node,
//
//   dk/ds = dk + (dk_1 - dk) (1 + tanh((s - s0) / 4)) / 2,
//   dk_1 = 2 pi / (max(2.2 x_max, 24 h_max) max(1, ln eps / ln 1e-4))                                     (3)
//
// The midpoint rule in s stays exponentially accurate: (3) is analytic for |Im s| < 2 pi, where J_n(k x) grows more slowly
// than exp(2 pi Im s) falls, so the error of the change is about exp(-4 pi^2 (1 - 1/2.2)) = 5e-10.
//
// End of the sum at k = 0. All integrands of (1) are odd in k, so the midpoint rule, k_j = (j + 1/2) dk, errs by a series in
// odd derivatives at 0 (Euler-Maclaurin). Changed weights of the first three nodes cancel its first three terms:
//
//   a_j = (dk/ds)_j / 2pi (1 + d_j),   sum_j d_j x_j^n = -1/24, 7/960, -31/8064 for n = 1, 3, 5, x_j = j + 1/2    (4)
//
// Upper limit. Beyond w / v_s the kernels fall off as exp(-k h), h the vertical distance of source and receiver, and as
// smooth functions of k they matter to distances x > x_min no longer than over a range of a multiple of 1 / x_min: a fade
// that is smooth on that scale changes nothing at x_min and beyond. So the sum may end at the smaller of
//
//   k_h^2 = ((ln(1/eps) + 8) / h)^2 + (p w)^2,           faded out over its last 15 %
//   k_x   = p w + 16 sqrt(ln(1/eps) + 7) / x_min,        faded out from p w on                            (5)
//
// with the fade erfc(4 (2 t - 1)) / 2, 0 <= t <= 1, whose transform has fallen to eps exp(-7) at x_min in the second case.
// That limit is what makes shallow sources affordable, and sources at the depth of the receiver possible (h = 0). Where the fade
// begins and ends it jumps by erfc(4) / 2 = 7.7e-9: where h is far below x_min no eps makes the error less than some 5e-8 of the
// largest series of a moment, 6e-9 of a force (seen in a whole space at h = 0).
//
// Slowest wave. Of a layer by itself it is the Rayleigh wave, whose velocity c_R is, with x = (c_R / v_s)^2 and
// xi = (v_s / v_p)^2, the root 0 < x < 1 of
//
//   x^3 - 8 x^2 + (24 - 16 xi) x - 16 (1 - xi) = 0,   v_0 = min over the layers of min(v_s, (1.2 / 1.04) c_R)     (6)
//
// For v_p >= sqrt 2 v_s, c_R is at least 0.874 v_s and v_0 is the smallest v_s; towards v_p = 1.155 v_s c_R falls to 0.689 v_s.
//
// The rule `fk` is that of Zhu & Rivera's program: dk = step pi / max(x_max, h), plain midpoint rule, k_max^2 =
// (limit / h)^2 + (p w)^2, p = 1 / v_s at the source, no fade.
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

// v_0 of (6).
double slowest_wave_km_s(const LayeredModel& model);

// What the grid has to serve.
struct WavenumberDemand {
  double largest_vp_km_s;
  double slowest_wave_km_s;                   // (6)
  std::vector<double> vertical_distances_km;  // of the sources from the receiver, increasing, >= 0
  std::vector<double> source_vs_km_s;
  double smallest_distance_km;
  double largest_distance_km;
  double largest_omega_rad_s = 0.0;
  double sigma_rad_s;
  double window_s;
};

class WavenumberGrid {
 public:
  // Throws std::invalid_argument for settings or a demand out of range, and for more than four million wavenumbers.
  WavenumberGrid(const WavenumberDemand& demand, const WavenumberSettings& settings);

  const Eigen::ArrayXd& k_per_km() const { return k_; }
  double step_per_km() const { return step_; }  // dk of (2)
  Eigen::Index size() const { return k_.size(); }

  // Where the sum for a frequency and a source depth (its index) ends, and where its fade begins.
  struct Limit {
    double end_per_km, fade_begin_per_km;
    Eigen::Index n_used;  // how many of the wavenumbers count
  };
  Limit limit(double omega_rad_s, int i_depth) const;

  // The weight a_j times the fade, for j < limit.n_used.
  double weight(Eigen::Index j, const Limit& limit) const;

 private:
  Limit ends(double omega_rad_s, int i_depth) const;  // without n_used

  WavenumberDemand demand_;
  WavenumberSettings settings_;
  double step_;
  Eigen::ArrayXd k_;
  Eigen::ArrayXd weights_;
};

}  // namespace propagator
