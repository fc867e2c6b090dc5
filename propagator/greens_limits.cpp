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
constexpr double most_decay_of_s_over_p = 350.0;      // (2)
constexpr double most_decay_on_the_way = 690.0;       // (3)
constexpr double most_amplification_exponent = 36.0;  // (4)

double in_hz(double omega_rad_s) { return omega_rad_s / (2.0 * std::numbers::pi); }

void refuse_low_quality(const char* function, std::size_t layer, const char* field, double quality, double lowest_hz) {
  const double velocity = 1.0 + std::log(lowest_hz) / (std::numbers::pi * quality);  // (1)
  if (!(velocity >= least_velocity)) {
    throw std::invalid_argument(fmt::format(
        "{}: layer {}: {} = {}: at {:.4g} Hz, the lowest frequency of the damped window, the velocity falls "
        "to {:.2g} of that at 1 Hz: expected at least {}; take a larger Q, a shorter window or a higher "
        "min_frequency_hz",
        function, layer, field, quality, lowest_hz, velocity, least_velocity));
  }
}

}  // namespace

void refuse_lost_velocities(const char* function, const LayeredModel& model, AttenuationLaw law,
                            std::complex<double> lowest, std::complex<double> highest) {
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const Layer& layer = model.layers()[i];
    refuse_low_quality(function, i + 1, "q_p", layer.q_p, in_hz(std::abs(lowest)));
    refuse_low_quality(function, i + 1, "q_s", layer.q_s, in_hz(std::abs(lowest)));
    for (const std::complex<double> omega : {lowest, highest}) {
      if (!(medium_at(layer, law, omega).xi.real() < 1.0)) {
        throw std::invalid_argument(fmt::format(
            "{}: layer {}: with q_p = {} and q_s = {} P is no faster than S at {:.4g} Hz: expected faster; take a larger "
            "Qp",
            function, i + 1, layer.q_p, layer.q_s, in_hz(std::abs(omega))));
      }
    }
  }
}

namespace {

// b - a for each km of a layer. At wavenumber k S decays as Im k_beta / sqrt(1 - (k / k_beta)^2), P at least as Im k_alpha; for
// k > k_alpha P decays faster than S.
std::vector<double> decays_of_s_over_p(const LayeredModel& model, AttenuationLaw law, std::complex<double> omega) {
  std::vector<double> decays;
  for (const Layer& layer : model.layers()) {
    const Medium medium = medium_at(layer, law, omega);
    const double of_s = std::abs(std::sqrt(medium.k_beta2).imag()) / std::sqrt(1.0 - medium.xi.real());
    decays.push_back(of_s - std::abs(std::sqrt(medium.k_alpha2).imag()));
  }
  return decays;
}

void refuse_lost_in(const char* function, const HalfStack& half, const std::vector<double>& decays, double highest_hz) {
  const auto lost_in = [&](std::size_t i) {
    return std::max(0.0, half.thickness_km[i] * decays[static_cast<std::size_t>(half.layer[i])]);
  };
  for (std::size_t i = 0; i < half.n_finite(); ++i) {
    if (!(lost_in(i) <= most_decay_of_s_over_p)) {  // (2)
      throw std::invalid_argument(fmt::format(
          "{}: layer {} weakens S by exp({:.0f}) more than P at {:.4g} Hz: expected at most exp({:.0f}); take "
          "a lower highest frequency, a thinner layer or a larger Qs",
          function, half.layer[i] + 1, lost_in(i), highest_hz, most_decay_of_s_over_p));
    }
  }
  if (half.sources.empty()) return;
  double lost = 0.0, way_km = 0.0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(half.sources.back().position); ++i) {
    lost += lost_in(i);
    way_km += half.thickness_km[i];
  }
  if (!(lost <= most_decay_on_the_way)) {  // (3)
    throw std::invalid_argument(fmt::format(
        "{}: the layers between the receiver and the farthest source, {:.6g} km, together weaken S by "
        "exp({:.0f}) more than P at {:.4g} Hz: expected at most exp({:.0f}); take a lower highest frequency, a "
        "nearer source or a larger Qs",
        function, way_km, lost, highest_hz, most_decay_on_the_way));
  }
}

}  // namespace

void refuse_lost_shear_waves(const char* function, const LayeredModel& model, const LayerStack& stack,
                             AttenuationLaw law, std::complex<double> highest) {
  const std::vector<double> decays = decays_of_s_over_p(model, law, highest);
  refuse_lost_in(function, stack.below, decays, in_hz(highest.real()));
  refuse_lost_in(function, stack.above, decays, in_hz(highest.real()));
}

void refuse_late_window(const LayeredModel& model, const std::vector<double>& source_depths_km,
                        const std::vector<double>& distances_km, const TimeWindow& window,
                        const GreensSettings& settings) {
  const bool has_offset = settings.source_time == SourceTime::step && window.first_frequency == 0;
  const double offset_ends_s = window.first_sample_s + (window.n_offset() - 1) * settings.dt_s;
  const double nearest_km = *std::min_element(distances_km.begin(), distances_km.end());
  for (const double depth_km : source_depths_km) {
    const double p_s = first_p(model, depth_km, nearest_km, settings.receiver_depth_km).time_s;
    if (has_offset && !(offset_ends_s < p_s)) {
      throw std::invalid_argument(fmt::format(
          "compute_greens_functions: first_sample_s = {}: the offset of the step is taken from samples up to {:.6g} s: "
          "expected before P, which comes after {:.6g} s from {} km depth to {} km distance; take an earlier first "
          "sample or more lead_samples",
          settings.first_sample_s, offset_ends_s, p_s, depth_km, nearest_km));
    }
    if (!(window.first_sample_s - window.length_s < p_s)) {
      throw std::invalid_argument(fmt::format(
          "compute_greens_functions: first_sample_s = {}: P comes after {:.6g} s from {} km depth to {} km distance, more "
          "than a window of {:.6g} s before it begins: expected less; take an earlier first sample or a longer window_s",
          settings.first_sample_s, p_s, depth_km, nearest_km, window.length_s));
    }
  }
}

void refuse_lost_digits(const TimeWindow& window, const GreensSettings& settings) {
  const double last_s = settings.first_sample_s + (settings.n_samples - 1) * settings.dt_s;
  const double exponent = window.sigma_rad_s * last_s;
  if (!(exponent <= most_amplification_exponent)) {  // (4)
    throw std::invalid_argument(fmt::format(
        "compute_greens_functions: first_sample_s = {}: the last sample and its rounding errors are multiplied by "
        "exp({:.0f}): expected at most exp({:.0f}); take a longer window_s or less damping",
        settings.first_sample_s, exponent, most_amplification_exponent));
  }
}

}  // namespace propagator
