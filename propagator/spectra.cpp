#include "propagator/spectra.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>
#include <utility>

#include "propagator/greens_in_pieces.h"
#include "propagator/greens_limits.h"
#include "propagator/parallel_failures.h"
#include "propagator/wavenumber_integral.h"

namespace propagator {

namespace {

// Natural units: displacement in km, moment in 1e9 Pa km3 = 1e18 N m, force in 1e9 Pa km2 = 1e15 N.
constexpr double m_per_n_m = 1e-15;
constexpr double m_per_n = 1e-12;

// Columns (depths x frequencies) that are summed together: many enough that the Bessel functions of a chunk cost little
// beside its products, few enough that its kernels stay in the cache.
constexpr int columns_of_chunk = 40;
constexpr int smallest_chunk = 4;
constexpr int largest_chunk = 16;

// Depths by increasing vertical distance from the receiver, without repetition, and where each asked-for depth is among them.
struct SortedDepths {
  std::vector<double> values;
  std::vector<std::size_t> position;
};

SortedDepths sorted(const std::vector<double>& depths, double receiver_depth_km) {
  SortedDepths s{depths, {}};
  const auto nearer = [receiver_depth_km](double a, double b) {
    const double da = std::abs(a - receiver_depth_km);
    const double db = std::abs(b - receiver_depth_km);
    return da < db || (da == db && a < b);
  };
  std::sort(s.values.begin(), s.values.end(), nearer);
  s.values.erase(std::unique(s.values.begin(), s.values.end()), s.values.end());
  for (const double depth : depths) {
    const auto found = std::lower_bound(s.values.begin(), s.values.end(), depth, nearer);
    s.position.push_back(static_cast<std::size_t>(found - s.values.begin()));
  }
  return s;
}

// Everything that the frequencies share.
struct Problem {
  const GreensRequest& asked;
  const ComplexFrequencies& frequencies;
  SortedDepths depths;
  LayerStack stack;
  WavenumberDemand demand;  // but for largest_omega_rad_s

  const std::vector<double>& omega_rad_s() const { return frequencies.omega_rad_s; }
  std::span<const PointSource> sources() const { return point_sources(asked.settings.excitation); }
  int chunk_size() const { return std::clamp(columns_of_chunk / stack.n_sources, smallest_chunk, largest_chunk); }
};

Problem problem_of(const GreensRequest& asked, const ComplexFrequencies& frequencies) {
  const GreensSettings& settings = asked.settings;
  SortedDepths depths = sorted(asked.source_depths_km, settings.receiver_depth_km);
  WavenumberDemand demand;
  demand.largest_vp_km_s = asked.model.largest_vp_km_s();
  demand.slowest_wave_km_s = slowest_wave_km_s(asked.model);
  for (const double depth : depths.values) {
    demand.vertical_distances_km.push_back(std::abs(depth - settings.receiver_depth_km));
    const auto layer = static_cast<std::size_t>(asked.model.layer_at(depth, settings.source_side));
    demand.source_vs_km_s.push_back(asked.model.layers()[layer].vs_km_s);
  }
  demand.smallest_distance_km = *std::min_element(asked.distances_km.begin(), asked.distances_km.end());
  demand.largest_distance_km = *std::max_element(asked.distances_km.begin(), asked.distances_km.end());
  demand.sigma_rad_s = frequencies.sigma_rad_s;
  demand.window_s = frequencies.longest_time_s;
  LayerStack stack =
      cut_at(asked.model, depths.values, settings.receiver_depth_km, settings.source_side, settings.free_surface);
  return {asked, frequencies, std::move(depths), std::move(stack), std::move(demand)};
}

// The frequencies of chunk number `chunk`.
std::span<const double> frequencies_of(const Problem& p, int chunk) {
  const auto first = static_cast<std::size_t>(chunk * p.chunk_size());
  return std::span(p.omega_rad_s())
      .subspan(first)
      .first(std::min(static_cast<std::size_t>(p.chunk_size()), p.omega_rad_s().size() - first));
}

Eigen::ArrayXXcd sums_of_chunk(const Problem& p, std::span<const double> omega) {
  std::vector<std::vector<Medium>> media(omega.size());
  for (std::size_t f = 0; f < omega.size(); ++f) {
    for (const Layer& layer : p.asked.model.layers()) {
      media[f].push_back(medium_at(layer, p.asked.settings.attenuation, {omega[f], -p.frequencies.sigma_rad_s}));
    }
  }
  WavenumberDemand demand = p.demand;
  demand.largest_omega_rad_s = omega.back();
  const WavenumberGrid grid(demand, p.asked.settings.wavenumbers);
  return sum_over_wavenumbers(grid, {p.stack, p.sources(), p.asked.distances_km, omega, media});
}

// Sums of one chunk in SI units into spectra[i_depth * n_distances + i_distance].
void store_chunk(const Problem& p, int chunk, const Eigen::ArrayXXcd& sums, std::vector<Eigen::ArrayXXcd>& spectra) {
  const std::span<const double> omega = frequencies_of(p, chunk);
  const int n = static_cast<int>(omega.size());
  const double unit = p.asked.settings.excitation == Excitation::single_force ? m_per_n : m_per_n_m;
  const std::size_t n_x = p.asked.distances_km.size();
  const int n_columns = n_series(p.sources());
  for (int d = 0; d < p.stack.n_sources; ++d) {
    for (int f = 0; f < n; ++f) {
      const Eigen::Ref<const Eigen::ArrayXXcd> at_frequency = sums.middleCols((d * n + f) * n_columns, n_columns);
      if (!at_frequency.allFinite()) {
        throw std::runtime_error(fmt::format("{}: not a finite number at frequency {:.6g} Hz, source depth {} km",
                                             p.asked.function,
                                             omega[static_cast<std::size_t>(f)] / (2.0 * std::numbers::pi),
                                             p.depths.values[static_cast<std::size_t>(d)]));
      }
      for (std::size_t ix = 0; ix < n_x; ++ix) {
        spectra[static_cast<std::size_t>(d) * n_x + ix].row(chunk * p.chunk_size() + f) =
            unit * at_frequency.row(static_cast<Eigen::Index>(ix));
      }
    }
  }
}

// Whether the sums were kept, and are those of this chunk by their shape.
bool fetched(const Problem& p, const ChunkKeeper& keeper, int chunk, Eigen::ArrayXXcd& sums) {
  if (!keeper.fetch || !keeper.fetch(chunk, sums)) return false;
  const auto n_columns =
      static_cast<Eigen::Index>(frequencies_of(p, chunk).size()) * p.stack.n_sources * n_series(p.sources());
  return sums.rows() == static_cast<Eigen::Index>(p.asked.distances_km.size()) && sums.cols() == n_columns;
}

// All chunks, shared out among threads. After a failure none begins; it is thrown when those that run have ended.
void compute_all_chunks(const Problem& p, const Progress& progress, const ChunkKeeper& keeper,
                        std::vector<Eigen::ArrayXXcd>& spectra) {
  const int size = p.chunk_size();
  const int n_chunks = (static_cast<int>(p.omega_rad_s().size()) + size - 1) / size;
  ParallelFailures failures(static_cast<std::size_t>(n_chunks));
  int n_done = 0;
  bool is_heard = static_cast<bool>(progress);  // until it throws
#pragma omp parallel for schedule(static, 1) num_threads(threads_of(p.asked.settings))
  for (int chunk = 0; chunk < n_chunks; ++chunk) {
    if (failures.any()) continue;
    bool was_kept = false;
    const auto item = static_cast<std::size_t>(chunk);
    const bool is_done = failures.watch(item, [&] {
      if (keeper.stop && keeper.stop()) throw Interrupted();
      Eigen::ArrayXXcd sums;
      was_kept = fetched(p, keeper, chunk, sums);
      if (!was_kept) sums = sums_of_chunk(p, frequencies_of(p, chunk));
      store_chunk(p, chunk, sums, spectra);
      if (!was_kept && keeper.keep) keeper.keep(chunk, sums);
    });
#pragma omp critical(spectra_progress)
    {
      ++n_done;
      if (is_heard && !was_kept && is_done) {
        is_heard = failures.watch(item, [&] { progress(static_cast<double>(n_done) / n_chunks); });
      }
    }
  }
  failures.rethrow();
}

void check_frequencies(const char* function, const ComplexFrequencies& frequencies) {
  const std::vector<double>& omega_rad_s = frequencies.omega_rad_s;
  if (omega_rad_s.empty()) {
    throw std::invalid_argument(fmt::format("{}: omega_rad_s has no elements: expected at least one", function));
  }
  double least = 0.0;
  for (std::size_t i = 0; i < omega_rad_s.size(); ++i) {
    const double omega = omega_rad_s[i];
    if (!(omega >= least && std::isfinite(omega))) {
      throw std::invalid_argument(fmt::format("{}: omega_rad_s[{}] = {}: expected finite, at least {}{}", function, i,
                                              omega, least, i == 0 ? "" : ", the one before"));
    }
    least = omega;
  }
  const auto require_positive = [function](const char* name, double value) {
    if (!(value > 0.0 && std::isfinite(value))) {
      throw std::invalid_argument(fmt::format("{}: {} = {}: expected positive and finite", function, name, value));
    }
  };
  require_positive("sigma_rad_s", frequencies.sigma_rad_s);
  require_positive("longest_time_s", frequencies.longest_time_s);
}

// A layer takes about 70 ns at one wavenumber and frequency: an hour of one core at the limit.
constexpr double most_layer_evaluations = 5e10;

void refuse_endless(const Problem& p, const char* part) {
  WavenumberDemand demand = p.demand;
  demand.largest_omega_rad_s = p.omega_rad_s().back();
  const double n_layers = static_cast<double>(p.stack.below.layer.size() + p.stack.above.layer.size());
  const double n = static_cast<double>(WavenumberGrid(demand, p.asked.settings.wavenumbers).size()) *
                   static_cast<double>(p.omega_rad_s().size()) * n_layers;
  if (!(n <= most_layer_evaluations)) {
    throw std::invalid_argument(fmt::format(
        "{}: {} takes {:.2g} evaluations of a layer: expected at most {:.2g}; take a lower highest frequency, "
        "a shorter window, a larger tolerance or a longer smallest distance",
        p.asked.function, part, n, most_layer_evaluations));
  }
}

}  // namespace

void refuse_endless_sum(const GreensRequest& asked, const ComplexFrequencies& frequencies, const char* part) {
  refuse_endless(problem_of(asked, frequencies), part);
}

std::vector<Eigen::ArrayXXcd> spectra_in_pieces(const GreensRequest& asked, const ComplexFrequencies& frequencies,
                                                const Progress& progress, const ChunkKeeper& keeper) {
  const Problem problem = problem_of(asked, frequencies);
  refuse_endless(problem, "the sum over wavenumbers");
  const std::complex<double> lowest(frequencies.omega_rad_s.front(), -frequencies.sigma_rad_s);
  const std::complex<double> highest(frequencies.omega_rad_s.back(), -frequencies.sigma_rad_s);
  const AttenuationLaw law = asked.settings.attenuation;
  refuse_lost_velocities(asked.function, asked.model, law, lowest, highest);
  refuse_lost_shear_waves(asked.function, asked.model, problem.stack, law, highest);
  const std::size_t n_x = asked.distances_km.size();
  const auto n_frequencies = static_cast<Eigen::Index>(frequencies.omega_rad_s.size());
  const Eigen::Index n_columns = n_series(problem.sources());
  std::vector<Eigen::ArrayXXcd> unique(problem.depths.values.size() * n_x, Eigen::ArrayXXcd(n_frequencies, n_columns));
  compute_all_chunks(problem, progress, keeper, unique);
  if (problem.depths.values == asked.source_depths_km) return unique;
  std::vector<Eigen::ArrayXXcd> spectra;
  for (const std::size_t d : problem.depths.position) {
    for (std::size_t ix = 0; ix < n_x; ++ix) spectra.push_back(unique[d * n_x + ix]);
  }
  return spectra;
}

std::vector<Eigen::ArrayXXcd> compute_spectra(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                              const std::vector<double>& distances_km,
                                              const ComplexFrequencies& frequencies, const GreensSettings& settings,
                                              const Progress& progress) {
  const GreensRequest asked{"compute_spectra", model, source_depths_km, distances_km, settings};
  check_request(asked);
  check_frequencies(asked.function, frequencies);
  return spectra_in_pieces(asked, frequencies, progress, {});
}

std::vector<Eigen::ArrayXd> static_displacements(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                                 const std::vector<double>& distances_km,
                                                 const GreensSettings& settings) {
  const char* const function = "static_displacements";
  check_request({function, model, source_depths_km, distances_km, settings});
  // At w = -i sigma nothing travels farther than v / sigma. A moment's spectrum is even in sigma x / v up to the square; that of
  // a force has a linear term, the shift of the whole neighbourhood by what went by, which two values of sigma take out.
  constexpr double smallness = 1e-4;
  constexpr double window_per_period = 4.0;  // sigma T: as for a step
  std::vector<Layer> elastic = model.layers();
  for (Layer& layer : elastic) layer.q_p = layer.q_s = std::numeric_limits<double>::infinity();
  const LayeredModel elastic_model(elastic);
  GreensSettings static_settings;
  static_settings.excitation = settings.excitation;
  static_settings.receiver_depth_km = settings.receiver_depth_km;
  static_settings.source_side = settings.source_side;
  static_settings.free_surface = settings.free_surface;
  static_settings.wavenumbers.tolerance = settings.wavenumbers.tolerance;
  static_settings.n_threads = settings.n_threads;
  double reach_km = *std::max_element(distances_km.begin(), distances_km.end());
  for (const double h : source_depths_km) reach_km = std::max(reach_km, std::abs(h - settings.receiver_depth_km));
  const auto at = [&](double sigma) {
    return spectra_in_pieces({function, elastic_model, source_depths_km, distances_km, static_settings},
                             {{0.0}, sigma, window_per_period / sigma}, {}, {});
  };
  const double sigma = smallness * model.smallest_vs_km_s() / reach_km;
  const std::vector<Eigen::ArrayXXcd> spectra = at(sigma);
  std::vector<Eigen::ArrayXd> displacements;
  for (const Eigen::ArrayXXcd& G : spectra) displacements.push_back(G.row(0).transpose().real());
  if (settings.excitation != Excitation::single_force) return displacements;
  const std::vector<Eigen::ArrayXXcd> twice = at(2.0 * sigma);
  for (std::size_t i = 0; i < twice.size(); ++i) {
    displacements[i] = 2.0 * displacements[i] - twice[i].row(0).transpose().real();
  }
  return displacements;
}

}  // namespace propagator
