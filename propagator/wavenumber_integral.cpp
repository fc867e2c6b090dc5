#include "propagator/wavenumber_integral.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "propagator/bessel.h"
#include "propagator/block_product.h"

namespace propagator {

namespace {

constexpr Eigen::Index block_wavenumbers = 128;  // a multiple of n_lanes
// Neighbouring wavenumbers that are computed with the same layers, those that the first of them feels: a number of its own, so
// that the bits do not depend on n_lanes. A multiple of it.
constexpr Eigen::Index wavenumbers_of_same_layers = 8;
static_assert(wavenumbers_of_same_layers % n_lanes == 0 && block_wavenumbers % wavenumbers_of_same_layers == 0);
constexpr Eigen::Index block_distances = 192;  // a multiple of row_multiple

// Columns of the sources among those of one depth and frequency, for each Bessel function.
struct Columns {
  struct Of {
    int order;
    int z, r, t, near;  // r and t are in the matrix of J(m-1) for m > 0, near in that of Jm
  };
  std::vector<Of> sources;
  std::array<int, 3> n{};  // complex columns of J0, J1, J2

  explicit Columns(std::span<const PointSource> all) {
    for (const PointSource source : all) {
      const int m = azimuthal_order(source);
      int& main = n[static_cast<std::size_t>(m)];
      int& other = n[static_cast<std::size_t>(m == 0 ? 1 : m - 1)];
      Of of{m, main++, other++, 0, 0};
      if (m > 0) {
        of.t = other++;
        of.near = main++;
      }
      sources.push_back(of);
    }
  }
};

int function_of_r(int order) { return order == 0 ? 1 : order - 1; }

// One block of wavenumbers of the three matrices K of (2).
class KernelBlock {
 public:
  KernelBlock(const WavenumberGrid& grid, const WavenumberSum& sum, const Columns& columns)
      : grid_(grid), sum_(sum), columns_(columns), workspace_(sum.stack) {
    const auto n_depths = static_cast<std::size_t>(sum.stack.n_sources);
    kernels_.resize(n_depths * sum.sources.size());
    for (std::size_t m = 0; m < 3; ++m) {
      K_[m].resize(block_wavenumbers, column(columns.n[m], sum.stack.n_sources, 0));
    }
    for (std::size_t d = 0; d < n_depths; ++d) {
      limits_.emplace_back();
      for (const double omega : sum.omega_rad_s) limits_[d].push_back(grid.limit(omega, static_cast<int>(d)));
    }
  }

  Eigen::Index n_wavenumbers() const {
    Eigen::Index n = 0;
    for (int d = 0; d < sum_.stack.n_sources; ++d) n = std::max(n, rows_of_depth(d));
    return n;
  }

  // Fills the rows of wavenumbers first ... first + n_rows - 1 and tells how many of the depths have any there.
  int fill(Eigen::Index first, Eigen::Index n_rows) {
    int n_depths = 0;
    for (int d = 0; d < sum_.stack.n_sources; ++d) {
      if (rows_of_depth(d) > first) n_depths = d + 1;
    }
    for (int f = 0; f < n_frequencies(); ++f) fill_frequency(f, first, n_rows, n_depths);
    return n_depths;
  }

  Eigen::Ref<const Eigen::MatrixXd> matrix(std::size_t m, Eigen::Index n_rows, int n_depths) const {
    return K_[m].topLeftCorner(n_rows, column(columns_.n[m], n_depths, 0));
  }

  int n_frequencies() const { return static_cast<int>(sum_.omega_rad_s.size()); }

  // The first real column of a depth and frequency in a matrix of n complex columns each.
  Eigen::Index column(int n, int i_depth, int i_frequency) const {
    return Eigen::Index{2} * n * (static_cast<Eigen::Index>(i_depth) * n_frequencies() + i_frequency);
  }

 private:
  const WavenumberGrid::Limit& limit(int d, int f) const {
    return limits_[static_cast<std::size_t>(d)][static_cast<std::size_t>(f)];
  }

  Eigen::Index rows_of_depth(int d) const {
    Eigen::Index n = 0;
    for (const WavenumberGrid::Limit& limit : limits_[static_cast<std::size_t>(d)]) n = std::max(n, limit.n_used);
    return n;
  }

  void fill_frequency(int f, Eigen::Index first, Eigen::Index n_rows, int n_depths) {
    const std::vector<Medium>& media = sum_.media[static_cast<std::size_t>(f)];
    for (Eigen::Index row = 0; row < n_rows; row += n_lanes) {
      const Eigen::Index first_alike = row - row % wavenumbers_of_same_layers;
      int n_active = 0;  // depths, of which the layers that are felt depend
      for (int d = 0; d < n_depths; ++d) {
        if (limit(d, f).n_used > first + first_alike) n_active = d + 1;
      }
      // The last block is filled up with the last wavenumber.
      RealLanes k;
      for (int i = 0; i < n_lanes; ++i) k[i] = grid_.k_per_km()[std::min(first + row + i, grid_.size() - 1)];
      if (n_active > 0) {
        const double k_felt = grid_.k_per_km()[first + first_alike];
        surface_kernels<ComplexLanes>(k, sum_.stack, media, sum_.sources, felt_at(k_felt, sum_.stack, media, n_active),
                                      workspace_, kernels_);
      }
      for (int d = 0; d < n_active; ++d) store(f, d, first, row, k);
      for (std::size_t m = 0; m < 3; ++m) {
        for (int d = n_active; d < n_depths; ++d) {
          K_[m].block<n_lanes, Eigen::Dynamic>(row, column(columns_.n[m], d, f), n_lanes, 2 * columns_.n[m]).setZero();
        }
      }
    }
  }

  RealLanes weights(int f, int d, Eigen::Index first) const {
    RealLanes weight = RealLanes::Zero();
    const Eigen::Index n = std::min<Eigen::Index>(n_lanes, limit(d, f).n_used - first);
    for (Eigen::Index i = 0; i < n; ++i) weight[i] = grid_.weight(first + i, limit(d, f));
    return weight;
  }

  void store(int f, int d, Eigen::Index first, Eigen::Index row, const RealLanes& k) {
    const RealLanes w = weights(f, d, first + row);
    const RealLanes w_over_k = w / k;
    const auto put = [&](int m, int i, const RealLanes& weight, const ComplexLanes& kernel) {
      const std::size_t at = static_cast<std::size_t>(m);
      double* to = &K_[at](row, column(columns_.n[at], d, f) + 2 * i);
      Eigen::Map<RealLanes>{to} = kernel.re * weight;
      Eigen::Map<RealLanes>{to + block_wavenumbers} = kernel.im * weight;
    };
    for (std::size_t s = 0; s < sum_.sources.size(); ++s) {
      const Columns::Of& of = columns_.sources[s];
      const Kernel<ComplexLanes>& U = kernels_[static_cast<std::size_t>(d) * sum_.sources.size() + s];
      put(of.order, of.z, w, U.z);
      put(function_of_r(of.order), of.r, w, U.r);
      if (of.order == 0) continue;
      put(function_of_r(of.order), of.t, w, U.t);
      put(of.order, of.near, w_over_k, U.r + U.t);
    }
  }

  const WavenumberGrid& grid_;
  const WavenumberSum& sum_;
  const Columns& columns_;
  SweepWorkspace<ComplexLanes> workspace_;
  std::vector<Kernel<ComplexLanes>> kernels_;
  std::vector<std::vector<WavenumberGrid::Limit>> limits_;  // of each depth and frequency
  std::array<Eigen::MatrixXd, 3> K_;
};

using Sums = std::array<Eigen::MatrixXd, 3>;  // S of (2)

// Equation (2).
Sums products(const WavenumberGrid& grid, const WavenumberSum& sum, const Columns& columns) {
  KernelBlock kernels(grid, sum, columns);
  // Distances are filled up with the last one to whole vectors.
  std::vector<double> x(sum.distances_km.begin(), sum.distances_km.end());
  while (x.size() % row_multiple != 0) x.push_back(x.back());
  const auto n_x = static_cast<Eigen::Index>(x.size());
  Sums S;
  for (std::size_t m = 0; m < 3; ++m) {
    S[m].setZero(n_x, kernels.column(columns.n[m], sum.stack.n_sources, 0));
  }
  BesselBlock bessel;
  const Eigen::Index n_k = kernels.n_wavenumbers();
  for (Eigen::Index first = 0; first < n_k; first += block_wavenumbers) {
    const Eigen::Index used = std::min(block_wavenumbers, n_k - first);
    const int n_depths = kernels.fill(first, used);
    const std::span<const double> k(grid.k_per_km().data() + first, static_cast<std::size_t>(used));
    for (Eigen::Index ix = 0; ix < n_x; ix += block_distances) {
      const Eigen::Index rows = std::min(block_distances, n_x - ix);
      bessel_block(k, {x.data() + ix, static_cast<std::size_t>(rows)}, bessel);
      const std::array<const Eigen::MatrixXd*, 3> J = {&bessel.j0, &bessel.j1, &bessel.j2};
      for (std::size_t m = 0; m < 3; ++m) {
        add_block_product(*J[m], kernels.matrix(m, used, n_depths),
                          S[m].block(ix, 0, rows, kernels.column(columns.n[m], n_depths, 0)));  // (2)
      }
    }
  }
  return S;
}

}  // namespace

int n_series(std::span<const PointSource> sources) {
  int n = 0;
  for (const PointSource source : sources) n += azimuthal_order(source) == 0 ? 2 : 3;
  return n;
}

Eigen::ArrayXXcd sum_over_wavenumbers(const WavenumberGrid& grid, const WavenumberSum& sum) {
  const Columns columns(sum.sources);
  const Sums S = products(grid, sum, columns);
  const auto n_x = static_cast<Eigen::Index>(sum.distances_km.size());
  const Eigen::Map<const Eigen::ArrayXd> x(sum.distances_km.data(), n_x);
  const Eigen::Index n_pairs =
      static_cast<Eigen::Index>(sum.stack.n_sources) * static_cast<Eigen::Index>(sum.omega_rad_s.size());
  Eigen::ArrayXXcd spectra(n_x, n_pairs * n_series(sum.sources));
  Eigen::Index out = 0;
  for (Eigen::Index pair = 0; pair < n_pairs; ++pair) {
    for (const Columns::Of& of : columns.sources) {
      const auto complex_sum = [&](int m, int i) {
        const std::size_t at = static_cast<std::size_t>(m);
        const Eigen::Index column = 2 * (pair * columns.n[at] + i);
        Eigen::ArrayXcd values(n_x);
        values.real() = S[at].col(column).head(n_x).array();
        values.imag() = S[at].col(column + 1).head(n_x).array();
        return values;
      };
      const int m_r = function_of_r(of.order);
      spectra.col(out++) = complex_sum(of.order, of.z);  // (1)
      if (of.order == 0) {
        spectra.col(out++) = -complex_sum(m_r, of.r);  // (1)
        continue;
      }
      const Eigen::ArrayXcd near = complex_sum(of.order, of.near) * (of.order / x);
      spectra.col(out++) = complex_sum(m_r, of.r) - near;  // (1)
      spectra.col(out++) = complex_sum(m_r, of.t) - near;  // (1)
    }
  }
  return spectra;
}

std::vector<std::complex<double>> plain_sum(const WavenumberGrid& grid, const WavenumberSum& sum, int i_frequency,
                                            int i_depth, double distance_km) {
  using C = std::complex<double>;
  const double omega = sum.omega_rad_s[static_cast<std::size_t>(i_frequency)];
  SweepWorkspace<C> workspace(sum.stack);
  std::vector<Kernel<C>> kernels(static_cast<std::size_t>(sum.stack.n_sources) * sum.sources.size());
  std::vector<C> result(static_cast<std::size_t>(n_series(sum.sources)));
  const WavenumberGrid::Limit limit = grid.limit(omega, i_depth);
  for (Eigen::Index j = 0; j < limit.n_used; ++j) {
    const double k = grid.k_per_km()[j];
    surface_kernels<C>(k, sum.stack, sum.media[static_cast<std::size_t>(i_frequency)], sum.sources, whole(sum.stack),
                       workspace, kernels);
    const double z = k * distance_km;
    const std::array<double, 3> J = {std::cyl_bessel_j(0.0, z), std::cyl_bessel_j(1.0, z), std::cyl_bessel_j(2.0, z)};
    const double a = grid.weight(j, limit);
    std::size_t out = 0;
    for (std::size_t s = 0; s < sum.sources.size(); ++s) {
      const Kernel<C>& U = kernels[static_cast<std::size_t>(i_depth) * sum.sources.size() + s];
      const auto m = static_cast<std::size_t>(azimuthal_order(sum.sources[s]));
      result[out++] += a * U.z * J[m];  // (1)
      if (m == 0) {
        result[out++] -= a * U.r * J[1];  // (1)
        continue;
      }
      const C near = static_cast<double>(m) * (U.r + U.t) * (J[m] / z);
      result[out++] += a * (U.r * J[m - 1] - near);  // (1)
      result[out++] += a * (U.t * J[m - 1] - near);  // (1)
    }
  }
  return result;
}

}  // namespace propagator
