#include "propagator/greens_settings.h"

#include <fmt/format.h>
#include <omp.h>

#include <cmath>
#include <stdexcept>

namespace propagator {

std::span<const PointSource> point_sources(Excitation excitation) {
  static constexpr PointSource moment[] = {PointSource::strike_slip, PointSource::dip_slip, PointSource::dip_slip_45,
                                           PointSource::explosion};
  static constexpr PointSource force[] = {PointSource::horizontal_force, PointSource::vertical_force};
  if (excitation == Excitation::single_force) return force;
  return std::span<const PointSource>(moment).first(excitation == Excitation::double_couple ? 3 : 4);
}

int threads_of(const GreensSettings& s) { return s.n_threads > 0 ? s.n_threads : omp_get_max_threads(); }

void check_request(const GreensRequest& asked) {
  const auto require = [&asked](bool good, const char* name, double value, const char* expected) {
    if (!good) {
      throw std::invalid_argument(fmt::format("{}: {} = {}: expected {}", asked.function, name, value, expected));
    }
  };
  const GreensSettings& s = asked.settings;
  require(!asked.source_depths_km.empty(), "number of source depths", 0.0, "at least one");
  require(!asked.distances_km.empty(), "number of distances", 0.0, "at least one");
  for (const double h : asked.source_depths_km) require(h >= 0.0 && h <= 1e4, "source depth (km)", h, "0 to 10000");
  for (const double x : asked.distances_km) require(x >= 1e-3 && x <= 1e5, "distance (km)", x, "0.001 to 100000");
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

}  // namespace propagator
