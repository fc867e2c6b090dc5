#include "data/records/record_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "data/geodesy.h"
#include "data/records/record_files.h"
#include "data/records/station_motion.h"
#include "propagator/errors.h"
#include "propagator/parallel_failures.h"

namespace data {
namespace {

constexpr double same_place_km = 1.0;
constexpr double longest_window_delay_s = 600.0;  // not longer than what is kept before the window: it holds P

// What one slot has to tell.
struct SlotReport {
  std::vector<ChannelReport> channels;
  std::vector<std::string> notes;
  bool used = false;
};

using Sensors = std::map<SensorId, std::map<std::string, ChannelRecords>>;

void check_arguments(const std::vector<Station>& slots, const std::vector<double>& p_travel_time_s,
                     const PreprocessSettings& preprocess, const RecordSettings& settings, double window_delay_s) {
  check(preprocess);
  if (!(window_delay_s >= 0.0 && window_delay_s <= longest_window_delay_s)) {
    throw std::invalid_argument(fmt::format("window_from_records: window_delay_s = {}: expected 0 to {} s",
                                            window_delay_s, longest_window_delay_s));
  }
  if (static_cast<int>(slots.size()) > n_slots(preprocess)) {
    throw std::invalid_argument(
        fmt::format("window_from_records: slots: {} stations: expected at most {}", slots.size(), n_slots(preprocess)));
  }
  if (p_travel_time_s.size() != slots.size()) {
    throw std::invalid_argument(
        fmt::format("window_from_records: p_travel_time_s: {} times for {} slots: expected one each",
                    p_travel_time_s.size(), slots.size()));
  }
  for (const double p_s : p_travel_time_s) {
    if (!(p_s >= 0.0 && p_s <= 1000.0)) {
      throw std::invalid_argument(fmt::format("window_from_records: p_travel_time_s = {}: expected 0 to 1000 s", p_s));
    }
  }
  const auto& corners = settings.response.corners_hz;
  if (!(corners[1] <= preprocess.low_hz && corners[2] >= preprocess.high_hz)) {
    throw propagator::InputError(
        "records", "response removal", "corners",
        fmt::format("{:g} {:g} {:g} {:g} Hz", corners[0], corners[1], corners[2], corners[3]),
        fmt::format("the inner two must enclose the band {:g}-{:g} Hz", preprocess.low_hz, preprocess.high_hz));
  }
}

// The sensors of one station, most wanted first; those of a kind that is not wanted come last.
std::vector<Sensors::const_iterator> sensors_of(const Sensors& sensors, const Station& slot,
                                                const std::vector<std::string>& preference) {
  std::vector<Sensors::const_iterator> found;
  for (auto it = sensors.begin(); it != sensors.end(); ++it) {
    if (it->first.network == slot.network && it->first.station == slot.code) found.push_back(it);
  }
  const auto rank = [&](const Sensors::const_iterator& it) {
    return std::find(preference.begin(), preference.end(), it->first.band) - preference.begin();
  };
  std::stable_sort(found.begin(), found.end(), [&](const Sensors::const_iterator& a, const Sensors::const_iterator& b) {
    return rank(a) < rank(b);
  });
  return found;
}

ChannelReport report(const Station& slot, const std::string& channel, ChannelAction action, const std::string& reason,
                     double snr = std::numeric_limits<double>::quiet_NaN()) {
  return {slot.network + "." + slot.code, channel, action, reason, snr};
}

// A channel that belongs to two triples is told once, as the last of them left it.
void put(SlotReport& slot_report, const ChannelReport& channel) {
  for (ChannelReport& former : slot_report.channels) {
    if (former.channel != channel.channel) continue;
    if (former.action != ChannelAction::used) former = channel;
    return;
  }
  slot_report.channels.push_back(channel);
}

void report_all(const Station& slot, const Sensors::value_type& sensor, ChannelAction action, const std::string& reason,
                SlotReport& slot_report) {
  for (const auto& entry : sensor.second) {
    put(slot_report, report(slot, sensor.first.location + "." + entry.first, action, reason));
  }
}

// Channels without a fault of their own are left out because of the others.
void report_motion(const Station& slot, const SensorId& sensor, const StationMotion& motion, SlotReport& slot_report) {
  std::string faulty;
  for (const ChannelVerdict& verdict : motion.channels) {
    if (!verdict.fault.empty()) faulty += (faulty.empty() ? "" : ", ") + verdict.channel;
  }
  for (const ChannelVerdict& verdict : motion.channels) {
    const std::string channel = sensor.location + "." + verdict.channel;
    if (motion.usable) {
      put(slot_report, report(slot, channel, ChannelAction::used, "", verdict.snr));
    } else {
      const std::string reason =
          verdict.fault.empty() ? "a station needs three components: " + faulty + " failed" : verdict.fault;
      put(slot_report, report(slot, channel, ChannelAction::left_out, reason, verdict.snr));
    }
  }
  slot_report.notes.insert(slot_report.notes.end(), motion.notes.begin(), motion.notes.end());
}

void fill_rows(const StationMotion& motion, int slot, const MotionRequest& request, Waveforms& rows) {
  const PreprocessSettings& preprocess = request.preprocess;
  const double aligned_s = seconds_between(motion.start_ns, aligned_ns(request));
  for (int c = 0; c < n_components; ++c) {
    const Eigen::ArrayXd row = filter_and_cut(motion.enz.col(c), motion.dt_s, aligned_s, preprocess);
    rows.row(row_of(slot, c, preprocess)) = row.cast<float>().matrix().transpose();
  }
}

using Channels = std::map<std::string, ChannelRecords>;

// The components of a sensor that are tried together: all where they are three or fewer; of more, each whole one of the triples
// that names promise to span space.
std::vector<Channels> component_sets(const Channels& channels) {
  if (channels.size() <= 3) return {channels};
  std::vector<Channels> sets;
  for (const std::string letters : {"ENZ", "12Z", "123"}) {
    Channels set;
    for (const auto& entry : channels) {
      if (letters.find(entry.first.back()) != std::string::npos) set.insert(entry);
    }
    if (set.size() == 3) sets.push_back(set);
  }
  return sets.empty() ? std::vector<Channels>{channels} : sets;
}

// Why a station of the configuration has no record, and what the folder holds instead.
std::string no_record(const Sensors& sensors, const Station& slot) {
  constexpr std::size_t most_stations = 4;
  std::vector<std::string> names;
  for (const auto& [sensor, channels] : sensors) {
    if (sensor.station == slot.code && sensor.network.empty()) {
      return "no record: the files of " + slot.code + " name no network (SAC knetwk)";
    }
    const std::string name = sensor.network + "." + sensor.station;
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  const std::size_t n = std::min(names.size(), most_stations);
  return fmt::format("no record: the files are of {}{}",
                     fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(n), ", "),
                     names.size() > n ? fmt::format(" and {} more stations", names.size() - n) : "");
}

// Tries the components of one sensor and fills the slot's rows from the first set that is sound; says whether one is.
bool fill_from_sensor(const RecordFiles& files, const Station& station, int slot, const Sensors::value_type& sensor,
                      const MotionRequest& request, SlotReport& slot_report, Waveforms& rows) {
  for (const Channels& components : component_sets(sensor.second)) {
    const StationMotion motion = station_motion(components, files.epochs, request);
    report_motion(station, sensor.first, motion, slot_report);
    if (!motion.usable) continue;
    fill_rows(motion, slot, request, rows);
    for (const auto& entry : sensor.second) {
      if (components.count(entry.first) > 0) continue;
      put(slot_report, report(station, sensor.first.location + "." + entry.first, ChannelAction::not_needed,
                              names_of(components) + " are used"));
    }
    return true;
  }
  return false;
}

// Tries the sensors of one slot and fills its rows from the first that is sound.
SlotReport fill_slot(const RecordFiles& files, const Station& station, int slot, const MotionRequest& request,
                     const RecordSettings& settings, Waveforms& rows) {
  SlotReport slot_report;
  const auto sensors = sensors_of(files.sensors, station, settings.preference);
  if (sensors.empty()) {
    slot_report.channels.push_back(report(station, "", ChannelAction::left_out, no_record(files.sensors, station)));
  }
  std::string filled_by, elsewhere;
  for (const Sensors::const_iterator& sensor : sensors) {
    const std::string& band = sensor->first.band;
    const bool wanted = std::count(settings.preference.begin(), settings.preference.end(), band) > 0;
    if (!filled_by.empty()) {
      report_all(station, *sensor, ChannelAction::not_needed, filled_by + " is used", slot_report);
    } else if (!wanted) {
      report_all(station, *sensor, ChannelAction::left_out,
                 fmt::format("{} is not one of {} (records.channels)", band, fmt::join(settings.preference, ", ")),
                 slot_report);
    } else {
      if (elsewhere.empty()) elsewhere = note_of_place(station, sensor->first, files.epochs, request.p_ns);
      if (fill_from_sensor(files, station, slot, *sensor, request, slot_report, rows)) {
        filled_by = sensor->first.location + "." + band;
      }
    }
  }
  if (!elsewhere.empty()) slot_report.notes.push_back(elsewhere);
  slot_report.used = !filled_by.empty();
  return slot_report;
}

}  // namespace

std::string note_of_place(const Station& slot, const SensorId& sensor, const std::vector<ChannelEpoch>& epochs,
                          std::int64_t time_ns) {
  for (const ChannelEpoch& e : epochs) {
    const bool is_of_sensor = e.network == sensor.network && e.station == sensor.station &&
                              e.location == sensor.location && e.channel.starts_with(sensor.band);
    if (!is_of_sensor || e.error || e.start_ns > time_ns || e.end_ns < time_ns) continue;
    std::string apart = "no place";
    if (std::abs(e.latitude_deg) <= 90.0) {
      const double longitude_deg = std::remainder(e.longitude_deg, 360.0);
      const double km = geodesic(slot.latitude_deg, slot.longitude_deg, e.latitude_deg, longitude_deg).distance_km;
      if (km <= same_place_km) continue;
      apart = fmt::format("{:.1f} km away", km);
    }
    return fmt::format("{}.{}: the list of stations has it at {:.4f}, {:.4f}, the metadata at {:.4f}, {:.4f}: {}",
                       slot.network, slot.code, slot.latitude_deg, slot.longitude_deg, e.latitude_deg, e.longitude_deg,
                       apart);
  }
  return "";
}

std::string action_name(ChannelAction action) {
  return action == ChannelAction::used ? "used" : action == ChannelAction::left_out ? "left out" : "not needed";
}

RecordWindow window_from_records(const std::string& path, const std::vector<Station>& slots, const Event& event,
                                 const std::vector<double>& p_travel_time_s, const PreprocessSettings& preprocess,
                                 const RecordSettings& settings, double window_delay_s) {
  check_arguments(slots, p_travel_time_s, preprocess, settings, window_delay_s);
  return window_from_records(read_record_files(path, settings.sac_unit, settings.skip_bad_records), slots, event,
                             p_travel_time_s, preprocess, settings, window_delay_s);
}

RecordWindow window_from_records(const RecordFiles& files, const std::vector<Station>& slots, const Event& event,
                                 const std::vector<double>& p_travel_time_s, const PreprocessSettings& preprocess,
                                 const RecordSettings& settings, double window_delay_s) {
  check_arguments(slots, p_travel_time_s, preprocess, settings, window_delay_s);
  RecordWindow window;
  window.amplitudes = Waveforms::Zero(preprocess.n_rows, preprocess.n_samples);
  window.p_time_s = p_travel_time_s;
  window.notes = files.notes;
  // Each slot fills rows of its own; what it reports is put together in the order of the slots.
  const int n = static_cast<int>(slots.size());
  std::vector<SlotReport> reports(slots.size());
  propagator::ParallelFailures failures(slots.size());
#pragma omp parallel for schedule(static)
  for (int i = 0; i < n; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    failures.watch(slot, [&] {
      MotionRequest request;
      request.p_ns = event.origin_ns + std::llround(p_travel_time_s[slot] * 1e9);
      request.window_delay_s = window_delay_s;
      request.quantity = preprocess.quantity;
      request.preprocess = preprocess;
      request.response = settings.response;
      request.quality = settings.quality;
      reports[slot] = fill_slot(files, slots[slot], i, request, settings, window.amplitudes);
    });
  }
  failures.rethrow();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    window.channels.insert(window.channels.end(), reports[i].channels.begin(), reports[i].channels.end());
    window.notes.insert(window.notes.end(), reports[i].notes.begin(), reports[i].notes.end());
    window.slot_used.push_back(reports[i].used);
    window.n_stations_used += reports[i].used ? 1 : 0;
  }
  window.waveforms = window.amplitudes;
  normalize(window.waveforms, preprocess);
  return window;
}

}  // namespace data
