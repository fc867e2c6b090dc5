#include "propagator/greens_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "propagator/travel_time.h"

namespace propagator {

namespace {

constexpr double least_velocity = 0.4;
constexpr double most_decay_of_s_over_p = 350.0;

double in_hz(double omega_rad_s) { return omega_rad_s / (2.0 * std::numbers::pi); }

void refuse_low_quality(std::size_t layer, const char* field, double quality, double lowest_hz) {
  const double velocity = 1.0 + std::log(lowest_hz) / (std::numbers::pi * quality);  // (1)
  if (!(velocity >= least_velocity)) {
    throw std::invalid_argument(
        fmt::format("compute_greens_functions: layer {}: {} = {}: at {:.4g} Hz, the lowest frequency of the damped "
                    "window, the velocity falls to {:.2g} of that at 1 Hz: expected at least {}; take a larger Q, a "
                    "shorter window or a higher min_frequency_hz",
                    layer, field, quality, lowest_hz, velocity, least_velocity));
  }
}

// The part of the model below a depth.
LayeredModel below(const LayeredModel& model, double depth_km) {
  const int first = model.layer_at(depth_km);
  std::vector<Layer> layers(model.layers().begin() + first, model.layers().end());
  if (layers.size() > 1) layers.front().thickness_km = model.top_km(first + 1) - depth_km;
  return LayeredModel(layers);
}

}  // namespace

void refuse_lost_velocities(const LayeredModel& model, AttenuationLaw law, std::complex<double> lowest,
                            std::complex<double> highest) {
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const Layer& layer = model.layers()[i];
    refuse_low_quality(i + 1, "q_p", layer.q_p, in_hz(std::abs(lowest)));
    refuse_low_quality(i + 1, "q_s", layer.q_s, in_hz(std::abs(lowest)));
    for (const std::complex<double> omega : {lowest, highest}) {
      if (!(medium_at(layer, law, omega).xi.real() < 1.0)) {
        throw std::invalid_argument(fmt::format(
            "compute_greens_functions: layer {}: with q_p = {} and q_s = {} P is no faster than S at {:.4g} "
            "Hz: expected faster; take a larger Qp",
            i + 1, layer.q_p, layer.q_s, in_hz(std::abs(omega))));
      }
    }
  }
}

// At wavenumber k S decays as Im k_beta / sqrt(1 - (k / k_beta)^2), P at least as Im k_alpha; for k > k_alpha P decays faster
// than S.
void refuse_lost_shear_waves(const LayeredModel& model, AttenuationLaw law, std::complex<double> highest) {
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const Layer& layer = model.layers()[i];
    const Medium medium = medium_at(layer, law, highest);
    const double of_s = std::abs(std::sqrt(medium.k_beta2).imag()) / std::sqrt(1.0 - medium.xi.real());
    const double of_p = std::abs(std::sqrt(medium.k_alpha2).imag());
    const double lost = layer.thickness_km * (of_s - of_p);
    if (!(lost <= most_decay_of_s_over_p)) {
      throw std::invalid_argument(fmt::format(
          "compute_greens_functions: layer {} weakens S by exp({:.0f}) more than P at {:.4g} Hz: expected at most "
          "exp({:.0f}); take a lower highest frequency, a thinner layer or a larger Qs",
          i + 1, lost, in_hz(highest.real()), most_decay_of_s_over_p));
    }
  }
}

void refuse_late_window(const LayeredModel& model, const std::vector<double>& source_depths_km,
                        const std::vector<double>& distances_km, const TimeWindow& window,
                        const GreensSettings& settings) {
  if (settings.source_time != SourceTime::step || window.first_frequency > 0) return;
  const double last_s = window.first_sample_s + (window.n_offset() - 1) * settings.dt_s;
  const double nearest_km = *std::min_element(distances_km.begin(), distances_km.end());
  for (const double depth_km : source_depths_km) {
    const double shallower_km = std::min(depth_km, settings.receiver_depth_km);
    const double deeper_km = std::max(depth_km, settings.receiver_depth_km);
    const double p_s = first_p(below(model, shallower_km), deeper_km - shallower_km, nearest_km).time_s;
    if (!(last_s < p_s)) {
      throw std::invalid_argument(fmt::format(
          "compute_greens_functions: first_sample_s = {}: the offset of the step is taken from samples up to {:.6g} s: "
          "expected before P, which comes after {:.6g} s from {} km depth to {} km distance; take an earlier first "
          "sample or more lead_samples",
          settings.first_sample_s, last_s, p_s, depth_km, nearest_km));
    }
  }
}

}  // namespace propagator
