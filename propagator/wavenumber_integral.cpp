#include "propagator/wavenumber_integral.h"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace propagator {

namespace {

constexpr double slowness_margin = 1.2;  // p of (5) in units of 1 / v_s
constexpr double fade_steepness = 4.0;
constexpr double fade_range = 64.0;           // of the second limit (5)
constexpr double fade_begin_fraction = 0.85;  // of the first limit (5)
constexpr double limit_margin = 8.0;
constexpr double stretch_width = 4.0;  // nodes over which the step grows (3)
constexpr double most_wavenumbers = 4e6;

// The d_j of (4).
Eigen::Vector3d end_corrections() {
  Eigen::Matrix3d powers;
  for (int j = 0; j < 3; ++j) {
    const double x = j + 0.5;
    powers.col(j) << x, x * x * x, x * x * x * x * x;
  }
  return powers.partialPivLu().solve(Eigen::Vector3d(-1.0 / 24.0, 7.0 / 960.0, -31.0 / 8064.0));
}

double step_of(const WavenumberDemand& d, const WavenumberSettings& s) {
  if (s.rule == WavenumberRule::fk) {
    return s.fk_step * std::numbers::pi / std::max(d.largest_distance_km, d.source_depths_km.back());
  }
  const double windows = std::max(2.0, -std::log(s.tolerance) / (d.sigma_rad_s * d.window_s));
  const double period_km = 2.0 * d.largest_distance_km + d.largest_vp_km_s * d.window_s * windows;  // (2)
  return 2.0 * std::numbers::pi / period_km;
}

// The growth (3) of the step from dk to largest_step around the node s0.
struct Stretch {
  double largest_step, s0;

  double step_at(double s, double dk) const {
    return dk + (largest_step - dk) * 0.5 * (1.0 + std::tanh((s - s0) / stretch_width));  // (3)
  }
  // The integral of (3) from 0 to s (the logarithm of cosh without overflow).
  double wavenumber(double s, double dk) const {
    if (std::isinf(s0)) return dk * s;
    const double t = 2.0 * (s - s0) / stretch_width;
    const double softplus = t > 0.0 ? t + std::log1p(std::exp(-t)) : std::log1p(std::exp(t));
    return dk * s + (largest_step - dk) * 0.5 * stretch_width * softplus;
  }
};

Stretch stretch_of(const WavenumberDemand& d, double dk, double wave_end) {
  const double period_km = std::max(2.2 * d.largest_distance_km, 24.0 * d.source_depths_km.back());
  const double largest_step = 2.0 * std::numbers::pi / period_km;
  if (largest_step <= dk) return {dk, INFINITY};
  return {largest_step, std::max(wave_end / dk, 16.0) + 4.0 * stretch_width};
}

void check(const WavenumberSettings& s) {
  const auto require = [](bool good, const char* name, double value, const char* expected) {
    if (!good)
      throw std::invalid_argument(fmt::format("WavenumberSettings: {} = {}: expected {}", name, value, expected));
  };
  require(s.tolerance >= 1e-10 && s.tolerance <= 0.1, "tolerance", s.tolerance, "1e-10 to 0.1");
  require(s.fk_step > 0.0 && s.fk_step <= 0.5, "fk_step", s.fk_step, "above 0, at most 0.5");
  require(s.fk_limit > 0.0 && std::isfinite(s.fk_limit), "fk_limit", s.fk_limit, "positive");
  require(s.fk_max_slowness > 0.0 && std::isfinite(s.fk_max_slowness), "fk_max_slowness", s.fk_max_slowness,
          "positive");
}

}  // namespace

WavenumberGrid::WavenumberGrid(const WavenumberDemand& demand, const WavenumberSettings& settings)
    : demand_(demand), settings_(settings) {
  check(settings);
  step_ = step_of(demand, settings);
  double end = 0.0;
  for (int i = 0; i < static_cast<int>(demand.source_depths_km.size()); ++i) {
    end = std::max(end, limit(demand.largest_omega_rad_s, i).end);
  }
  const bool stretched = settings.rule == WavenumberRule::converged;
  const double wave_end = slowness_margin * demand.largest_omega_rad_s / demand.smallest_vs_km_s;
  const Stretch stretch = stretched ? stretch_of(demand, step_, wave_end) : Stretch{step_, INFINITY};
  const double count = std::min(end, wave_end) / step_ + std::max(0.0, end - wave_end) / stretch.largest_step;
  if (!(count <= most_wavenumbers)) {
    throw std::invalid_argument(
        fmt::format("WavenumberGrid: about {:.3g} wavenumbers up to {:.3g} per km: expected at most {:.0g}; take a "
                    "larger tolerance, a "
                    "shorter window, or a longer smallest distance",
                    count, end, most_wavenumbers));
  }
  std::vector<double> k;
  std::vector<double> steps;
  while (k.size() < 3 || k.back() < end) {
    const double s = static_cast<double>(k.size()) + 0.5;
    k.push_back(stretch.wavenumber(s, step_));
    steps.push_back(stretch.step_at(s, step_));
  }
  k_ = Eigen::Map<const Eigen::ArrayXd>(k.data(), static_cast<Eigen::Index>(k.size()));
  weights_ = Eigen::Map<const Eigen::ArrayXd>(steps.data(), k_.size()) / (2.0 * std::numbers::pi);
  if (stretched) weights_.head<3>() *= 1.0 + end_corrections().array();  // (4)
}

WavenumberGrid::Limit WavenumberGrid::limit(double omega_rad_s, int i_depth) const {
  const double h = demand_.source_depths_km[static_cast<std::size_t>(i_depth)];
  if (settings_.rule == WavenumberRule::fk) {
    const double slowness = settings_.fk_max_slowness / demand_.source_vs_km_s[static_cast<std::size_t>(i_depth)];
    const double end = std::hypot(settings_.fk_limit / h, slowness * omega_rad_s);
    return {end, end};
  }
  const double wave_end = slowness_margin * omega_rad_s / demand_.smallest_vs_km_s;
  const double k_h = std::hypot((limit_margin - std::log(settings_.tolerance)) / h, wave_end);  // (5)
  const double k_x = wave_end + fade_range / demand_.smallest_distance_km;                      // (5)
  return k_x < k_h ? Limit{k_x, wave_end} : Limit{k_h, fade_begin_fraction * k_h};
}

Eigen::Index WavenumberGrid::n_used(double omega_rad_s, int i_depth) const {
  const double end = limit(omega_rad_s, i_depth).end;
  const bool fk = settings_.rule == WavenumberRule::fk;
  const Eigen::Index n = fk ? static_cast<Eigen::Index>(std::floor(end / step_ - 0.5))
                            : std::lower_bound(k_.begin(), k_.end(), end) - k_.begin();
  return std::clamp<Eigen::Index>(n, 1, k_.size());
}

double WavenumberGrid::fade(Eigen::Index j, double omega_rad_s, int i_depth) const {
  const Limit range = limit(omega_rad_s, i_depth);
  if (k_[j] <= range.fade_begin) return 1.0;
  const double t = (k_[j] - range.fade_begin) / (range.end - range.fade_begin);
  return settings_.rule == WavenumberRule::fk ? 1.0 : 0.5 * std::erfc(fade_steepness * (2.0 * t - 1.0));
}

namespace {

// Writes a block of lanes of one complex kernel into its two columns.
void store(Eigen::MatrixXd& matrix, Eigen::Index row, Eigen::Index column, Eigen::Index n, const RealLanes& weight,
           const ComplexLanes& kernel) {
  matrix.col(column).segment(row, n) = (kernel.re * weight).head(n);
  matrix.col(column + 1).segment(row, n) = (kernel.im * weight).head(n);
}

void store_block(KernelMatrices& m, Eigen::Index row, Eigen::Index n, int i_column, const RealLanes& k,
                 const RealLanes& w, const Kernels<ComplexLanes>& U) {
  const RealLanes w_over_k = w / k;
  const Eigen::Index c0 = 2 * n_j0_kernels * i_column;
  const Eigen::Index c1 = 2 * n_j1_kernels * i_column;
  const Eigen::Index c2 = 2 * n_j2_kernels * i_column;
  store(m.for_j0, row, c0, n, w, U.z0);
  store(m.for_j0, row, c0 + 2, n, w, U.r1);
  store(m.for_j0, row, c0 + 4, n, w, U.t1);
  store(m.for_j0, row, c0 + 6, n, w, U.ze);
  store(m.for_j1, row, c1, n, w, U.r0);
  store(m.for_j1, row, c1 + 2, n, w, U.z1);
  store(m.for_j1, row, c1 + 4, n, w_over_k, U.r1 + U.t1);
  store(m.for_j1, row, c1 + 6, n, w, U.r2);
  store(m.for_j1, row, c1 + 8, n, w, U.t2);
  store(m.for_j1, row, c1 + 10, n, w, U.re);
  store(m.for_j2, row, c2, n, w, U.z2);
  store(m.for_j2, row, c2 + 2, n, w_over_k, U.r2 + U.t2);
}

void zero_rows(KernelMatrices& m, Eigen::Index first, int i_column) {
  const auto clear = [first, i_column](Eigen::MatrixXd& matrix, int n_kernels) {
    matrix.block(first, 2 * n_kernels * i_column, matrix.rows() - first, 2 * n_kernels).setZero();
  };
  clear(m.for_j0, n_j0_kernels);
  clear(m.for_j1, n_j1_kernels);
  clear(m.for_j2, n_j2_kernels);
}

}  // namespace

void fill_kernels(const WavenumberGrid& grid, const LayerStack& stack, const std::vector<Medium>& media,
                  bool free_surface, double omega_rad_s, int i_column, std::vector<KernelMatrices>& kernels) {
  const int n_depths = static_cast<int>(kernels.size());
  std::vector<Eigen::Index> n_used(kernels.size());
  for (int d = 0; d < n_depths; ++d) n_used[static_cast<std::size_t>(d)] = grid.n_used(omega_rad_s, d);
  const Eigen::Index n_rows = *std::max_element(n_used.begin(), n_used.end());
  SweepWorkspace<ComplexLanes> workspace(stack);
  std::vector<Kernels<ComplexLanes>> block(kernels.size());

  for (Eigen::Index row = 0; row < n_rows; row += n_lanes) {
    // The last block is filled up with its last wavenumber.
    RealLanes k;
    for (int i = 0; i < n_lanes; ++i) k[i] = grid.k_per_km()[std::min<Eigen::Index>(row + i, grid.size() - 1)];
    surface_kernels<ComplexLanes>(k, stack, media, free_surface, workspace, block);
    for (int d = 0; d < n_depths; ++d) {
      const Eigen::Index n = std::min<Eigen::Index>(n_lanes, n_used[static_cast<std::size_t>(d)] - row);
      if (n <= 0) continue;
      RealLanes weight = RealLanes::Zero();
      for (Eigen::Index i = 0; i < n; ++i) weight[i] = grid.weights()[row + i] * grid.fade(row + i, omega_rad_s, d);
      store_block(kernels[static_cast<std::size_t>(d)], row, n, i_column, k, weight,
                  block[static_cast<std::size_t>(d)]);
    }
  }
  for (int d = 0; d < n_depths; ++d) {
    zero_rows(kernels[static_cast<std::size_t>(d)], n_used[static_cast<std::size_t>(d)], i_column);
  }
}

namespace {

// Equation (6) from the sums with J0, J1 and J2 at distance x; series in the order of `Fundamental`.
std::array<std::complex<double>, 10> series_from_sums(const std::array<std::complex<double>, n_j0_kernels>& s0,
                                                      const std::array<std::complex<double>, n_j1_kernels>& s1,
                                                      const std::array<std::complex<double>, n_j2_kernels>& s2,
                                                      double x) {
  const std::complex<double> near_1 = s1[2] / x;
  const std::complex<double> near_2 = 2.0 * s2[1] / x;
  return {s2[0], s1[3] - near_2, s1[4] - near_2, s1[1], s0[1] - near_1, s0[2] - near_1, s0[0], -s1[0], s0[3], -s1[5]};
}

template <std::size_t n>
std::array<std::complex<double>, n> complex_row(const Eigen::MatrixXd& sums, Eigen::Index row, Eigen::Index frequency) {
  std::array<std::complex<double>, n> values;
  for (std::size_t i = 0; i < n; ++i) {
    const Eigen::Index column = 2 * (frequency * static_cast<Eigen::Index>(n) + static_cast<Eigen::Index>(i));
    values[i] = {sums(row, column), sums(row, column + 1)};
  }
  return values;
}

}  // namespace

std::vector<Eigen::ArrayXXcd> sum_over_wavenumbers(const KernelMatrices& kernels, const BesselTables& bessel,
                                                   const std::vector<double>& distances_km, Eigen::Index n_rows,
                                                   int n_frequencies) {
  const Eigen::MatrixXd sums0 = bessel.j0.topRows(n_rows).transpose() * kernels.for_j0.topRows(n_rows);
  const Eigen::MatrixXd sums1 = bessel.j1.topRows(n_rows).transpose() * kernels.for_j1.topRows(n_rows);
  const Eigen::MatrixXd sums2 = bessel.j2.topRows(n_rows).transpose() * kernels.for_j2.topRows(n_rows);
  const Eigen::Index n_x = static_cast<Eigen::Index>(distances_km.size());
  std::vector<Eigen::ArrayXXcd> spectra(static_cast<std::size_t>(n_frequencies), Eigen::ArrayXXcd(n_x, 10));
  for (Eigen::Index f = 0; f < n_frequencies; ++f) {
    for (Eigen::Index ix = 0; ix < n_x; ++ix) {
      const std::array<std::complex<double>, 10> series =
          series_from_sums(complex_row<n_j0_kernels>(sums0, ix, f), complex_row<n_j1_kernels>(sums1, ix, f),
                           complex_row<n_j2_kernels>(sums2, ix, f), distances_km[static_cast<std::size_t>(ix)]);
      for (Eigen::Index s = 0; s < 10; ++s) {
        spectra[static_cast<std::size_t>(f)](ix, s) = series[static_cast<std::size_t>(s)];
      }
    }
  }
  return spectra;
}

std::array<std::complex<double>, 10> plain_sum(const WavenumberGrid& grid, const LayerStack& stack,
                                               const std::vector<Medium>& media, bool free_surface, double omega_rad_s,
                                               int i_depth, double distance_km) {
  SweepWorkspace<std::complex<double>> workspace(stack);
  std::vector<Kernels<std::complex<double>>> kernels(stack.source_boundary.size());
  std::array<std::complex<double>, 10> sum{};
  for (Eigen::Index j = 0; j < grid.n_used(omega_rad_s, i_depth); ++j) {
    const double k = grid.k_per_km()[j];
    surface_kernels<std::complex<double>>(k, stack, media, free_surface, workspace, kernels);
    const Kernels<std::complex<double>>& U = kernels[static_cast<std::size_t>(i_depth)];
    const double z = k * distance_km;
    const double a = grid.weights()[j] * grid.fade(j, omega_rad_s, i_depth);
    const double J0 = std::cyl_bessel_j(0.0, z);
    const double J1 = std::cyl_bessel_j(1.0, z);
    const double J2 = std::cyl_bessel_j(2.0, z);
    const std::complex<double> near_1 = (U.r1 + U.t1) * (J1 / z);
    const std::complex<double> near_2 = 2.0 * (U.r2 + U.t2) * (J2 / z);
    const std::array<std::complex<double>, 10> terms = {
        U.z2 * J2,          U.r2 * J1 - near_2, U.t2 * J1 - near_2, U.z1 * J1, U.r1 * J0 - near_1,
        U.t1 * J0 - near_1, U.z0 * J0,          -(U.r0 * J1),       U.ze * J0, -(U.re * J1)};  // (6)
    for (std::size_t s = 0; s < terms.size(); ++s) sum[s] += a * terms[s];                     // (1)
  }
  return sum;
}

}  // namespace propagator
