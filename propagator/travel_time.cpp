#include "propagator/travel_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
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

constexpr double degrees = 180.0 / std::numbers::pi;

// segments: from the shallower end to the deeper one.
FirstArrival direct_wave(const std::vector<Segment>& segments, bool goes_up, double distance_km) {
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
  const double r = (goes_up ? segments.back() : segments.front()).velocity_km_s / v_m;  // at the source
  const double from_vertical_deg = std::atan(r * t / std::sqrt(1.0 + (1.0 - r) * (1.0 + r) * t * t)) * degrees;
  return {T, -1, goes_up ? 180.0 - from_vertical_deg : from_vertical_deg};  // (5)
}

// Between two points of one depth.
FirstArrival level_wave(const LayeredModel& model, double Layer::*velocity, double depth_km, double distance_km) {
  double fastest = 0.0;
  for (const InterfaceSide side : {InterfaceSide::above, InterfaceSide::below}) {
    const auto layer = static_cast<std::size_t>(model.layer_at(depth_km, side));
    fastest = std::max(fastest, model.layers()[layer].*velocity);
  }
  return {distance_km / fastest, -1, 90.0};
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
                           double source_depth_km, double distance_km, double receiver_depth_km) {
  const auto refuse_unless_positive = [&](const char* argument, double value) {
    if (!(value >= 0.0 && std::isfinite(value))) {
      throw std::invalid_argument(fmt::format("{}: {} = {}: must be finite and >= 0", function, argument, value));
    }
  };
  refuse_unless_positive("source_depth_km", source_depth_km);
  refuse_unless_positive("distance_km", distance_km);
  refuse_unless_positive("receiver_depth_km", receiver_depth_km);
  const double upper_km = std::min(source_depth_km, receiver_depth_km);
  const double lower_km = std::max(source_depth_km, receiver_depth_km);
  const std::vector<Segment> between = segments_between(model, velocity, upper_km, lower_km);
  FirstArrival first = between.empty() ? level_wave(model, velocity, lower_km, distance_km)
                                       : direct_wave(between, source_depth_km > receiver_depth_km, distance_km);
  for (int k = 1; k < model.n_layers(); ++k) {
    const double top_km = model.top_km(k);
    if (top_km < lower_km) continue;
    std::vector<Segment> legs = segments_between(model, velocity, upper_km, top_km);
    const std::vector<Segment> of_deeper = segments_between(model, velocity, lower_km, top_km);
    const std::vector<Segment> of_source = source_depth_km == lower_km ? of_deeper : legs;
    legs.insert(legs.end(), of_deeper.begin(), of_deeper.end());
    const double v_k = model.layers()[static_cast<std::size_t>(k)].*velocity;
    const double time_s = head_wave_time_s(legs, v_k, distance_km);
    if (!(time_s < first.time_s)) continue;
    const double sin_i = of_source.empty() ? 1.0 : of_source.front().velocity_km_s / v_k;
    first = {time_s, k, std::asin(sin_i) * degrees};  // (5)
  }
  return first;
}

}  // namespace

FirstArrival first_p(const LayeredModel& model, double source_depth_km, double distance_km, double receiver_depth_km) {
  return first_arrival("first_p", model, &Layer::vp_km_s, source_depth_km, distance_km, receiver_depth_km);
}

FirstArrival first_s(const LayeredModel& model, double source_depth_km, double distance_km, double receiver_depth_km) {
  return first_arrival("first_s", model, &Layer::vs_km_s, source_depth_km, distance_km, receiver_depth_km);
}

}  // namespace propagator
