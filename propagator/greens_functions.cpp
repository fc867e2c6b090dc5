#include "propagator/greens_functions.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "propagator/error_estimate.h"
#include "propagator/greens_in_pieces.h"
#include "propagator/greens_limits.h"
#include "propagator/parallel_failures.h"
#include "propagator/time_window.h"
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

int threads_of(const GreensSettings& s) { return s.n_threads > 0 ? s.n_threads : omp_get_max_threads(); }

// Everything that the frequencies share.
struct Problem {
  const char* function;  // in whose name it is refused
  const LayeredModel& model;
  const GreensSettings& settings;
  std::vector<double> depths_km;  // as SortedDepths has them
  const std::vector<double>& distances_km;
  const std::vector<double>& omega_rad_s;
  double sigma_rad_s;
  LayerStack stack;
  WavenumberDemand demand;  // but for largest_omega_rad_s

  int chunk_size() const { return std::clamp(columns_of_chunk / stack.n_sources, smallest_chunk, largest_chunk); }
};

Problem problem_of(const char* function, const LayeredModel& model, const GreensSettings& settings,
                   const std::vector<double>& depths_km, const std::vector<double>& distances_km,
                   const std::vector<double>& omega_rad_s, double sigma_rad_s, double longest_time_s) {
  WavenumberDemand demand;
  demand.largest_vp_km_s = model.largest_vp_km_s();
  demand.slowest_wave_km_s = slowest_wave_km_s(model);
  for (const double depth : depths_km) {
    demand.vertical_distances_km.push_back(std::abs(depth - settings.receiver_depth_km));
    const auto layer = static_cast<std::size_t>(model.layer_at(depth, settings.source_side));
    demand.source_vs_km_s.push_back(model.layers()[layer].vs_km_s);
  }
  demand.smallest_distance_km = *std::min_element(distances_km.begin(), distances_km.end());
  demand.largest_distance_km = *std::max_element(distances_km.begin(), distances_km.end());
  demand.sigma_rad_s = sigma_rad_s;
  demand.window_s = longest_time_s;
  LayerStack stack = cut_at(model, depths_km, settings.receiver_depth_km, settings.source_side, settings.free_surface);
  return {function,    model,       settings,         depths_km,        distances_km,
          omega_rad_s, sigma_rad_s, std::move(stack), std::move(demand)};
}

// A layer takes about 70 ns at one wavenumber and frequency: an hour of one core at the limit.
constexpr double most_layer_evaluations = 5e10;

void refuse_endless_work(const Problem& p, const char* part) {
  WavenumberDemand demand = p.demand;
  demand.largest_omega_rad_s = p.omega_rad_s.back();
  const double n_layers = static_cast<double>(p.stack.below.layer.size() + p.stack.above.layer.size());
  const double n = static_cast<double>(WavenumberGrid(demand, p.settings.wavenumbers).size()) *
                   static_cast<double>(p.omega_rad_s.size()) * n_layers;
  if (!(n <= most_layer_evaluations)) {
    throw std::invalid_argument(fmt::format(
        "{}: {} takes {:.2g} evaluations of a layer: expected at most {:.2g}; take a lower highest frequency, "
        "a shorter window, a larger tolerance or a longer smallest distance",
        p.function, part, n, most_layer_evaluations));
  }
}

// The frequencies of chunk number `chunk`.
std::span<const double> frequencies_of(const Problem& p, int chunk) {
  const auto first = static_cast<std::size_t>(chunk * p.chunk_size());
  return std::span(p.omega_rad_s)
      .subspan(first)
      .first(std::min(static_cast<std::size_t>(p.chunk_size()), p.omega_rad_s.size() - first));
}

Eigen::ArrayXXcd sums_of_chunk(const Problem& p, std::span<const double> omega) {
  std::vector<std::vector<Medium>> media(omega.size());
  for (std::size_t f = 0; f < omega.size(); ++f) {
    for (const Layer& layer : p.model.layers()) {
      media[f].push_back(medium_at(layer, p.settings.attenuation, {omega[f], -p.sigma_rad_s}));
    }
  }
  WavenumberDemand demand = p.demand;
  demand.largest_omega_rad_s = omega.back();
  const WavenumberGrid grid(demand, p.settings.wavenumbers);
  return sum_over_wavenumbers(grid, {p.stack, point_sources(p.settings.excitation), p.distances_km, omega, media});
}

// Sums of one chunk in SI units into spectra[i_depth * n_distances + i_distance].
void store_chunk(const Problem& p, int chunk, const Eigen::ArrayXXcd& sums, std::vector<Eigen::ArrayXXcd>& spectra) {
  const std::span<const double> omega = frequencies_of(p, chunk);
  const int n = static_cast<int>(omega.size());
  const double unit = p.settings.excitation == Excitation::single_force ? m_per_n : m_per_n_m;
  const std::size_t n_x = p.distances_km.size();
  const int n_columns = n_series(point_sources(p.settings.excitation));
  for (int d = 0; d < p.stack.n_sources; ++d) {
    for (int f = 0; f < n; ++f) {
      const Eigen::Ref<const Eigen::ArrayXXcd> at_frequency = sums.middleCols((d * n + f) * n_columns, n_columns);
      if (!at_frequency.allFinite()) {
        throw std::runtime_error(fmt::format("{}: not a finite number at frequency {:.6g} Hz, source depth {} km",
                                             p.function, omega[static_cast<std::size_t>(f)] / (2.0 * std::numbers::pi),
                                             p.depths_km[static_cast<std::size_t>(d)]));
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
  const auto n_columns = static_cast<Eigen::Index>(frequencies_of(p, chunk).size()) * p.stack.n_sources *
                         n_series(point_sources(p.settings.excitation));
  return sums.rows() == static_cast<Eigen::Index>(p.distances_km.size()) && sums.cols() == n_columns;
}

// All chunks, shared out among threads. After a failure none begins; it is thrown when those that run have ended.
void compute_all_chunks(const Problem& p, const Progress& progress, const ChunkKeeper& keeper,
                        std::vector<Eigen::ArrayXXcd>& spectra) {
  const int size = p.chunk_size();
  const int n_chunks = (static_cast<int>(p.omega_rad_s.size()) + size - 1) / size;
  ParallelFailures failures(static_cast<std::size_t>(n_chunks));
  int n_done = 0;
  bool is_heard = static_cast<bool>(progress);  // until it throws
#pragma omp parallel for schedule(static, 1) num_threads(threads_of(p.settings))
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
#pragma omp critical(greens_functions_progress)
    {
      ++n_done;
      if (is_heard && !was_kept && is_done) {
        is_heard = failures.watch(item, [&] { progress(static_cast<double>(n_done) / n_chunks); });
      }
    }
  }
  failures.rethrow();
}

}  // namespace

GreensSettings fk_settings(int n_samples, double dt_s, double first_sample_s) {
  GreensSettings s;
  s.n_samples = n_samples;
  s.dt_s = dt_s;
  s.source_time = SourceTime::impulse;
  s.first_sample_s = first_sample_s;
  s.lead_samples = 0;
  s.window_s = n_samples * dt_s;
  s.attenuation = AttenuationLaw::constant_q_real_shear_modulus;
  s.wavenumbers.rule = WavenumberRule::fk;
  return s;
}

namespace {

void check_frequencies(const char* function, const std::vector<double>& omega_rad_s, double sigma_rad_s,
                       double longest_time_s) {
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
  require_positive("sigma_rad_s", sigma_rad_s);
  require_positive("longest_time_s", longest_time_s);
}

// All arguments are checked.
std::vector<Eigen::ArrayXXcd> spectra_in_pieces(const char* function, const LayeredModel& model,
                                                const std::vector<double>& source_depths_km,
                                                const std::vector<double>& distances_km,
                                                const std::vector<double>& omega_rad_s, double sigma_rad_s,
                                                double longest_time_s, const GreensSettings& settings,
                                                const Progress& progress, const ChunkKeeper& keeper) {
  const SortedDepths depths = sorted(source_depths_km, settings.receiver_depth_km);
  const Problem problem =
      problem_of(function, model, settings, depths.values, distances_km, omega_rad_s, sigma_rad_s, longest_time_s);
  refuse_endless_work(problem, "the sum over wavenumbers");
  const std::complex<double> lowest(omega_rad_s.front(), -sigma_rad_s), highest(omega_rad_s.back(), -sigma_rad_s);
  refuse_lost_velocities(function, model, settings.attenuation, lowest, highest);
  refuse_lost_shear_waves(function, model, problem.stack, settings.attenuation, highest);
  const std::size_t n_x = distances_km.size();
  const Eigen::Index n_frequencies = static_cast<Eigen::Index>(omega_rad_s.size());
  const Eigen::Index n_columns = n_series(point_sources(settings.excitation));
  std::vector<Eigen::ArrayXXcd> unique(depths.values.size() * n_x, Eigen::ArrayXXcd(n_frequencies, n_columns));
  compute_all_chunks(problem, progress, keeper, unique);
  if (depths.values == source_depths_km) return unique;
  std::vector<Eigen::ArrayXXcd> spectra;
  for (const std::size_t d : depths.position) {
    for (std::size_t ix = 0; ix < n_x; ++ix) spectra.push_back(unique[d * n_x + ix]);
  }
  return spectra;
}

// The sums that the error estimate will ask for, before any is computed.
void refuse_endless_estimate(const char* function, const LayeredModel& model,
                             const std::vector<double>& source_depths_km, const std::vector<double>& distances_km,
                             const TimeWindow& window, const GreensSettings& settings) {
  const GreensSettings finer = settings_of_finer_sum(settings);
  const std::vector<double> omega_rad_s = frequencies_of_finer_sum(window);
  const SortedDepths depths = sorted(source_depths_km, settings.receiver_depth_km);
  refuse_endless_work(
      problem_of(function, model, finer, depths.values, distances_km, omega_rad_s, window.sigma_rad_s, window.length_s),
      "the estimate of the error");
}

// The series of one pair, and the norm of the largest.
double transform_series(const Eigen::ArrayXXcd& spectrum, InverseTransform& transform, GreensFunctions& g) {
  double largest = 0.0;
  for (Eigen::Index c = 0; c < spectrum.cols(); ++c) {
    g.series.col(c) = transform(spectrum.col(c));
    if (!g.series.col(c).allFinite()) {
      throw std::runtime_error(fmt::format(
          "compute_greens_functions: series {} is not finite at source depth {} km, distance {} km, first sample {} s",
          c + 1, g.source_depth_km, g.distance_km, g.first_sample_s));
    }
    largest = std::max(largest, g.series.col(c).matrix().norm());
  }
  return largest;
}

}  // namespace

std::vector<Eigen::ArrayXXcd> compute_spectra(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                              const std::vector<double>& distances_km,
                                              const std::vector<double>& omega_rad_s, double sigma_rad_s,
                                              double longest_time_s, const GreensSettings& settings,
                                              const Progress& progress) {
  const char* const function = "compute_spectra";
  check_request(function, source_depths_km, distances_km, settings);
  check_frequencies(function, omega_rad_s, sigma_rad_s, longest_time_s);
  return spectra_in_pieces(function, model, source_depths_km, distances_km, omega_rad_s, sigma_rad_s, longest_time_s,
                           settings, progress, {});
}

std::vector<GreensFunctions> compute_greens_functions(const LayeredModel& model,
                                                      const std::vector<double>& source_depths_km,
                                                      const std::vector<double>& distances_km,
                                                      const GreensSettings& settings, const Progress& progress) {
  return compute_greens_functions(model, source_depths_km, distances_km, settings, progress, ChunkKeeper{});
}

std::vector<GreensFunctions> compute_greens_functions(const LayeredModel& model,
                                                      const std::vector<double>& source_depths_km,
                                                      const std::vector<double>& distances_km,
                                                      const GreensSettings& settings, const Progress& progress,
                                                      const ChunkKeeper& keeper) {
  const char* const function = "compute_greens_functions";
  check_request(function, source_depths_km, distances_km, settings);
  double height_km = 0.0;
  for (const double depth : source_depths_km) {
    height_km = std::max(height_km, std::abs(depth - settings.receiver_depth_km));
  }
  const double farthest_km = *std::max_element(distances_km.begin(), distances_km.end());
  const TimeWindow window = window_of(model, std::hypot(farthest_km, height_km), settings);
  refuse_late_window(model, source_depths_km, distances_km, window, settings);
  refuse_lost_digits(window, settings);
  refuse_endless_estimate(function, model, source_depths_km, distances_km, window, settings);
  const std::vector<Eigen::ArrayXXcd> spectra =
      spectra_in_pieces(function, model, source_depths_km, distances_km, window.omega_rad_s(), window.sigma_rad_s,
                        window.length_s, settings, progress, keeper);
  const ErrorEstimate estimate(model, source_depths_km, distances_km, window, settings, spectra);
  std::vector<GreensFunctions> greens(spectra.size());
  std::vector<double> norms(spectra.size());  // of the largest series
  ParallelFailures failures(spectra.size());
#pragma omp parallel num_threads(threads_of(settings))
  {
    std::optional<InverseTransform> transform;  // of this thread
#pragma omp for schedule(static)
    for (std::size_t i = 0; i < spectra.size(); ++i) {
      failures.watch(i, [&] {
        if (!transform) transform.emplace(window, settings);
        GreensFunctions& g = greens[i];
        g.source_depth_km = source_depths_km[i / distances_km.size()];
        g.distance_km = distances_km[i % distances_km.size()];
        g.dt_s = settings.dt_s;
        g.first_sample_s = settings.first_sample_s;
        g.series.resize(settings.n_samples, spectra[i].cols());
        norms[i] = transform_series(spectra[i], *transform, g);
      });
    }
  }
  failures.rethrow();
  for (std::size_t i = 0; i < greens.size(); ++i) greens[i].error = estimate.told(i, norms);
  return greens;
}

std::vector<Eigen::ArrayXd> static_displacements(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                                 const std::vector<double>& distances_km,
                                                 const GreensSettings& settings) {
  const char* const function = "static_displacements";
  check_request(function, source_depths_km, distances_km, settings);
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
    return spectra_in_pieces(function, elastic_model, source_depths_km, distances_km, {0.0}, sigma,
                             window_per_period / sigma, static_settings, {}, {});
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
