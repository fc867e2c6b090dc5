// The ground motion of one sensor: three channels of records -> east, north, up in the wanted quantity, or the reason why
// not for each channel.
//
//   1. join the records of each channel by time (segments.h), take the segment that holds the window's span (the window and 16
//      samples on either side, preprocess.h), and cut it to at most 600 s before and 30 s behind that span; where the band-pass
//      is zero-phase, behind it to as long as that rings, if that is more (settling_time_s to 1e-3, butterworth.h);
//   2. look for faults in what is left (quality.h): all three channels must be free of them, or the sensor is left out as a
//      whole; records in different units, or SAC files of one channel that point in different directions, are faults, too;
//   3. find the one metadata epoch and its response (station_xml.h), check the sampling rate;
//   4. remove the response (instrument_response.h), with the mean before P as zero where one period of the band's upper end
//      is at hand, and two periods of the lowest corner (200 s for 0.01 Hz, at most 2000 s) of output kept before and behind
//      the record, so that the band-pass begins at rest and without a jump. The taper never reaches into the window's span,
//      nor behind P at the record's begin: a record that ends with the span is not tapered there. SAC files in ground motion go
//      the same way with a response of 1;
//   5. signal to noise in the band, of each channel as it points, from P to the window's end against what comes before P: of
//      those that can be measured at least one must reach the smallest accepted ratio (a station near a node of the radiation
//      pattern has a weak component without being bad); where none can be, a note tells it;
//   6. bring the three to their common interval (to the nearest sample) and rotate to E N Z (orientation.h).
//
// The window may be cut later than P (window_delay_s). Its span and what is kept around it move with it; what is quiet ends at P
// all the same, and with it the mean that is subtracted and the noise.
//
// Why nothing is lost at an end without a taper. The division by the response and a one-way band-pass are causal together; only
// the corners of the removal look ahead, and the band-pass leaves little where they differ from 1. Rows from a record that ends
// with the window's span differ from those of the longer one by less than 0.03 % of their largest value for steady shaking, and
// by at most 0.24 % on the 30 channels of the Mw 7.1, one of which keeps an offset. A zero-phase band-pass looks ahead: for it
// the record should end settling_time_s (butterworth.h) behind the window.
//
// Why no more than that behind: a later and larger earthquake would clip the record, or leak into the window.
//
#pragma once

#include <string>
#include <vector>

#include "data/preprocess.h"
#include "data/records/instrument_response.h"
#include "data/records/quality.h"
#include "data/records/record_files.h"

namespace data {

struct MotionRequest {
  std::int64_t p_ns = 0;        // arrival of P
  double window_delay_s = 0.0;  // the window is cut this much later than P
  Quantity quantity = Quantity::displacement;
  PreprocessSettings preprocess;
  ResponseSettings response;
  QualitySettings quality;
};

struct ChannelVerdict {
  std::string channel;
  std::string fault;  // "" for a channel that is good
  double snr = 0.0;   // NaN where it was not measured
};

struct StationMotion {
  bool usable = false;
  std::vector<ChannelVerdict> channels;  // one for each channel of the sensor
  std::vector<std::string> notes;        // what was noticed and does not prevent the use
  Eigen::ArrayX3d enz;                   // m, m/s: columns east, north, up; empty unless usable
  double dt_s = 0.0;
  std::int64_t start_ns = 0;
};

// The instant that the window's sample for P shows: P, window_delay_s later.
std::int64_t aligned_ns(const MotionRequest& request);

// "HNE HNN HNZ".
std::string names_of(const std::map<std::string, ChannelRecords>& channels);

StationMotion station_motion(const std::map<std::string, ChannelRecords>& channels,
                             const std::vector<ChannelEpoch>& epochs, const MotionRequest& request);

}  // namespace data
