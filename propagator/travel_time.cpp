#include "propagator/travel_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace propagator {

namespace {

struct Segment {
  double thickness_km, velocity_km_s;
};

// The parts of the layers between two depths, from top to bottom.
std::vector<Segment> segments_between(const LayeredModel& model, double Layer::*velocity, double upper_km,
                                      double lower_km) {
  std::vector<Segment> segments;
  for (int i = 0; i < model.n_layers(); ++i) {
    const Layer& layer = model.layers()[static_cast<std::size_t>(i)];
    const double top_km = model.top_km(i);
    const double bottom_km = i + 1 < model.n_layers() ? model.top_km(i + 1) : std::numeric_limits<double>::infinity();
    const double thickness_km = std::min(bottom_km, lower_km) - std::max(top_km, upper_km);
    if (thickness_km > 0.0) segments.push_back({thickness_km, layer.*velocity});
  }
  return segments;
}

double largest_velocity(const std::vector<Segment>& segments) {
  double largest = 0.0;
  for (const Segment& segment : segments) largest = std::max(largest, segment.velocity_km_s);
  return largest;
}

double direct_time_s(const std::vector<Segment>& segments, double surface_velocity_km_s, double distance_km) {
  if (segments.empty()) return distance_km / surface_velocity_km_s;
  const double v_m = largest_velocity(segments);
  double t = 0.0;
  for (int iteration = 0; iteration < 200; ++iteration) {
    double X = 0.0, slope = 0.0;
    for (const auto& [d, v] : segments) {
      const double r = v / v_m;
      const double square = 1.0 + (1.0 - r) * (1.0 + r) * t * t;
      X += d * r * t / std::sqrt(square);             // (2)
      slope += d * r / (square * std::sqrt(square));  // (4)
    }
    const double step = (distance_km - X) / slope;
    if (!(step > 1e-15 * t)) break;  // the climb has ended, but for rounding
    t += step;
  }
  double T = 0.0;
  for (const auto& [d, v] : segments) {
    const double r = v / v_m;
    T += d * std::sqrt(1.0 + t * t) / (v * std::sqrt(1.0 + (1.0 - r) * (1.0 + r) * t * t));  // (3)
  }
  return T;
}

// Infinite where there is no such wave.
double head_wave_time_s(const std::vector<Segment>& legs, double refractor_velocity_km_s, double distance_km) {
  if (refractor_velocity_km_s <= largest_velocity(legs)) return std::numeric_limits<double>::infinity();
  const double p = 1.0 / refractor_velocity_km_s;
  double critical_km = 0.0, T = p * distance_km;
  for (const auto& [d, v] : legs) {
    const double sin_theta = p * v;
    const double cos_theta = std::sqrt((1.0 - sin_theta) * (1.0 + sin_theta));
    critical_km += d * sin_theta / cos_theta;  // (1)
    T += d * cos_theta / v;                    // (1)
  }
  return distance_km >= critical_km ? T : std::numeric_limits<double>::infinity();
}

FirstArrival first_arrival(const char* function, const LayeredModel& model, double Layer::*velocity,
                           double source_depth_km, double distance_km) {
  const auto refuse_unless_positive = [&](const char* argument, double value) {
    if (!(value >= 0.0 && std::isfinite(value))) {
      throw std::invalid_argument(fmt::format("{}: {} = {}: must be finite and >= 0", function, argument, value));
    }
  };
  refuse_unless_positive("source_depth_km", source_depth_km);
  refuse_unless_positive("distance_km", distance_km);
  const std::vector<Segment> way_up = segments_between(model, velocity, 0.0, source_depth_km);
  FirstArrival first{direct_time_s(way_up, model.layers().front().*velocity, distance_km), -1};
  for (int k = 1; k < model.n_layers(); ++k) {
    const double top_km = model.top_km(k);
    if (top_km < source_depth_km) continue;
    std::vector<Segment> legs = segments_between(model, velocity, 0.0, top_km);
    const std::vector<Segment> way_down = segments_between(model, velocity, source_depth_km, top_km);
    legs.insert(legs.end(), way_down.begin(), way_down.end());
    const double time_s = head_wave_time_s(legs, model.layers()[static_cast<std::size_t>(k)].*velocity, distance_km);
    if (time_s < first.time_s) first = {time_s, k};
  }
  return first;
}

}  // namespace

FirstArrival first_p(const LayeredModel& model, double source_depth_km, double distance_km) {
  return first_arrival("first_p", model, &Layer::vp_km_s, source_depth_km, distance_km);
}

FirstArrival first_s(const LayeredModel& model, double source_depth_km, double distance_km) {
  return first_arrival("first_s", model, &Layer::vs_km_s, source_depth_km, distance_km);
}

}  // namespace propagator
