#include "propagator/greens_functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "propagator/error_estimate.h"
#include "propagator/greens_in_pieces.h"
#include "propagator/greens_limits.h"
#include "propagator/parallel_failures.h"
#include "propagator/time_window.h"

namespace propagator {

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

// The sums that the error estimate will ask for, before any is computed.
void refuse_endless_estimate(const GreensRequest& asked, const TimeWindow& window) {
  const GreensSettings finer = settings_of_finer_sum(asked.settings);
  refuse_endless_sum({asked.function, asked.model, asked.source_depths_km, asked.distances_km, finer},
                     frequencies_of_finer_sum(window), "the estimate of the error");
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
  const GreensRequest asked{"compute_greens_functions", model, source_depths_km, distances_km, settings};
  check_request(asked);
  double height_km = 0.0;
  for (const double depth : source_depths_km) {
    height_km = std::max(height_km, std::abs(depth - settings.receiver_depth_km));
  }
  const double farthest_km = *std::max_element(distances_km.begin(), distances_km.end());
  const TimeWindow window = window_of(model, std::hypot(farthest_km, height_km), settings);
  refuse_late_window(model, source_depths_km, distances_km, window, settings);
  refuse_lost_digits(window, settings);
  refuse_endless_estimate(asked, window);
  const std::vector<Eigen::ArrayXXcd> spectra = spectra_in_pieces(asked, window.frequencies(), progress, keeper);
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

}  // namespace propagator
