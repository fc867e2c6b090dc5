// The ground motion of one sensor: three channels of records -> east, north, up in the wanted quantity, or the reason why
// not for each channel.
//
//   1. join the records of each channel by time (segments.h) and take the segment that holds the window;
//   2. look for faults (quality.h): all three channels must be free of them, or the sensor is left out as a whole;
//   3. find the one metadata epoch and its response (station_xml.h), check the sampling rate;
//   4. cut to at most 600 s before and behind the window, remove the response over all that remains
//      (instrument_response.h), with the mean before P as zero where one period of the band's upper end is at hand, and
//      two periods of the lowest corner (200 s for 0.01 Hz, at most 2000 s) of output kept before and behind the record,
//      so that the band-pass begins at rest and without a jump. SAC files in ground motion go the same way with a
//      response of 1;
//   5. bring the three to their common interval (to the nearest sample) and rotate to E N Z (orientation.h);
//   6. signal to noise in the band: at least one of the three channels must reach the smallest accepted ratio (a station
//      near a node of the radiation pattern has a weak component without being bad).
#pragma once

#include <string>
#include <vector>

#include "data/preprocess.h"
#include "data/records/instrument_response.h"
#include "data/records/quality.h"
#include "data/records/record_files.h"

namespace data {

struct MotionRequest {
  std::int64_t p_ns = 0;  // arrival of P
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
  std::vector<std::string> notes;        // orientation that disagrees with a name, records given twice
  Eigen::ArrayX3d enz;                   // m, m/s: columns east, north, up; empty unless usable
  double dt_s = 0.0;
  std::int64_t start_ns = 0;
};

StationMotion station_motion(const std::map<std::string, ChannelRecords>& channels,
                             const std::vector<ChannelEpoch>& epochs, const MotionRequest& request);

}  // namespace data
