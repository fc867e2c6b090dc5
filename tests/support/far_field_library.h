// A Green's library whose seismograms can be written down: the far field of a point source in a homogeneous whole space.
//
// In the direction gamma = (sin i cos phi, sin i sin phi, cos i) (north, east, down; i from straight down) the P wave moves the
// ground along gamma by gamma' M gamma, the SH wave along t = (-sin phi, cos phi, 0) by t' M gamma. Written in the
// fundamental series of propagator/radiation.h (trace of M zero), with a pulse f for P and g for SH and Z up:
//
//   ZSS = sin^2 i cos i f        RSS = -sin^3 i f             TSS = sin i g
//   ZDS = sin 2i cos i f         RDS = -sin 2i sin i f        TDS = cos i g                                    (1)
//   ZDD = -(2 cos^2 i - sin^2 i) cos i f                      RDD = (2 cos^2 i - sin^2 i) sin i f
//
// The ray is straight: tan(pi - i) = distance / depth. f begins at the P time, distance from the source / 6 km/s; amplitudes fall
// with the distance from the source.
#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "data/greens_library.h"

namespace support {

inline double hypocentral_km(double depth_km, double distance_km) { return std::hypot(depth_km, distance_km); }
inline double far_field_p_s(double depth_km, double distance_km) { return hypocentral_km(depth_km, distance_km) / 6.0; }

// f (wave = 0) and g (wave = 1) at the time t after P: smooth pulses of 12 and 9 s.
inline double pulse(int wave, double t_s) {
  const double length_s = wave == 0 ? 12.0 : 9.0;
  const double begin_s = wave == 0 ? 0.0 : 6.0;
  const double x = (t_s - begin_s) / length_s;
  return x <= 0.0 || x >= 1.0 ? 0.0
                              : std::pow(std::sin(std::numbers::pi * x), 3) * std::sin(4.0 * std::numbers::pi * x);
}

inline propagator::GreensFunctions far_field(double depth_km, double distance_km,
                                             const propagator::GreensSettings& settings) {
  using propagator::Fundamental;
  const double i = std::numbers::pi - std::atan2(distance_km, depth_km);
  const double sin_i = std::sin(i), cos_i = std::cos(i);
  const double dd = 2.0 * cos_i * cos_i - sin_i * sin_i;
  const double size = 1e-18 / hypocentral_km(depth_km, distance_km);
  propagator::GreensFunctions g{depth_km, distance_km, settings.dt_s, settings.first_sample_s,
                                Eigen::ArrayXXd::Zero(settings.n_samples, propagator::n_fundamentals)};
  for (int n = 0; n < settings.n_samples; ++n) {
    const double t_s = settings.first_sample_s + n * settings.dt_s - far_field_p_s(depth_km, distance_km);
    const double f = size * pulse(0, t_s);
    const double s = size * pulse(1, t_s);
    const auto set = [&](Fundamental column, double value) { g.series(n, static_cast<int>(column)) = value; };
    set(Fundamental::ZSS, sin_i * sin_i * cos_i * f);
    set(Fundamental::RSS, -sin_i * sin_i * sin_i * f);
    set(Fundamental::TSS, sin_i * s);
    set(Fundamental::ZDS, 2.0 * sin_i * cos_i * cos_i * f);
    set(Fundamental::RDS, -2.0 * sin_i * cos_i * sin_i * f);
    set(Fundamental::TDS, cos_i * s);
    set(Fundamental::ZDD, -dd * cos_i * f);
    set(Fundamental::RDD, dd * sin_i * f);  // (1)
  }
  return g;
}

// The settings of a small library: 0.5 s native, the standard chain, shifts up to 9 s.
inline data::GreensLibrarySettings far_field_settings() {
  data::GreensLibrarySettings settings;
  settings.greens.n_samples = 400;
  settings.greens.dt_s = 0.5;
  return settings;
}

inline data::GreensLibrary::Source far_field_source(const propagator::GreensSettings& settings) {
  return {[settings](const std::vector<double>& depths_km, const std::vector<double>& distances_km,
                     const data::GreensLibrary::Progress&) {
            std::vector<propagator::GreensFunctions> all;
            for (const double depth_km : depths_km) {
              for (const double distance_km : distances_km) all.push_back(far_field(depth_km, distance_km, settings));
            }
            return all;
          },
          far_field_p_s};
}

inline propagator::LayeredModel half_space() { return propagator::LayeredModel({{0.0, 6.0, 3.46, 2.7, 600.0, 300.0}}); }

inline data::GreensLibrary far_field_library(const std::vector<data::Station>& stations,
                                             const std::vector<data::Place>& places,
                                             const data::GreensLibrarySettings& settings = far_field_settings()) {
  return data::GreensLibrary::assemble(half_space(), stations, places, settings, far_field_source(settings.greens));
}

// n stations around the point (latitude, longitude), at distances growing from 20 to 120 km.
inline std::vector<data::Station> ring_of_stations(int n, double latitude_deg, double longitude_deg) {
  std::vector<data::Station> stations;
  for (int s = 0; s < n; ++s) {
    const double azimuth = 2.0 * std::numbers::pi * (s + 0.3) / n;
    const double degrees = (20.0 + 100.0 * s / n) / 111.2;
    stations.push_back({"XX", std::string("S").append(std::to_string(s)), latitude_deg + degrees * std::cos(azimuth),
                        longitude_deg + degrees * std::sin(azimuth) / std::cos(latitude_deg * std::numbers::pi / 180.0),
                        0.0});
  }
  return stations;
}

// A small library: windows of 24 samples.
inline data::GreensLibrarySettings small_library_settings() {
  data::GreensLibrarySettings settings = far_field_settings();
  settings.greens.n_samples = 120;
  settings.preprocess.n_samples = 24;
  settings.margin = 2;
  return settings;
}

// Its three stations and four places.
inline const std::vector<data::Station> some_stations = ring_of_stations(3, 35.8, -117.6);
inline const std::vector<data::Place> some_places = {
    {35.7, -117.6, 5.0}, {35.7, -117.6, 12.0}, {35.9, -117.5, 5.0}, {35.9, -117.5, 12.0}};

}  // namespace support
