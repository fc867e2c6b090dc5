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
// That is needed only where waves travel. Beyond k_w = p w_max, p = 1.2 / v_s,min (no surface wave is slower), kernels have
// no poles or branch points for any frequency of the grid, and the step grows, within a few nodes, to what Bessel functions
// at x_max and the fades below need. With s the index of a node,
//
//   dk/ds = dk + (dk_1 - dk) (1 + tanh((s - s0) / 4)) / 2,
//   dk_1 = 2 pi / (max(2.2 x_max, 24 h_max) max(1, ln eps / ln 1e-4))                                     (3)
//
// The midpoint rule in s stays exponentially accurate: (3) is analytic for |Im s| < 2 pi, where J_n(k x) grows more slowly
// than exp(2 pi Im s) falls, so the error of the change is about exp(-4 * 5.4).
//
// End of the sum at k = 0. All integrands of (1) are odd in k, so the midpoint rule, k_j = (j + 1/2) dk, errs by a series in
// odd derivatives at 0 (Euler-Maclaurin). Changed weights of the first three nodes cancel its first three terms:
//
//   a_j = (dk/ds)_j / 2pi (1 + d_j),   sum_j d_j x_j^p = -1/24, 7/960, -31/8064 for p = 1, 3, 5, x_j = j + 1/2    (4)
//
// Upper limit. Beyond w / v_s the kernels fall off as exp(-k h), h the vertical distance of source and receiver, and as
// smooth functions of k they matter to distances x > x_min no longer than over a range of a multiple of 1 / x_min: a fade
// that is smooth on that scale changes nothing at x_min and beyond. So the sum may end at the smaller of
//
//   k_h^2 = ((ln(1/eps) + 8) / h)^2 + (p w)^2,           faded out over its last 15 %
//   k_x   = p w + 16 sqrt(ln(1/eps) + 7) / x_min,        faded out from p w on                            (5)
//
// with the fade erfc(4 (2 t - 1)) / 2, 0 <= t <= 1, whose transform has fallen to eps exp(-7) at x_min in the second case.
// That limit is what makes shallow sources affordable, and sources at the depth of the receiver possible (h = 0).
//
// The rule `fk` is that of Zhu & Rivera's program: dk = step pi / max(x_max, h), plain midpoint rule, k_max^2 =
// (limit / h)^2 + (p w)^2, p = 1 / v_s at the source, no fade.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace propagator {

enum class WavenumberRule { converged, fk };

struct WavenumberSettings {
  WavenumberRule rule = WavenumberRule::converged;
  double tolerance = 1e-4;       // rule `converged`: aimed at, relative to the largest amplitude
  double fk_step = 0.3;          // rule `fk`: dk in units of pi / max(distance, depth)
  double fk_limit = 15.0;        // rule `fk`: k_max h at zero frequency
  double fk_max_slowness = 1.0;  // rule `fk`: p in units of 1 / v_s at the source
};

// What the grid has to serve.
struct WavenumberDemand {
  double largest_vp_km_s;
  double smallest_vs_km_s;
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
