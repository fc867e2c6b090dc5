// A directory of records -> the window that the network sees.
//
//   response removal over the whole record -> east, north, up -> band-pass and cut (preprocess.h) -> normalise   (1)
//
// For each slot (a station that the network was trained for) the sensors of that station are tried in the order of
// `preference` (strong motion first: broadband sensors near a large earthquake clip), and of one kind in the order of
// location codes; the first that passes every test fills the slot's three rows, and every other is reported. Of a sensor with
// more than three channels the triples E N Z, 1 2 Z and 1 2 3 are tried in this order. A station has all three components or
// none. Slots without a usable sensor are zero rows. Every channel of a slot's station has a report, a slot without records has
// one with an empty channel. A note tells where the metadata have a station in another place than its slot.
//
// The two ends. The window and 16 samples on either side must lie inside the record; no sample of them is invented, and the taper of
// the response removal never reaches them: a record that is read while the shaking goes on may end there. The records at hand
// often begin 30 s before the origin, less than the 167 s for which the band-pass rings. Before the first sample the ground is
// taken to be at rest: the mean before P is subtracted, at most the first 2.5 % of the record (and nothing of the window) are
// tapered from zero, and the band-pass begins 200 s earlier, from rest, on what the response removal gives for that time. The
// mainshock's own waves are complete thereby; what is lost is the ringing of earlier noise.
#pragma once

#include <string>
#include <vector>

#include "data/event.h"
#include "data/preprocess.h"
#include "data/records/instrument_response.h"
#include "data/records/quality.h"
#include "data/records/record_files.h"
#include "data/station.h"

namespace data {

struct RecordSettings {
  ResponseSettings response;
  QualitySettings quality;
  std::vector<std::string> preference = {"HN", "HH", "BH"};  // first two letters of the channel; others are not used
  std::string sac_unit;                                      // "m", "cm", ...: see sac.h; needed for SAC files only
  bool skip_bad_records = false;  // pass over miniSEED records that break a rule instead of stopping
};

enum class ChannelAction { used, left_out, not_needed };
std::string action_name(ChannelAction action);  // "used", "left out", "not needed"

struct ChannelReport {
  std::string station;  // "CI.CLC"
  std::string channel;  // ".HNZ": location and channel joined by a dot; empty where the station has no record
  ChannelAction action = ChannelAction::left_out;
  std::string reason;  // empty for a channel that is used
  double snr = 0.0;    // in the band; NaN where it was not measured
};

struct RecordWindow {
  Waveforms waveforms;   // n_rows x n_samples, normalised
  Waveforms amplitudes;  // the same before normalisation: m or m/s
  std::vector<ChannelReport> channels;
  int n_stations_used = 0;
  std::vector<bool> slot_used;
  std::vector<double> p_time_s;    // of P for each slot, s after the origin: as given, whatever the window's delay
  std::vector<std::string> notes;  // what was noticed and does not prevent the use
};

// files: see record_files.h. p_travel_time_s: one for each slot, from theory or picks (picks.h), 0 to 1000 s. slots: at most
// n_rows / 3. window_delay_s: by how much the windows are cut later than P, 0 to 600 s; what comes before P stays the noise and the
// zero of the records (station_motion.h).
//
// Throws propagator::InputError for response corners that do not enclose the band, std::invalid_argument for slots and times
// that do not fit. The result does not depend on the number of threads.
RecordWindow window_from_records(const RecordFiles& files, const std::vector<Station>& slots, const Event& event,
                                 const std::vector<double>& p_travel_time_s, const PreprocessSettings& preprocess,
                                 const RecordSettings& settings, double window_delay_s = 0.0);

// The same from a directory. Throws propagator::InputError for files that cannot be read, too.
RecordWindow window_from_records(const std::string& path, const std::vector<Station>& slots, const Event& event,
                                 const std::vector<double>& p_travel_time_s, const PreprocessSettings& preprocess,
                                 const RecordSettings& settings, double window_delay_s = 0.0);

// "", or a sentence with both places and their distance where metadata of the sensor that hold at this time tell a place more than
// 1 km from where the slot has its station: the P times and synthetics are those of the slot's.
std::string note_of_place(const Station& slot, const SensorId& sensor, const std::vector<ChannelEpoch>& epochs,
                          std::int64_t time_ns);

}  // namespace data
