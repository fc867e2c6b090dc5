// The integral over horizontal wavenumber, as a weighted sum.
//
//   G(x) = (1/2pi) int_0^inf K(k) J_n(k x) dk  ~  sum_j a_j K(k_j) J_n(k_j x)                             (1)
//
// Step. A sum with step dk is exact for a source that is repeated in rings at distance L = 2 pi / dk (Bouchon & Aki
// 1977).
// The nearest ring reaches a receiver at x after (L - x) / v_max, and the damping exp(-sigma t) weakens it by
// exp(-sigma (L - x) / v_max). For a tolerance eps and a time window T,
//
//   L = 2 x_max + v_max T max(2, ln(1 / eps) / (sigma T))                                                 (2)
//
// That is needed only where waves travel. Beyond k_w = p w_max, p = 1.2 / v_s,min (no surface wave is slower),
// kernels have no
// poles or branch points for any frequency of the grid, and the step grows, within a few nodes, to what Bessel functions
// at x_max and the fades below need. With s the index of a node,
//
//   dk/ds = dk + (dk_1 - dk) (1 + tanh((s - s0) / 4)) / 2,   dk_1 = 2 pi / max(2.2 x_max, 24 h_max)          (3)
//
// The midpoint rule in s stays exponentially accurate: (3) is analytic for |Im s| < 2 pi, where J_n(k x) grows more
// slowly than
// exp(2 pi Im s) falls, so the error of the change is about exp(-4 * 5.4).
//
// End of the sum at k = 0. All integrands of (1) are odd in k, so the midpoint rule, k_j = (j + 1/2) dk, errs by a
// series in
// odd derivatives at 0 (Euler-Maclaurin). Changed weights of the first three nodes cancel its first three terms:
//
//   a_j = (dk/ds)_j / 2pi (1 + d_j),   sum_j d_j x_j^p = -1/24, 7/960, -31/8064 for p = 1, 3, 5, x_j = j + 1/2    (4)
//
// Upper limit. Beyond w / v_s the kernels fall off as exp(-k h) for a source at depth h, and as smooth functions of k
// they matter to
// distances x > x_min no longer than over a range of a multiple of 1 / x_min: a fade that is smooth on that scale
// changes nothing at x_min and beyond. So the sum may end at the smaller of
//
//   k_h^2 = ((ln(1/eps) + 8) / h)^2 + (p w)^2,     faded out over its last 15 %
//   k_x   = p w + 64 / x_min,                      faded out from p w on                                  (5)
//
// with the fade erfc(4 (2 t - 1)) / 2, 0 <= t <= 1, whose transform has fallen to exp(-16)
// at x_min. The second limit is what makes shallow sources affordable.
//
// The rule `fk` is that of Zhu & Rivera's program: dk = step pi / max(x_max, h), plain midpoint rule, k_max^2 =
// (limit / h)^2 + (p w)^2, p = 1 / v_s at the source, no fade.
//
// Which kernel goes with which Bessel function (z = k x; DD and EX have order 0, DS 1, SS 2):
//
//   ZDD = sum U_Z0 J0    RDD = -sum U_R0 J1      ZEX = sum U_ZE J0    REX = -sum U_RE J1
//   ZDS = sum U_Z1 J1    RDS = sum U_R1 J0 - (U_R1 + U_T1) J1/z    TDS = sum U_T1 J0 - (U_R1 + U_T1) J1/z
//   ZSS = sum U_Z2 J2    RSS = sum U_R2 J1 - 2 (U_R2 + U_T2) J2/z  TSS = sum U_T2 J1 - 2 (U_R2 + U_T2) J2/z    (6)
#pragma once

#include <Eigen/Core>
#include <array>
#include <complex>
#include <vector>

#include "propagator/bessel.h"
#include "propagator/surface_response.h"

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
  std::vector<double> source_depths_km;  // increasing
  std::vector<double> source_vs_km_s;
  double smallest_distance_km;
  double largest_distance_km;
  double largest_omega_rad_s;
  double sigma_rad_s;
  double window_s;
};

class WavenumberGrid {
 public:
  WavenumberGrid(const WavenumberDemand& demand, const WavenumberSettings& settings);

  const Eigen::ArrayXd& k_per_km() const { return k_; }
  const Eigen::ArrayXd& weights() const { return weights_; }
  double step_per_km() const { return step_; }  // dk of (2)
  Eigen::Index size() const { return k_.size(); }

  // How many of the wavenumbers count for a frequency and a source depth (its index).
  Eigen::Index n_used(double omega_rad_s, int i_depth) const;

  // The fade at wavenumber j < n_used.
  double fade(Eigen::Index j, double omega_rad_s, int i_depth) const;

 private:
  struct Limit {
    double end, fade_begin;
  };
  Limit limit(double omega_rad_s, int i_depth) const;

  WavenumberDemand demand_;
  WavenumberSettings settings_;
  double step_;
  Eigen::ArrayXd k_;
  Eigen::ArrayXd weights_;
};

// The columns of a kernel matrix for one frequency, in the groups that J0, J1 and J2 multiply; real and imaginary parts
// are columns of their own. With J2/z and J1/z divided by x after the sum, (6) needs 4, 6 and 2 complex columns.
inline constexpr int n_j0_kernels = 4;  // U_Z0, U_R1, U_T1, U_ZE
inline constexpr int n_j1_kernels = 6;  // U_R0, U_Z1, (U_R1 + U_T1)/k, U_R2, U_T2, U_RE
inline constexpr int n_j2_kernels = 2;  // U_Z2, (U_R2 + U_T2)/k

struct KernelMatrices {
  Eigen::MatrixXd for_j0, for_j1, for_j2;  // n_wavenumbers x (2 n_kernels n_frequencies)
};

// Kernels times weights at one frequency, for all source depths, into the columns of frequency i_column of
// kernels[i_depth]; rows beyond n_used are set to zero.
void fill_kernels(const WavenumberGrid& grid, const LayerStack& stack, const std::vector<Medium>& media,
                  bool free_surface, double omega_rad_s, int i_column, std::vector<KernelMatrices>& kernels);

// Sums (6) for all distances: spectra[i_frequency](i_distance, series), series ordered as in `Fundamental`.
std::vector<Eigen::ArrayXXcd> sum_over_wavenumbers(const KernelMatrices& kernels, const BesselTables& bessel,
                                                   const std::vector<double>& distances_km, Eigen::Index n_rows,
                                                   int n_frequencies);

// The definition: (6) for one frequency, source depth and distance, one wavenumber after the other.
std::array<std::complex<double>, 10> plain_sum(const WavenumberGrid& grid, const LayerStack& stack,
                                               const std::vector<Medium>& media, bool free_surface, double omega_rad_s,
                                               int i_depth, double distance_km);

}  // namespace propagator
