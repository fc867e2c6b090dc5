#include "propagator/greens_functions.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "propagator/error_estimate.h"
#include "propagator/greens_in_pieces.h"
#include "propagator/greens_limits.h"
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

void require(bool good, const char* name, double value, const char* expected) {
  if (!good) {
    throw std::invalid_argument(fmt::format("compute_greens_functions: {} = {}: expected {}", name, value, expected));
  }
}

void check(const std::vector<double>& source_depths_km, const std::vector<double>& distances_km,
           const GreensSettings& s) {
  require(!source_depths_km.empty(), "number of source depths", 0.0, "at least one");
  require(!distances_km.empty(), "number of distances", 0.0, "at least one");
  for (const double h : source_depths_km) require(h >= 0.0 && h <= 1e4, "source depth (km)", h, "0 to 10000");
  for (const double x : distances_km) require(x >= 1e-3 && x <= 1e5, "distance (km)", x, "0.001 to 100000");
  const double z = s.receiver_depth_km;
  require(z >= 0.0 && z <= 1e4, "receiver_depth_km", z, "0 to 10000");
  require(s.n_samples >= 2 && s.n_samples <= 1 << 24, "n_samples", s.n_samples, "2 to 16777216");
  require(s.dt_s > 0.0 && std::isfinite(s.dt_s), "dt_s", s.dt_s, "positive");
  require(std::isfinite(s.first_sample_s), "first_sample_s", s.first_sample_s, "finite");
  require(s.lead_samples >= -1 && s.lead_samples <= 1 << 20, "lead_samples", s.lead_samples,
          "-1 (automatic) to 1048576");
  require(s.window_s >= 0.0 && std::isfinite(s.window_s), "window_s", s.window_s, "0 (automatic) or positive");
  require(s.damping >= 0.0 && s.damping <= 20.0, "damping", s.damping, "0 (automatic) to 20");
  require(s.taper >= 0.0 && s.taper <= 1.0, "taper", s.taper, "0 to 1");
  require(s.max_frequency_hz >= 0.0 && s.max_frequency_hz <= 0.5 / s.dt_s * (1.0 + 1e-12), "max_frequency_hz",
          s.max_frequency_hz, "0 to the Nyquist frequency");
  require(s.min_frequency_hz >= 0.0 && std::isfinite(s.min_frequency_hz), "min_frequency_hz", s.min_frequency_hz,
          "0 or positive");
  require(s.n_threads >= 0, "n_threads", s.n_threads, "0 (automatic) or positive");
}

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
  const LayeredModel& model;
  const GreensSettings& settings;
  const std::vector<double>& distances_km;
  const std::vector<double>& omega_rad_s;
  double sigma_rad_s;
  LayerStack stack;
  WavenumberDemand demand;  // but for largest_omega_rad_s

  int chunk_size() const { return std::clamp(columns_of_chunk / stack.n_sources, smallest_chunk, largest_chunk); }
};

// A layer takes about 70 ns at one wavenumber and frequency: an hour of one core at the limit.
constexpr double most_layer_evaluations = 5e10;

void refuse_endless_work(const Problem& p) {
  WavenumberDemand demand = p.demand;
  demand.largest_omega_rad_s = p.omega_rad_s.back();
  const double n = static_cast<double>(WavenumberGrid(demand, p.settings.wavenumbers).size()) *
                   static_cast<double>(p.omega_rad_s.size()) * static_cast<double>(p.stack.below.layer.size());
  if (!(n <= most_layer_evaluations)) {
    throw std::invalid_argument(
        fmt::format("compute_greens_functions: {:.2g} evaluations of a layer: expected at most {:.2g}; take a lower "
                    "highest frequency, a shorter window, a larger tolerance or a longer smallest distance",
                    n, most_layer_evaluations));
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
      const auto at_frequency = sums.middleCols((d * n + f) * n_columns, n_columns);
      if (!at_frequency.allFinite()) {
        throw std::runtime_error(
            fmt::format("compute_greens_functions: not a finite number at frequency {:.6g} Hz, source {}",
                        omega[static_cast<std::size_t>(f)] / (2.0 * std::numbers::pi), d));
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

// All chunks, shared out among threads. The first failure, in order of frequency, is thrown after all have ended.
void compute_all_chunks(const Problem& p, const Progress& progress, const ChunkKeeper& keeper,
                        std::vector<Eigen::ArrayXXcd>& spectra) {
  const int size = p.chunk_size();
  const int n_chunks = (static_cast<int>(p.omega_rad_s.size()) + size - 1) / size;
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n_chunks));
  int n_done = 0;
#pragma omp parallel for schedule(static, 1) num_threads(threads_of(p.settings))
  for (int chunk = 0; chunk < n_chunks; ++chunk) {
    try {
      if (keeper.stop && keeper.stop()) throw Interrupted();
      Eigen::ArrayXXcd sums;
      const bool was_kept = fetched(p, keeper, chunk, sums);
      if (!was_kept) sums = sums_of_chunk(p, frequencies_of(p, chunk));
      store_chunk(p, chunk, sums, spectra);
      if (!was_kept && keeper.keep) keeper.keep(chunk, sums);
#pragma omp critical(greens_functions_progress)
      {
        ++n_done;
        if (progress && !was_kept) progress(static_cast<double>(n_done) / n_chunks);
      }
    } catch (...) {
      failures[static_cast<std::size_t>(chunk)] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace

std::span<const PointSource> point_sources(Excitation excitation) {
  static constexpr PointSource moment[] = {PointSource::strike_slip, PointSource::dip_slip, PointSource::dip_slip_45,
                                           PointSource::explosion};
  static constexpr PointSource force[] = {PointSource::horizontal_force, PointSource::vertical_force};
  if (excitation == Excitation::single_force) return force;
  return std::span<const PointSource>(moment).first(excitation == Excitation::double_couple ? 3 : 4);
}

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

std::vector<Eigen::ArrayXXcd> spectra_in_pieces(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                                const std::vector<double>& distances_km,
                                                const std::vector<double>& omega_rad_s, double sigma_rad_s,
                                                double longest_time_s, const GreensSettings& settings,
                                                const Progress& progress, const ChunkKeeper& keeper) {
  check(source_depths_km, distances_km, settings);
  require(!omega_rad_s.empty() && omega_rad_s.front() >= 0.0 && std::is_sorted(omega_rad_s.begin(), omega_rad_s.end()),
          "number of frequencies", static_cast<double>(omega_rad_s.size()),
          "at least one, not decreasing, from 0 or above");
  require(sigma_rad_s > 0.0, "sigma_rad_s", sigma_rad_s, "positive");
  require(longest_time_s > 0.0, "longest_time_s", longest_time_s, "positive");

  const SortedDepths depths = sorted(source_depths_km, settings.receiver_depth_km);
  WavenumberDemand demand;
  demand.largest_vp_km_s = model.largest_vp_km_s();
  demand.smallest_vs_km_s = model.smallest_vs_km_s();
  for (const double depth : depths.values) {
    demand.vertical_distances_km.push_back(std::abs(depth - settings.receiver_depth_km));
    const auto layer = static_cast<std::size_t>(model.layer_at(depth, settings.source_side));
    demand.source_vs_km_s.push_back(model.layers()[layer].vs_km_s);
  }
  demand.smallest_distance_km = *std::min_element(distances_km.begin(), distances_km.end());
  demand.largest_distance_km = *std::max_element(distances_km.begin(), distances_km.end());
  demand.sigma_rad_s = sigma_rad_s;
  demand.window_s = longest_time_s;
  LayerStack stack =
      cut_at(model, depths.values, settings.receiver_depth_km, settings.source_side, settings.free_surface);
  const Problem problem{model, settings, distances_km, omega_rad_s, sigma_rad_s, std::move(stack), std::move(demand)};

  refuse_endless_work(problem);
  const std::complex<double> lowest(omega_rad_s.front(), -sigma_rad_s), highest(omega_rad_s.back(), -sigma_rad_s);
  refuse_lost_velocities(model, settings.attenuation, lowest, highest);
  refuse_lost_shear_waves(model, settings.attenuation, highest);
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

}  // namespace

std::vector<Eigen::ArrayXXcd> compute_spectra(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                              const std::vector<double>& distances_km,
                                              const std::vector<double>& omega_rad_s, double sigma_rad_s,
                                              double longest_time_s, const GreensSettings& settings,
                                              const Progress& progress) {
  return spectra_in_pieces(model, source_depths_km, distances_km, omega_rad_s, sigma_rad_s, longest_time_s, settings,
                           progress, {});
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
  check(source_depths_km, distances_km, settings);
  double height_km = 0.0;
  for (const double depth : source_depths_km) {
    height_km = std::max(height_km, std::abs(depth - settings.receiver_depth_km));
  }
  const double farthest_km = *std::max_element(distances_km.begin(), distances_km.end());
  const TimeWindow window = window_of(model, std::hypot(farthest_km, height_km), settings);
  refuse_late_window(model, source_depths_km, distances_km, window, settings);
  const std::vector<Eigen::ArrayXXcd> spectra =
      spectra_in_pieces(model, source_depths_km, distances_km, window.omega_rad_s(), window.sigma_rad_s,
                        window.length_s, settings, progress, keeper);
  const ErrorEstimate estimate(model, source_depths_km, distances_km, window, settings, spectra);
  std::vector<GreensFunctions> greens(spectra.size());
  std::vector<double> norms(spectra.size());  // of the largest series
#pragma omp parallel num_threads(threads_of(settings))
  {
    InverseTransform transform(window, settings);
#pragma omp for schedule(static)
    for (std::size_t i = 0; i < spectra.size(); ++i) {
      GreensFunctions& g = greens[i];
      g.source_depth_km = source_depths_km[i / distances_km.size()];
      g.distance_km = distances_km[i % distances_km.size()];
      g.dt_s = settings.dt_s;
      g.first_sample_s = settings.first_sample_s;
      g.series.resize(settings.n_samples, spectra[i].cols());
      for (Eigen::Index c = 0; c < spectra[i].cols(); ++c) {
        g.series.col(c) = transform(spectra[i].col(c));
        norms[i] = std::max(norms[i], g.series.col(c).matrix().norm());
      }
    }
  }
  for (std::size_t i = 0; i < greens.size(); ++i) greens[i].error = estimate.told(i, norms);
  return greens;
}

std::vector<Eigen::ArrayXd> static_displacements(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                                 const std::vector<double>& distances_km,
                                                 const GreensSettings& settings) {
  check(source_depths_km, distances_km, settings);
  // At w = -i sigma nothing travels farther than v / sigma; the spectrum is even in sigma x / v, here 1e-4.
  constexpr double smallness = 1e-4;
  constexpr double window_per_period = 4.0;  // sigma T: as for a step
  std::vector<Layer> elastic = model.layers();
  for (Layer& layer : elastic) layer.q_p = layer.q_s = std::numeric_limits<double>::infinity();
  GreensSettings static_settings;
  static_settings.excitation = settings.excitation;
  static_settings.receiver_depth_km = settings.receiver_depth_km;
  static_settings.source_side = settings.source_side;
  static_settings.free_surface = settings.free_surface;
  static_settings.wavenumbers.tolerance = settings.wavenumbers.tolerance;
  static_settings.n_threads = settings.n_threads;
  double reach_km = *std::max_element(distances_km.begin(), distances_km.end());
  for (const double h : source_depths_km) reach_km = std::max(reach_km, std::abs(h - settings.receiver_depth_km));
  const double sigma = smallness * model.smallest_vs_km_s() / reach_km;
  const std::vector<Eigen::ArrayXXcd> spectra = compute_spectra(
      LayeredModel(elastic), source_depths_km, distances_km, {0.0}, sigma, window_per_period / sigma, static_settings);
  std::vector<Eigen::ArrayXd> displacements;
  for (const Eigen::ArrayXXcd& G : spectra) displacements.push_back(G.row(0).transpose().real());
  return displacements;
}

}  // namespace propagator
