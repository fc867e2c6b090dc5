#include "propagator/greens_functions.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <unsupported/Eigen/FFT>

namespace propagator {

namespace {

constexpr double si_per_natural_unit = 1e-15;  // 1 / ((km/s)2 g/cm3 km2) in m per N m
constexpr int chunk_size = 4;                  // frequencies whose kernels are multiplied together
constexpr double slowest_wave = 0.8;           // group velocity of the slowest surface wave, in units of v_s,min

void require(bool good, const char* name, double value, const char* expected) {
  if (!good) {
    throw std::invalid_argument(fmt::format("compute_greens_functions: {} = {}: expected {}", name, value, expected));
  }
}

void check(const std::vector<double>& source_depths_km, const std::vector<double>& distances_km,
           const GreensSettings& s) {
  require(!source_depths_km.empty(), "number of source depths", 0.0, "at least one");
  require(!distances_km.empty(), "number of distances", 0.0, "at least one");
  for (const double h : source_depths_km) require(h >= 1e-3 && h <= 1e4, "source depth (km)", h, "0.001 to 10000");
  for (const double x : distances_km) require(x >= 1e-3 && x <= 1e5, "distance (km)", x, "0.001 to 100000");
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
  require(s.n_threads >= 0, "n_threads", s.n_threads, "0 (automatic) or positive");
}

// The smallest even number >= n without prime factors above 5: a fast length of the Fourier transform.
int fast_length(int n) {
  for (n += n % 2;; n += 2) {
    int rest = n;
    for (const int factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return n;
  }
}

// The time window of equation (4).
struct Window {
  int n_samples;
  int n_lead;
  int n_frequencies;
  double length_s, sigma_rad_s, first_sample_s;
};

Window window_of(const LayeredModel& model, double largest_distance_km, const GreensSettings& s) {
  const bool step = s.source_time == SourceTime::step;
  Window w;
  w.n_lead = s.lead_samples >= 0 ? s.lead_samples : step ? 32 : 0;
  const double late_s = largest_distance_km / (slowest_wave * model.smallest_vs_km_s()) - s.first_sample_s;
  const int needed = w.n_lead + std::max(s.n_samples, static_cast<int>(std::ceil(late_s / s.dt_s)));
  w.n_samples = fast_length(s.window_s == 0.0 ? needed : static_cast<int>(std::lround(s.window_s / s.dt_s)));
  require(w.n_samples >= w.n_lead + s.n_samples, "window_s", s.window_s, "at least lead and output samples");
  w.length_s = w.n_samples * s.dt_s;
  w.sigma_rad_s = (s.damping > 0.0 ? s.damping : step ? 4.0 : 2.0) / w.length_s;
  w.first_sample_s = s.first_sample_s - w.n_lead * s.dt_s;
  w.n_frequencies = w.n_samples / 2;
  if (s.max_frequency_hz > 0.0) {
    w.n_frequencies = std::min(w.n_frequencies, static_cast<int>(s.max_frequency_hz * w.length_s) + 1);
  }
  return w;
}

// H of equation (4): one up to the fraction 1 - taper of the band, then a quarter cosine squared.
double taper_at(int j, int n_frequencies, double taper) {
  const int n_flat = static_cast<int>(n_frequencies * (1.0 - taper));
  if (j + 1 <= n_flat) return 1.0;
  return 0.5 * (1.0 + std::cos((j + 1 - n_flat) * std::numbers::pi / (n_frequencies - n_flat + 1)));
}

Eigen::ArrayXd real_inverse_transform(const Eigen::ArrayXcd& spectrum, int n_samples) {
  Eigen::FFT<double> fft;
  std::vector<std::complex<double>> whole(static_cast<std::size_t>(n_samples), 0.0);
  whole[0] = spectrum[0].real();
  for (Eigen::Index j = 1; j < spectrum.size(); ++j) {
    whole[static_cast<std::size_t>(j)] = spectrum[j];
    whole[static_cast<std::size_t>(n_samples - j)] = std::conj(spectrum[j]);
  }
  std::vector<std::complex<double>> series;
  fft.inv(series, whole);
  Eigen::ArrayXd real(n_samples);
  for (int n = 0; n < n_samples; ++n) real[n] = series[static_cast<std::size_t>(n)].real();
  return real;
}

// Equation (4), with (5) for a step: all samples of the window, then the output part of it.
Eigen::ArrayXd time_series(const Eigen::ArrayXcd& spectrum, const Window& w, const GreensSettings& s) {
  const bool step = s.source_time == SourceTime::step;
  Eigen::ArrayXcd shifted(spectrum.size());
  for (int j = 0; j < static_cast<int>(spectrum.size()); ++j) {
    const double omega = 2.0 * std::numbers::pi * j / w.length_s;
    shifted[j] = taper_at(j, w.n_frequencies, s.taper) * std::polar(1.0, omega * w.first_sample_s) * spectrum[j];
    if (step) shifted[j] /= std::complex<double>(w.sigma_rad_s, omega);  // (5)
  }
  Eigen::ArrayXd g = real_inverse_transform(shifted, w.n_samples) / s.dt_s;
  for (int n = 0; n < w.n_samples; ++n) g[n] *= std::exp(w.sigma_rad_s * (w.first_sample_s + n * s.dt_s));  // (4)
  if (step) g -= g.head(std::max(1, w.n_lead / 2)).mean();                                                  // (5)
  return g.segment(w.n_lead, s.n_samples);
}

// Depths in increasing order without repetition, and where each asked-for depth is among them.
struct SortedDepths {
  std::vector<double> values;
  std::vector<std::size_t> position;
};

SortedDepths sorted(const std::vector<double>& depths) {
  SortedDepths s{depths, {}};
  std::sort(s.values.begin(), s.values.end());
  s.values.erase(std::unique(s.values.begin(), s.values.end()), s.values.end());
  for (const double depth : depths) {
    const auto found = std::lower_bound(s.values.begin(), s.values.end(), depth);
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
  WavenumberGrid grid;
  BesselTables bessel;
};

// Spectra of the frequencies first, first + 1, ... of one chunk into spectra[i_depth * n_distances + i_distance].
void compute_chunk(const Problem& p, int first, std::vector<Eigen::ArrayXXcd>& spectra) {
  const int n = std::min<int>(chunk_size, static_cast<int>(p.omega_rad_s.size()) - first);
  const std::size_t n_depths = p.stack.source_boundary.size();
  std::vector<KernelMatrices> kernels(n_depths);
  std::vector<Eigen::Index> n_rows(n_depths);
  for (std::size_t d = 0; d < n_depths; ++d) {
    n_rows[d] = p.grid.n_used(p.omega_rad_s[static_cast<std::size_t>(first + n - 1)], static_cast<int>(d));
    kernels[d].for_j0.resize(n_rows[d], 2 * n_j0_kernels * n);
    kernels[d].for_j1.resize(n_rows[d], 2 * n_j1_kernels * n);
    kernels[d].for_j2.resize(n_rows[d], 2 * n_j2_kernels * n);
  }
  for (int f = 0; f < n; ++f) {
    const double omega = p.omega_rad_s[static_cast<std::size_t>(first + f)];
    std::vector<Medium> media;
    for (const Layer& layer : p.model.layers()) {
      media.push_back(medium_at(layer, p.settings.attenuation, {omega, -p.sigma_rad_s}));
    }
    fill_kernels(p.grid, p.stack, media, p.settings.free_surface, omega, f, kernels);
  }
  const std::size_t n_x = p.distances_km.size();
  for (std::size_t d = 0; d < n_depths; ++d) {
    const std::vector<Eigen::ArrayXXcd> sums = sum_over_wavenumbers(kernels[d], p.bessel, p.distances_km, n_rows[d], n);
    for (int f = 0; f < n; ++f) {
      const Eigen::ArrayXXcd& at_frequency = sums[static_cast<std::size_t>(f)];
      if (!at_frequency.allFinite()) {
        throw std::runtime_error(
            fmt::format("compute_greens_functions: not a finite number at frequency {:.6g} Hz, source {}",
                        p.omega_rad_s[static_cast<std::size_t>(first + f)] / (2.0 * std::numbers::pi), d));
      }
      for (std::size_t ix = 0; ix < n_x; ++ix) {
        spectra[d * n_x + ix].row(first + f) = si_per_natural_unit * at_frequency.row(static_cast<Eigen::Index>(ix));
      }
    }
  }
}

// All chunks, shared out among threads. The first failure, in order of frequency, is thrown after all have ended.
void compute_all_chunks(const Problem& p, const Progress& progress, std::vector<Eigen::ArrayXXcd>& spectra) {
  const int n_chunks = (static_cast<int>(p.omega_rad_s.size()) + chunk_size - 1) / chunk_size;
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n_chunks));
  int n_done = 0;
#pragma omp parallel for schedule(static, 1) num_threads(threads_of(p.settings))
  for (int chunk = 0; chunk < n_chunks; ++chunk) {
    try {
      compute_chunk(p, chunk * chunk_size, spectra);
#pragma omp critical(greens_functions_progress)
      {
        ++n_done;
        if (progress) progress(static_cast<double>(n_done) / n_chunks);
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

std::vector<Eigen::ArrayXXcd> compute_spectra(const LayeredModel& model, const std::vector<double>& source_depths_km,
                                              const std::vector<double>& distances_km,
                                              const std::vector<double>& omega_rad_s, double sigma_rad_s,
                                              double longest_time_s, const GreensSettings& settings,
                                              const Progress& progress) {
  check(source_depths_km, distances_km, settings);
  require(!omega_rad_s.empty() && omega_rad_s.front() >= 0.0 && std::is_sorted(omega_rad_s.begin(), omega_rad_s.end()),
          "number of frequencies", static_cast<double>(omega_rad_s.size()), "increasing, from 0 or above");
  require(sigma_rad_s > 0.0, "sigma_rad_s", sigma_rad_s, "positive");
  require(longest_time_s > 0.0, "longest_time_s", longest_time_s, "positive");

  const SortedDepths depths = sorted(source_depths_km);
  LayerStack stack = cut_at_sources(model, depths.values, settings.source_side);
  WavenumberDemand demand;
  demand.largest_vp_km_s = model.largest_vp_km_s();
  demand.smallest_vs_km_s = model.smallest_vs_km_s();
  demand.source_depths_km = depths.values;
  for (const int layer : stack.source_layer) {
    demand.source_vs_km_s.push_back(model.layers()[static_cast<std::size_t>(layer)].vs_km_s);
  }
  demand.smallest_distance_km = *std::min_element(distances_km.begin(), distances_km.end());
  demand.largest_distance_km = *std::max_element(distances_km.begin(), distances_km.end());
  demand.largest_omega_rad_s = omega_rad_s.back();
  demand.sigma_rad_s = sigma_rad_s;
  demand.window_s = longest_time_s;
  WavenumberGrid grid(demand, settings.wavenumbers);
  BesselTables bessel = bessel_tables(grid.k_per_km(), distances_km, threads_of(settings));
  const Problem problem{model,       settings,         distances_km,    omega_rad_s,
                        sigma_rad_s, std::move(stack), std::move(grid), std::move(bessel)};

  const std::size_t n_x = distances_km.size();
  const Eigen::Index n_frequencies = static_cast<Eigen::Index>(omega_rad_s.size());
  std::vector<Eigen::ArrayXXcd> unique(depths.values.size() * n_x, Eigen::ArrayXXcd(n_frequencies, n_fundamentals));
  compute_all_chunks(problem, progress, unique);
  if (depths.values == source_depths_km) return unique;
  std::vector<Eigen::ArrayXXcd> spectra;
  for (const std::size_t d : depths.position) {
    for (std::size_t ix = 0; ix < n_x; ++ix) spectra.push_back(unique[d * n_x + ix]);
  }
  return spectra;
}

std::vector<GreensFunctions> compute_greens_functions(const LayeredModel& model,
                                                      const std::vector<double>& source_depths_km,
                                                      const std::vector<double>& distances_km,
                                                      const GreensSettings& settings, const Progress& progress) {
  check(source_depths_km, distances_km, settings);
  const Window window = window_of(model, *std::max_element(distances_km.begin(), distances_km.end()), settings);
  std::vector<double> omega(static_cast<std::size_t>(window.n_frequencies));
  for (std::size_t j = 0; j < omega.size(); ++j) {
    omega[j] = 2.0 * std::numbers::pi * static_cast<double>(j) / window.length_s;
  }
  const std::vector<Eigen::ArrayXXcd> spectra = compute_spectra(
      model, source_depths_km, distances_km, omega, window.sigma_rad_s, window.length_s, settings, progress);
  std::vector<GreensFunctions> greens(spectra.size());
#pragma omp parallel for schedule(static) num_threads(threads_of(settings))
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    GreensFunctions& g = greens[i];
    g.source_depth_km = source_depths_km[i / distances_km.size()];
    g.distance_km = distances_km[i % distances_km.size()];
    g.dt_s = settings.dt_s;
    g.first_sample_s = settings.first_sample_s;
    g.series.resize(settings.n_samples, n_fundamentals);
    for (int c = 0; c < n_fundamentals; ++c) g.series.col(c) = time_series(spectra[i].col(c), window, settings);
  }
  return greens;
}

}  // namespace propagator
