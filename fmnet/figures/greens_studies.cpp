#include "fmnet/figures/greens_studies.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "propagator/compound_matrix.h"
#include "propagator/greens_functions.h"
#include "propagator/vertical_wavenumber.h"
#include "propagator/wavenumber_integral.h"

namespace fmnet {
namespace {

using Complex = std::complex<double>;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using propagator::WavenumberRule;

constexpr double window_s = 256.0;
constexpr double sigma_rad_s = 2.0 / window_s;

std::vector<double> from_to(double first, double last, double step) {
  std::vector<double> values;
  for (int i = 0; first + i * step <= last + 1e-9; ++i) values.push_back(first + i * step);
  return values;
}

// 0.02-0.2 Hz in the frequencies of a window of 256 s.
std::vector<double> band_rad_s() {
  std::vector<double> omega;
  for (int j = 6; j <= 51; ++j) omega.push_back(2.0 * std::numbers::pi * j / window_s);
  return omega;
}

std::vector<Eigen::ArrayXXcd> spectra(double depth_km, const std::vector<double>& distances_km,
                                      const GreensSettings& settings) {
  return compute_spectra(chapter_model(), {depth_km}, distances_km, {band_rad_s(), sigma_rad_s, window_s}, settings);
}

double largest_column(const Eigen::ArrayXXcd& x) { return std::sqrt(x.abs2().colwise().sum().maxCoeff()); }

double worst_error(const std::vector<Eigen::ArrayXXcd>& ours, const std::vector<Eigen::ArrayXXcd>& exact) {
  double worst = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    worst = std::max(worst, largest_column(ours[i] - exact[i]) / largest_column(exact[i]));
  }
  return worst;
}

propagator::LayerTerms<Complex> terms_of(double k, const propagator::Medium& m, double thickness_km) {
  return layer_terms(propagator::vertical_wavenumber<Complex>(k, m.k_alpha2),
                     propagator::vertical_wavenumber<Complex>(k, m.k_beta2), m, thickness_km);
}

// The wavenumbers of a sum for one source depth and band.
propagator::WavenumberDemand demand_of(double depth_km, const std::vector<double>& distances_km) {
  const propagator::LayeredModel model = chapter_model();
  const auto layer = static_cast<std::size_t>(model.layer_at(depth_km, propagator::InterfaceSide::below));
  return {model.largest_vp_km_s(),
          model.smallest_vs_km_s(),
          {depth_km},
          {model.layers()[layer].vs_km_s},
          distances_km.front(),
          distances_km.back(),
          band_rad_s().back(),
          sigma_rad_s,
          window_s};
}

}  // namespace

propagator::LayeredModel chapter_model() {
  return propagator::LayeredModel({{5.5, 5.5, 3.18, 2.4, 600.0, 300.0},
                                   {10.5, 6.3, 3.64, 2.67, 600.0, 300.0},
                                   {19.0, 6.7, 3.87, 2.8, 600.0, 300.0},
                                   {0.0, 7.8, 4.5, 3.0, 600.0, 300.0}});
}

WaveField wave_field() {
  WaveField field{{5.0, 10.0, 15.0, 20.0}, from_to(0.0, 50.0, 1.0), from_to(0.5, 99.5, 1.0), {}};
  GreensSettings s;
  s.dt_s = 0.5;
  s.n_samples = 48;
  s.lead_samples = 32;
  s.damping = 4.0;
  s.source_time = propagator::SourceTime::impulse;
  s.excitation = propagator::Excitation::double_couple;
  s.max_frequency_hz = 0.7;
  s.taper = 0.6;
  s.wavenumbers.tolerance = 1e-3;
  const auto n_depths = static_cast<Eigen::Index>(field.depths_km.size());
  const auto n_distances = static_cast<Eigen::Index>(field.distances_km.size());
  field.velocity_m_s.assign(field.times_s.size(), Eigen::ArrayXXd(n_depths, n_distances));
  for (Eigen::Index d = 0; d < n_depths; ++d) {
    s.receiver_depth_km = field.depths_km[static_cast<std::size_t>(d)];
    const std::vector<GreensFunctions> greens = compute_greens_functions(chapter_model(), {8.0}, field.distances_km, s);
    for (std::size_t t = 0; t < field.times_s.size(); ++t) {
      const auto sample = static_cast<Eigen::Index>(std::lround(field.times_s[t] / s.dt_s));
      for (Eigen::Index x = 0; x < n_distances; ++x) {
        field.velocity_m_s[t](d, x) =
            greens[static_cast<std::size_t>(x)].series(sample, static_cast<int>(propagator::Fundamental::ZDD));
      }
    }
  }
  return field;
}

PlainProduct plain_product() {
  PlainProduct study;
  study.omega_rad_s = 6.0;
  const propagator::Medium m = medium_at({0.0, 5.5, 3.18, 2.4, 600.0, 300.0}, propagator::AttenuationLaw::constant_q,
                                         Complex(study.omega_rad_s, -0.01));
  study.k_alpha_per_km = std::sqrt(m.k_alpha2).real();
  study.k_beta_per_km = std::sqrt(m.k_beta2).real();
  study.thicknesses_km = {5.0, 10.0, 20.0, 40.0};
  study.k_per_km = from_to(0.41, 4.0, 0.02);
  const auto n = static_cast<Eigen::Index>(study.k_per_km.size());
  for (const double thickness_km : study.thicknesses_km) {
    Eigen::ArrayXd plain(n), minors(n), expected(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const double k = study.k_per_km[static_cast<std::size_t>(i)];
      const propagator::LayerTerms<Complex> slice = terms_of(k, m, 1.0);
      const propagator::Minors<Complex> start = propagator::half_space_minors(k, m, slice.nu_a, slice.nu_b);
      propagator::SolutionPair<Complex> y = solutions_of(start);
      propagator::Minors<Complex> carried = start;
      for (int j = 0; j < static_cast<int>(thickness_km); ++j) {
        y = {propagator::p_sv_upwards<Complex>(k, y.y1, m, slice),
             propagator::p_sv_upwards<Complex>(k, y.y2, m, slice)};
        carried = propagator::minors_upwards<Complex>(k, carried, m, slice);
      }
      const propagator::Minors<Complex> of_plain = minors_of(y);
      const Complex exact = start.s / start.e;
      plain[i] = std::abs(of_plain.s / of_plain.e / exact - 1.0);
      minors[i] = std::abs(carried.s / carried.e / exact - 1.0);
      expected[i] = std::numeric_limits<double>::epsilon() * std::exp(thickness_km * (slice.nu_a - slice.nu_b).real());
    }
    study.plain.push_back(plain);
    study.minors.push_back(minors);
    study.expected.push_back(expected);
  }
  return study;
}

std::vector<SumError> end_of_the_sum() {
  const double depth_km = 0.5;
  const std::vector<double> distance_km = {30.0};
  propagator::WavenumberSettings tight;
  tight.tolerance = 1e-10;
  propagator::WavenumberDemand demand = demand_of(depth_km, distance_km);
  demand.smallest_distance_km = 1e-3;  // no fade before exp(-k h) has died out
  const propagator::WavenumberGrid grid(demand, tight);
  const propagator::LayeredModel model = chapter_model();
  const propagator::LayerStack stack = cut_at(model, {depth_km}, 0.0, propagator::InterfaceSide::below, true);
  const std::span<const propagator::PointSource> sources = point_sources(propagator::Excitation::double_couple);
  const double omega = 2.0 * std::numbers::pi * 0.1;
  std::vector<propagator::Medium> media;
  for (const propagator::Layer& layer : model.layers()) {
    media.push_back(medium_at(layer, propagator::AttenuationLaw::constant_q, Complex(omega, -sigma_rad_s)));
  }
  // ZDD: the kernel of the 45-degree dip slip times J0, wavenumber by wavenumber.
  const Eigen::ArrayXd& k = grid.k_per_km();
  const propagator::WavenumberGrid::Limit limit = grid.limit(omega, 0);
  Eigen::ArrayXcd terms(limit.n_used);
  propagator::SweepWorkspace<Complex> workspace(stack);
  std::vector<propagator::Kernel<Complex>> kernels(sources.size());
  for (Eigen::Index j = 0; j < limit.n_used; ++j) {
    propagator::surface_kernels<Complex>(k[j], stack, media, sources, whole(stack), workspace, kernels);
    terms[j] = grid.weight(j, limit) * kernels[2].z * std::cyl_bessel_j(0.0, k[j] * distance_km[0]);
  }
  const Complex exact = terms.sum();
  const double waves_end = 1.2 * omega / model.smallest_vs_km_s();
  const auto add = [&exact](SumError& study, double end, Complex sum) {
    study.place.push_back(end);
    study.error.push_back(std::abs(sum / exact - 1.0));
  };
  SumError cut{"cut off", {}, {}}, faded{"faded out", {}, {}};
  for (double end = 1.2 * waves_end; end < 0.8 * limit.end_per_km; end *= 1.01) {
    Complex plain = 0.0, smooth = 0.0;
    for (Eigen::Index j = 0; j < limit.n_used && k[j] < end; ++j) {
      const double t = std::max(0.0, (k[j] - waves_end) / (end - waves_end));
      plain += terms[j];
      smooth += terms[j] * 0.5 * std::erfc(4.0 * (2.0 * t - 1.0));
    }
    add(cut, end, plain);
    add(faded, end, smooth);
  }
  return {cut, faded};
}

std::vector<SumError> step_of_the_sum() {
  const double depth_km = 8.0;
  const std::vector<double> distances_km = {20.0, 40.0, 60.0, 80.0, 100.0};
  GreensSettings s;
  s.excitation = propagator::Excitation::double_couple;
  s.wavenumbers.tolerance = 1e-10;
  const std::vector<Eigen::ArrayXXcd> exact = spectra(depth_km, distances_km, s);
  const auto add = [&](SumError& study) {
    study.place.push_back(
        static_cast<double>(propagator::WavenumberGrid(demand_of(depth_km, distances_km), s.wavenumbers).size()));
    study.error.push_back(worst_error(spectra(depth_km, distances_km, s), exact));
  };
  SumError fk{"one step everywhere, cut off", {}, {}}, ours{"this program", {}, {}};
  s.wavenumbers.rule = WavenumberRule::fk;
  s.wavenumbers.fk_limit = 25.0;
  s.wavenumbers.fk_max_slowness = 1.2 * 3.64 / 3.18;
  for (double step = 0.4; step > 0.006; step *= 0.75) {
    s.wavenumbers.fk_step = step;
    add(fk);
  }
  s.wavenumbers.rule = WavenumberRule::converged;
  for (const double tolerance : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    s.wavenumbers.tolerance = tolerance;
    add(ours);
  }
  return {fk, ours};
}

namespace {

// Columns band-passed: 1 / (1 + q^8) with q = (f^2 - f1 f2) / (f (f2 - f1)), on series padded to twice their length.
Eigen::ArrayXXd band_passed(const Eigen::ArrayXXd& series, double dt_s) {
  constexpr double low_hz = 0.05, high_hz = 0.1;
  const Eigen::Index n = 2 * series.rows();
  Eigen::FFT<double> fft;
  Eigen::ArrayXXd filtered(series.rows(), series.cols());
  for (Eigen::Index c = 0; c < series.cols(); ++c) {
    std::vector<double> padded(static_cast<std::size_t>(n), 0.0);
    std::copy(series.col(c).begin(), series.col(c).end(), padded.begin());
    std::vector<Complex> spectrum;
    fft.fwd(spectrum, padded);
    for (Eigen::Index j = 0; j < n; ++j) {
      const double f = static_cast<double>(std::min(j, n - j)) / (static_cast<double>(n) * dt_s);
      const double q = (f * f - low_hz * high_hz) / (f * (high_hz - low_hz));
      spectrum[static_cast<std::size_t>(j)] *= f == 0.0 ? 0.0 : 1.0 / (1.0 + std::pow(q, 8));
    }
    fft.inv(padded, spectrum);
    filtered.col(c) = Eigen::Map<const Eigen::ArrayXd>(padded.data(), series.rows());
  }
  return filtered;
}

std::vector<GreensFunctions> cost_case(const GreensSettings& settings) {
  return compute_greens_functions(chapter_model(), from_to(2.0, 20.0, 2.0), from_to(5.0, 150.0, 145.0 / 49.0),
                                  settings);
}

double median_error_in_band(const std::vector<GreensFunctions>& ours, const std::vector<GreensFunctions>& exact) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Eigen::ArrayXXd theirs = band_passed(exact[i].series, exact[i].dt_s);
    const Eigen::ArrayXXd difference = band_passed(ours[i].series, ours[i].dt_s) - theirs;
    errors.push_back((difference.square().colwise().sum() / theirs.square().colwise().sum()).sqrt().maxCoeff());
  }
  std::nth_element(errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2), errors.end());
  return errors[errors.size() / 2];
}

double processor_time_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

AccuracyAndCost accuracy_and_cost() {
  GreensSettings s;
  s.source_time = propagator::SourceTime::impulse;
  s.excitation = propagator::Excitation::double_couple;
  s.n_threads = 1;
  s.wavenumbers.tolerance = 1e-8;
  const std::vector<GreensFunctions> exact = cost_case(s);
  const auto measured = [&](const std::string& label) {
    double least_s = std::numeric_limits<double>::infinity();
    std::vector<GreensFunctions> greens;
    for (int repetition = 0; repetition < 3; ++repetition) {
      const double start_s = processor_time_s();
      greens = cost_case(s);
      least_s = std::min(least_s, processor_time_s() - start_s);
    }
    return CostPoint{label, least_s, median_error_in_band(greens, exact)};
  };
  AccuracyAndCost study;
  for (const double tolerance : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    s.wavenumbers.tolerance = tolerance;
    study.ours.push_back(measured(fmt::format("{:.0e}", tolerance)));
  }
  s.wavenumbers.rule = WavenumberRule::fk;
  for (const double step : {0.3, 0.15, 0.1, 0.07, 0.05, 0.03}) {
    s.wavenumbers.fk_step = step;
    study.fk.push_back(measured(fmt::format("{:g}", step)));
  }
  return study;
}

}  // namespace fmnet
