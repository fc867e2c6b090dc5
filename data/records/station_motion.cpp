#include "data/records/station_motion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "data/butterworth.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr double margin_before_s = 600.0, shortest_margin_behind_s = 30.0, longest_margin_behind_s = 2000.0;  // step 1
constexpr double largest_padding_s = 2000.0;
constexpr double same_direction_deg = 0.1;

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
  const std::int64_t at_ns = aligned_ns(request);
  return {at_ns + std::llround(span.first_s * 1e9), at_ns + std::llround(span.last_s * 1e9)};
}

// Step 1: what is kept behind the window's span.
double margin_behind_s(double dt_s, const PreprocessSettings& preprocess) {
  // A record too coarse for the band has no such filter; its fault is told in step 3.
  if (preprocess.phase == FilterPhase::one_way || !is_sampled_finely(dt_s, preprocess.high_hz)) {
    return shortest_margin_behind_s;
  }
  const Sections sections = butterworth_bandpass(preprocess.order, preprocess.low_hz, preprocess.high_hz, dt_s);
  return std::clamp(settling_time_s(sections, dt_s, 1e-3), shortest_margin_behind_s, longest_margin_behind_s);
}

// One channel on its way to ground motion.
struct Component {
  Trace trace;
  Orientation orientation;
  std::string fault;
  double quiet_from_s = 0.0;  // end of the taper, s after the first sample of the ground motion
};

// The segment that holds the window at its own rate; none where that lies in no single one.
const Trace* segment_holding(const Segments& segments, const MotionRequest& request) {
  for (const Trace& trace : segments.traces) {
    const Window window = window_of(trace.dt_s, request);
    if (trace.start_ns <= window.from_ns && end_ns(trace) >= window.to_ns) return &trace;
  }
  return nullptr;
}

// At most the margins on both sides of the window.
Trace cut_to_margin(const Trace& trace, const MotionRequest& request) {
  const Window window = window_of(trace.dt_s, request);
  const auto index = [&](std::int64_t time_ns, double offset_s) {
    const double seconds = seconds_between(trace.start_ns, time_ns) + offset_s;
    return std::clamp<Eigen::Index>(static_cast<Eigen::Index>(std::llround(seconds / trace.dt_s)), 0,
                                    trace.samples.size());
  };
  const Eigen::Index first = index(window.from_ns, -margin_before_s);
  const Eigen::Index end = index(window.to_ns, margin_behind_s(trace.dt_s, request.preprocess));
  Trace part = trace;
  part.start_ns = sample_time_ns(trace, static_cast<double>(first));
  part.samples = trace.samples.segment(first, std::max<Eigen::Index>(0, end - first)).eval();
  return part;
}

// What is wrong with the records of a channel before they are joined.
std::string fault_in_records(const ChannelRecords& channel) {
  for (const Trace& record : channel.records) {
    if (record.quantity == channel.records.front().quantity) continue;
    return fmt::format("mixed units: records in {} beside records in {}", unit_name(channel.records.front().quantity),
                       unit_name(record.quantity));
  }
  for (const Orientation& o : channel.orientations) {
    const Orientation& first = channel.orientations.front();
    if (angle_between_deg(o, first) <= same_direction_deg) continue;
    return fmt::format("contradictory: SAC files point to azimuth {:g}, dip {:g} and to azimuth {:g}, dip {:g}",
                       first.azimuth_deg, first.dip_deg, o.azimuth_deg, o.dip_deg);
  }
  return "";
}

// Why no segment holds the window. A record that is clipped besides being short or gappy is told as clipped: that is what its
// user must know first.
std::string fault_without_window(const Segments& segments, const std::string& coverage, const MotionRequest& request) {
  for (const Trace& trace : segments.traces) {
    const std::string fault = fault_in_samples(cut_to_margin(trace, request), request.quality);
    if (fault.starts_with("clipped")) return fault;
  }
  return coverage.empty() ? std::string("gap: the window lies in no single segment") : coverage;
}

// Steps 1 and 2 for one channel. A fault is told, not thrown.
Component sound_segment(const ChannelRecords& records, const MotionRequest& request, std::vector<std::string>& notes) {
  Component component;
  component.fault = fault_in_records(records);
  if (!component.fault.empty()) return component;
  const Segments segments = join_by_time(records.records);
  if (segments.traces.empty()) {
    component.fault = "too short: no samples";
    return component;
  }
  const std::string id = channel_id(segments.traces.front());
  const auto is_copy = [](const Overlap& overlap) { return !overlap.conflicting; };
  if (std::any_of(segments.overlaps.begin(), segments.overlaps.end(), is_copy)) {
    notes.push_back(id + ": some records are given twice with equal values");
  }
  const Window window = window_of(segments.traces.front().dt_s, request);
  const std::string coverage = fault_in_coverage(segments, window.from_ns, window.to_ns);
  const Trace* segment = coverage.empty() ? segment_holding(segments, request) : nullptr;
  if (segment == nullptr) {
    component.fault = fault_without_window(segments, coverage, request);
    return component;
  }
  component.trace = cut_to_margin(*segment, request);
  component.fault = fault_in_samples(component.trace, request.quality);
  if (component.fault.empty() && component.trace.samples.size() < segment->samples.size()) {
    const std::string elsewhere = fault_in_samples(*segment, request.quality);
    if (!elsewhere.empty()) notes.push_back(id + ": outside the part that is used: " + elsewhere);
  }
  return component;
}

// Where a channel in ground motion points.
Orientation direction_of(const ChannelRecords& records, const Trace& trace, const std::vector<ChannelEpoch>& epochs) {
  if (!records.orientations.empty()) return records.orientations.front();
  try {
    return orientation_of(epoch_covering(epochs, trace));
  } catch (const propagator::InputError& error) {
    throw propagator::InputError(
        "SAC", channel_id(trace), "cmpaz, cmpinc", "undefined",
        std::string("must be set, or StationXML or SACPZ tell where the channel points: ") + error.what());
  }
}

// The taper spares what the window needs, and at the record's begin what comes from P on.
ResponseSettings removal_settings(const Trace& trace, const MotionRequest& request) {
  ResponseSettings settings = request.response;
  settings.padding_s = padding_s(request);
  const Window window = window_of(trace.dt_s, request);
  const auto n_outside = [&](std::int64_t from_ns, std::int64_t to_ns) {
    // Half a thousandth of a sample forgives the rounding of times.
    return static_cast<Eigen::Index>(std::max(0.0, seconds_between(from_ns, to_ns) / trace.dt_s + 5e-4));
  };
  settings.longest_flank_begin = n_outside(trace.start_ns, std::min(window.from_ns, request.p_ns));
  settings.longest_flank_end = n_outside(window.to_ns, end_ns(trace));
  return settings;
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
    component.orientation = orientation_of(epoch);
  } else {
    component.orientation = direction_of(records, trace, epochs);
  }
  const std::string fault = fault_in_rate(trace.dt_s, declared_rate_hz, request.preprocess);
  if (!fault.empty()) throw std::runtime_error(fault);
  const std::string warning = orientation_warning(trace.channel, component.orientation);
  if (!warning.empty()) notes.push_back(trace.network + "." + trace.station + ": " + warning);
  ResponseSettings settings = removal_settings(trace, request);
  const auto n_quiet = samples_before_p(trace, request.p_ns);
  const double shortest_quiet_s = 1.0 / request.preprocess.high_hz;
  if (static_cast<double>(n_quiet) * trace.dt_s >= shortest_quiet_s) settings.n_mean = n_quiet;
  const Eigen::Index flank =
      std::min(taper_flank(trace.samples.size(), settings.taper_share), settings.longest_flank_begin);
  component.quiet_from_s = settings.padding_s + static_cast<double>(flank) * trace.dt_s;
  trace = remove_response(trace, response, request.quantity, settings);
}

// Step 6. Throws std::runtime_error with the fault.
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

// Step 5 for one channel.
double channel_snr(const Component& component, const MotionRequest& request) {
  const Trace& trace = component.trace;
  const double p_s = seconds_between(trace.start_ns, request.p_ns);
  const PreprocessSettings& settings = request.preprocess;
  const double begin_s = seconds_between(trace.start_ns, aligned_ns(request)) - settings.before_p_s;
  const double end_s = begin_s + settings.dt_s * (settings.n_samples - 1);
  return signal_to_noise(trace.samples, trace.dt_s, component.quiet_from_s, p_s, end_s, settings);
}

// Returns "" or what is wrong with the signal-to-noise ratios, those that could be measured.
std::string fault_in_noise(const std::vector<ChannelVerdict>& channels, double min_snr) {
  double best = -1.0;
  for (const ChannelVerdict& verdict : channels) {
    if (!std::isnan(verdict.snr)) best = std::max(best, verdict.snr);
  }
  if (best < 0.0 || best >= min_snr) return "";
  return fmt::format("noisy: signal to noise {:.1f} on the best channel, must be {:g}", best, min_snr);
}

void note_where_nothing_was_measured(const Trace& trace, StationMotion& motion) {
  const auto is_measured = [](const ChannelVerdict& verdict) { return !std::isnan(verdict.snr); };
  if (std::any_of(motion.channels.begin(), motion.channels.end(), is_measured)) return;
  motion.notes.push_back(fmt::format("{}.{}: signal to noise cannot be told: too short or no noise before P",
                                     trace.network, trace.station));
}

}  // namespace

std::int64_t aligned_ns(const MotionRequest& request) {
  return request.p_ns + std::llround(request.window_delay_s * 1e9);
}

std::string names_of(const std::map<std::string, ChannelRecords>& channels) {
  std::string names;
  for (const auto& entry : channels) names += (names.empty() ? "" : " ") + entry.first;
  return names;
}

StationMotion station_motion(const std::map<std::string, ChannelRecords>& channels,
                             const std::vector<ChannelEpoch>& epochs, const MotionRequest& request) {
  StationMotion motion;
  std::vector<Component> components;
  for (const auto& entry : channels) {
    components.push_back(sound_segment(entry.second, request, motion.notes));
    motion.channels.push_back({entry.first, components.back().fault, std::numeric_limits<double>::quiet_NaN()});
  }
  const auto is_good = [](const ChannelVerdict& verdict) { return verdict.fault.empty(); };
  const auto fail_all = [&](const std::string& fault) {
    for (ChannelVerdict& verdict : motion.channels) verdict.fault = fault;
  };
  if (!std::all_of(motion.channels.begin(), motion.channels.end(), is_good)) return motion;
  if (components.size() != 3) {
    fail_all(components.size() < 3 ? fmt::format("incomplete: {} of three components", components.size())
                                   : fmt::format("ambiguous: {} are more than three components", names_of(channels)));
    return motion;
  }
  std::size_t i = 0;
  for (const auto& entry : channels) {
    try {
      to_ground_motion(components[i], entry.second, epochs, request, motion.notes);
      motion.channels[i].snr = channel_snr(components[i], request);
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
  note_where_nothing_was_measured(components[0].trace, motion);
  try {
    rotate({components[0], components[1], components[2]}, motion);
    motion.usable = true;
  } catch (const std::runtime_error& error) {
    fail_all(error.what());
  }
  return motion;
}

}  // namespace data
