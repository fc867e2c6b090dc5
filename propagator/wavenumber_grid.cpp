#include "propagator/wavenumber_grid.h"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace propagator {

namespace {

constexpr double slowness_margin = 1.2;   // p of (5) in units of 1 / v_0
constexpr double rayleigh_margin = 1.04;  // the least p in units of 1 / c_R
constexpr double fade_steepness = 4.0;
constexpr double fade_margin = 7.0;           // of the second limit (5)
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
    return s.fk_step * std::numbers::pi / std::max(d.largest_distance_km, d.vertical_distances_km.back());
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

Stretch stretch_of(const WavenumberDemand& d, double tolerance, double dk, double wave_end) {
  const double digits = std::max(1.0, std::log(tolerance) / std::log(1e-4));
  const double period_km = digits * std::max(2.2 * d.largest_distance_km, 24.0 * d.vertical_distances_km.back());
  const double largest_step = 2.0 * std::numbers::pi / period_km;
  if (largest_step <= dk) return {dk, INFINITY};
  return {largest_step, std::max(wave_end / dk, 16.0) + 4.0 * stretch_width};
}

// c_R of (6) by bisection: the polynomial is negative at 0, positive at 1 and has one root between.
double rayleigh_velocity_km_s(const Layer& layer) {
  const double xi = (layer.vs_km_s / layer.vp_km_s) * (layer.vs_km_s / layer.vp_km_s);
  double low = 0.0, high = 1.0;
  for (int step = 0; step < 60; ++step) {
    const double x = 0.5 * (low + high);
    const double value = ((x - 8.0) * x + 24.0 - 16.0 * xi) * x - 16.0 * (1.0 - xi);  // (6)
    (value < 0.0 ? low : high) = x;
  }
  return std::sqrt(low) * layer.vs_km_s;
}

void require(bool good, const char* where, const char* name, double value, const char* expected) {
  if (!good) throw std::invalid_argument(fmt::format("{}: {} = {}: expected {}", where, name, value, expected));
}

void check(const WavenumberDemand& d, WavenumberRule rule) {
  const auto need = [](bool good, const char* name, double value, const char* expected) {
    require(good, "WavenumberGrid", name, value, expected);
  };
  const auto need_positive = [&need](const char* name, double value) {
    need(value > 0.0 && std::isfinite(value), name, value, "positive and finite");
  };
  need_positive("largest_vp_km_s", d.largest_vp_km_s);
  need_positive("slowest_wave_km_s", d.slowest_wave_km_s);
  need_positive("smallest_distance_km", d.smallest_distance_km);
  need(d.largest_distance_km >= d.smallest_distance_km && std::isfinite(d.largest_distance_km), "largest_distance_km",
       d.largest_distance_km, "finite, not below smallest_distance_km");
  need(d.largest_omega_rad_s >= 0.0 && std::isfinite(d.largest_omega_rad_s), "largest_omega_rad_s",
       d.largest_omega_rad_s, "0 or above, finite");
  need_positive("sigma_rad_s", d.sigma_rad_s);
  need_positive("window_s", d.window_s);
  const std::vector<double>& h = d.vertical_distances_km;
  need(!h.empty() && d.source_vs_km_s.size() == h.size(), "number of sources", static_cast<double>(h.size()),
       "at least one, with as many source_vs_km_s");
  need(h.front() >= 0.0 && std::is_sorted(h.begin(), h.end()) && std::isfinite(h.back()), "vertical_distances_km",
       h.front(), "finite, increasing, from 0 or above");
  need(rule != WavenumberRule::fk || h.front() > 0.0, "vertical distance of source and receiver (km)", h.front(),
       "above 0 with the rule fk, whose sum ends at fk_limit / h; take the rule converged");
  for (const double vs : d.source_vs_km_s) need_positive("source_vs_km_s", vs);
}

void check(const WavenumberSettings& s) {
  const auto need = [](bool good, const char* name, double value, const char* expected) {
    require(good, "WavenumberSettings", name, value, expected);
  };
  need(s.tolerance >= 1e-10 && s.tolerance <= 0.1, "tolerance", s.tolerance, "1e-10 to 0.1");
  need(s.fk_step > 0.0 && s.fk_step <= 0.5, "fk_step", s.fk_step, "above 0, at most 0.5");
  need(s.fk_limit > 0.0 && std::isfinite(s.fk_limit), "fk_limit", s.fk_limit, "positive");
  need(s.fk_max_slowness > 0.0 && std::isfinite(s.fk_max_slowness), "fk_max_slowness", s.fk_max_slowness, "positive");
}

}  // namespace

double slowest_wave_km_s(const LayeredModel& model) {
  double slowest = std::numeric_limits<double>::infinity();
  for (const Layer& layer : model.layers()) {
    const double of_layer = slowness_margin / rayleigh_margin * rayleigh_velocity_km_s(layer);  // (6)
    slowest = std::min({slowest, layer.vs_km_s, of_layer});
  }
  return slowest;
}

WavenumberGrid::WavenumberGrid(const WavenumberDemand& demand, const WavenumberSettings& settings)
    : demand_(demand), settings_(settings) {
  check(settings);
  check(demand, settings.rule);
  step_ = step_of(demand, settings);
  double end = 0.0;
  for (int i = 0; i < static_cast<int>(demand.vertical_distances_km.size()); ++i) {
    end = std::max(end, ends(demand.largest_omega_rad_s, i).end_per_km);
  }
  const bool stretched = settings.rule == WavenumberRule::converged;
  const double wave_end = slowness_margin * demand.largest_omega_rad_s / demand.slowest_wave_km_s;
  const Stretch stretch =
      stretched ? stretch_of(demand, settings.tolerance, step_, wave_end) : Stretch{step_, INFINITY};
  const double count = std::min(end, wave_end) / step_ + std::max(0.0, end - wave_end) / stretch.largest_step;
  if (!(count <= most_wavenumbers)) {
    throw std::invalid_argument(
        fmt::format("WavenumberGrid: about {:.3g} wavenumbers up to {:.3g} per km: expected at most {:.0g}; take a "
                    "larger tolerance, a shorter window, or a longer smallest distance",
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

WavenumberGrid::Limit WavenumberGrid::ends(double omega_rad_s, int i_depth) const {
  const double h = demand_.vertical_distances_km[static_cast<std::size_t>(i_depth)];
  if (settings_.rule == WavenumberRule::fk) {
    const double slowness = settings_.fk_max_slowness / demand_.source_vs_km_s[static_cast<std::size_t>(i_depth)];
    const double end = std::hypot(settings_.fk_limit / h, slowness * omega_rad_s);
    return {end, end, 0};
  }
  const double wave_end = slowness_margin * omega_rad_s / demand_.slowest_wave_km_s;
  const double k_h = std::hypot((limit_margin - std::log(settings_.tolerance)) / h, wave_end);  // (5)
  const double fade_range = 4.0 * fade_steepness * std::sqrt(fade_margin - std::log(settings_.tolerance));
  const double k_x = wave_end + fade_range / demand_.smallest_distance_km;  // (5)
  return k_x < k_h ? Limit{k_x, wave_end, 0} : Limit{k_h, fade_begin_fraction * k_h, 0};
}

WavenumberGrid::Limit WavenumberGrid::limit(double omega_rad_s, int i_depth) const {
  Limit limit = ends(omega_rad_s, i_depth);
  const bool fk = settings_.rule == WavenumberRule::fk;
  const Eigen::Index n = fk ? static_cast<Eigen::Index>(std::floor(limit.end_per_km / step_ - 0.5))
                            : std::lower_bound(k_.begin(), k_.end(), limit.end_per_km) - k_.begin();
  limit.n_used = std::clamp<Eigen::Index>(n, 1, k_.size());
  return limit;
}

double WavenumberGrid::weight(Eigen::Index j, const Limit& limit) const {
  if (k_[j] <= limit.fade_begin_per_km || settings_.rule == WavenumberRule::fk) return weights_[j];
  const double t = (k_[j] - limit.fade_begin_per_km) / (limit.end_per_km - limit.fade_begin_per_km);
  return weights_[j] * 0.5 * std::erfc(fade_steepness * (2.0 * t - 1.0));
}

}  // namespace propagator
