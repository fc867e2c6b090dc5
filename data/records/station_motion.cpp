#include "data/records/station_motion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "propagator/errors.h"

namespace data {
namespace {

constexpr double margin_s = 600.0;  // step 4
constexpr double largest_padding_s = 2000.0;

// Step 4: two periods of the lowest corner, over which the response removal smears its output.
double padding_s(const MotionRequest& request) {
  return std::min(2.0 / request.response.corners_hz[0], largest_padding_s);
}

struct Window {
  std::int64_t from_ns, to_ns;
};

// What filter_and_cut needs of a record sampled at dt_s.
Window window_of(double dt_s, const MotionRequest& request) {
  const TimeSpan span = required_span(dt_s, 0.0, request.preprocess);
  return {request.p_ns + std::llround(span.first_s * 1e9), request.p_ns + std::llround(span.last_s * 1e9)};
}

// One channel on its way to ground motion.
struct Component {
  Trace trace;
  Orientation orientation;
  std::string fault;
};

// The segment that holds the window at its own rate; none where that lies in no single one.
const Trace* segment_holding(const Segments& segments, const MotionRequest& request) {
  for (const Trace& trace : segments.traces) {
    const Window window = window_of(trace.dt_s, request);
    if (trace.start_ns <= window.from_ns && end_ns(trace) >= window.to_ns) return &trace;
  }
  return nullptr;
}

// At most margin_s on both sides of the window.
Trace cut_to_margin(const Trace& trace, const Window& window) {
  const auto index = [&](std::int64_t time_ns, double offset_s) {
    const double seconds = seconds_between(trace.start_ns, time_ns) + offset_s;
    return std::clamp<Eigen::Index>(static_cast<Eigen::Index>(std::llround(seconds / trace.dt_s)), 0,
                                    trace.samples.size());
  };
  const Eigen::Index first = index(window.from_ns, -margin_s), end = index(window.to_ns, margin_s);
  Trace part = trace;
  part.start_ns = sample_time_ns(trace, static_cast<double>(first));
  part.samples = trace.samples.segment(first, end - first).eval();
  return part;
}

// Steps 1 and 2 for one channel. A fault is told, not thrown.
Component sound_segment(const std::string& channel, const ChannelRecords& records, const MotionRequest& request,
                        std::vector<std::string>& notes) {
  Component component;
  const Segments segments = join_by_time(records.records);
  if (segments.traces.empty()) {
    component.fault = "too short: no samples";
    return component;
  }
  for (const Overlap& overlap : segments.overlaps) {
    if (!overlap.conflicting) notes.push_back(channel + ": some records are given twice with equal values");
  }
  const Window window = window_of(segments.traces.front().dt_s, request);
  component.fault = fault_in_coverage(segments, window.from_ns, window.to_ns);
  if (!component.fault.empty()) {
    // A record that is clipped besides being short or gappy is told as clipped: that is what its user must know first.
    for (const Trace& trace : segments.traces) {
      const std::string fault = fault_in_samples(trace, request.quality);
      if (fault.starts_with("clipped")) component.fault = fault;
    }
    return component;
  }
  const Trace* segment = segment_holding(segments, request);
  if (segment == nullptr) {
    component.fault = "gap: the window lies in no single segment";
    return component;
  }
  component.trace = cut_to_margin(*segment, window_of(segment->dt_s, request));
  component.fault = fault_in_samples(component.trace, request.quality);
  return component;
}

Orientation direction_of(const ChannelRecords& records, const Trace& trace, const std::vector<ChannelEpoch>& epochs) {
  if (!records.orientations.empty()) return records.orientations.front();
  return epoch_covering(epochs, trace).orientation;
}

// Samples that certainly precede the arrival: up to 2 s before P.
Eigen::Index samples_before_p(const Trace& trace, std::int64_t p_ns) {
  const double quiet_s = seconds_between(trace.start_ns, p_ns) - 2.0;
  return std::clamp<Eigen::Index>(static_cast<Eigen::Index>(quiet_s / trace.dt_s), 0, trace.samples.size());
}

// Steps 3 and 4 for one channel. Throws propagator::InputError (metadata) and std::runtime_error with the fault.
void to_ground_motion(Component& component, const ChannelRecords& records, const std::vector<ChannelEpoch>& epochs,
                      const MotionRequest& request, std::vector<std::string>& notes) {
  Trace& trace = component.trace;
  double declared_rate_hz = 0.0;
  InstrumentResponse response;
  response.input = trace.quantity;
  if (trace.quantity == Quantity::counts) {
    const ChannelEpoch& epoch = epoch_covering(epochs, trace);
    response = response_of(epoch);
    declared_rate_hz = epoch.sample_rate_hz;
    component.orientation = epoch.orientation;
  } else {
    component.orientation = direction_of(records, trace, epochs);
  }
  const std::string fault = fault_in_rate(trace.dt_s, declared_rate_hz, request.preprocess);
  if (!fault.empty()) throw std::runtime_error(fault);
  const std::string warning = orientation_warning(trace.channel, component.orientation);
  if (!warning.empty()) notes.push_back(trace.network + "." + trace.station + ": " + warning);
  ResponseSettings settings = request.response;
  settings.padding_s = padding_s(request);
  const auto n_quiet = samples_before_p(trace, request.p_ns);
  const double shortest_quiet_s = 1.0 / request.preprocess.high_hz;
  if (static_cast<double>(n_quiet) * trace.dt_s >= shortest_quiet_s) settings.n_mean = n_quiet;
  trace = remove_response(trace, response, request.quantity, settings);
}

// Step 5. Throws std::runtime_error with the fault.
void rotate(const std::array<Component, 3>& components, StationMotion& motion) {
  motion.dt_s = components[0].trace.dt_s;
  motion.start_ns = components[0].trace.start_ns;
  for (const Component& component : components) {
    if (std::abs(component.trace.dt_s - motion.dt_s) > 1e-4 * motion.dt_s) {
      throw std::runtime_error("wrong rate: the three channels have different sampling rates");
    }
    motion.start_ns = std::max(motion.start_ns, component.trace.start_ns);
  }
  std::array<Eigen::Index, 3> first{};
  Eigen::Index n = std::numeric_limits<Eigen::Index>::max();
  for (std::size_t i = 0; i < 3; ++i) {
    const Trace& trace = components[i].trace;
    const double late_s = seconds_between(trace.start_ns, motion.start_ns);
    first[i] = static_cast<Eigen::Index>(std::llround(late_s / motion.dt_s));
    n = std::min(n, trace.samples.size() - first[i]);
  }
  std::array<Eigen::ArrayXd, 3> series;
  std::array<Orientation, 3> orientations;
  for (std::size_t i = 0; i < 3; ++i) {
    series[i] = components[i].trace.samples.segment(first[i], n);
    orientations[i] = components[i].orientation;
  }
  motion.enz = enz_from_components(series, orientations);
}

// Step 6 for one channel.
double channel_snr(const Trace& trace, const MotionRequest& request) {
  const double record_s = trace.dt_s * static_cast<double>(trace.samples.size()) - 2.0 * padding_s(request);
  const double quiet_from_s = padding_s(request) + 0.5 * request.response.taper_share * record_s;
  const double p_s = seconds_between(trace.start_ns, request.p_ns);
  const PreprocessSettings& settings = request.preprocess;
  const double end_s = p_s - settings.before_p_s + settings.dt_s * (settings.n_samples - 1);
  return signal_to_noise(trace.samples, trace.dt_s, quiet_from_s, p_s, end_s, settings);
}

// Returns "" or what is wrong with the signal-to-noise ratios.
std::string fault_in_noise(const std::vector<ChannelVerdict>& channels, double min_snr) {
  double best = -1.0;
  for (const ChannelVerdict& verdict : channels) {
    if (std::isnan(verdict.snr)) return "";
    best = std::max(best, verdict.snr);
  }
  return best >= min_snr
             ? ""
             : fmt::format("noisy: signal to noise {:.1f} on the best channel, must be {:g}", best, min_snr);
}

}  // namespace

StationMotion station_motion(const std::map<std::string, ChannelRecords>& channels,
                             const std::vector<ChannelEpoch>& epochs, const MotionRequest& request) {
  StationMotion motion;
  std::vector<Component> components;
  for (const auto& entry : channels) {
    components.push_back(sound_segment(entry.first, entry.second, request, motion.notes));
    motion.channels.push_back({entry.first, components.back().fault, std::numeric_limits<double>::quiet_NaN()});
  }
  const auto is_good = [](const ChannelVerdict& verdict) { return verdict.fault.empty(); };
  const auto fail_all = [&](const std::string& fault) {
    for (ChannelVerdict& verdict : motion.channels) verdict.fault = fault;
  };
  if (!std::all_of(motion.channels.begin(), motion.channels.end(), is_good)) return motion;
  if (components.size() != 3) {
    fail_all(fmt::format("incomplete: {} of three components", components.size()));
    return motion;
  }
  std::size_t i = 0;
  for (const auto& entry : channels) {
    try {
      to_ground_motion(components[i], entry.second, epochs, request, motion.notes);
      motion.channels[i].snr = channel_snr(components[i].trace, request);
    } catch (const std::runtime_error& error) {
      motion.channels[i].fault = error.what();
    }
    ++i;
  }
  if (!std::all_of(motion.channels.begin(), motion.channels.end(), is_good)) return motion;
  const std::string noise = fault_in_noise(motion.channels, request.quality.min_snr);
  if (!noise.empty()) {
    fail_all(noise);
    return motion;
  }
  try {
    rotate({components[0], components[1], components[2]}, motion);
    motion.usable = true;
  } catch (const std::runtime_error& error) {
    fail_all(error.what());
  }
  return motion;
}

}  // namespace data
