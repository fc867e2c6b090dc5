// From records in memory to a mechanism: what `fmnet predict` and `fmnet serve` have in common.
//
//   P times (theory or picks), delay -> window (data/records/record_set.h) -> network (predictor.h)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/records/picks.h"
#include "data/records/record_set.h"
#include "fmnet/predictor.h"
#include "fmnet/trust/delay_scan.h"
#include "propagator/errors.h"

namespace fmnet {

struct RecordsRequest {
  data::Event event;
  std::vector<double> p_time_s;  // for each station, s after the origin time
  // Seconds by which the window is cut later than P, 0 to 600; none: that of 0, 1, .. 15 s which trust/delay_scan.h finds.
  std::optional<double> delay_s = 0.0;
  bool force = false;  // also with fewer usable stations than records.min_stations
};

struct RecordsPrediction {
  data::RecordWindow window;  // a note tells delays that could not be tried
  Prediction prediction;
  double delay_s = 0.0;
  std::vector<DelayStep> delays;  // those that were tried, empty where the delay was given
  double latency_ms = 0.0;        // from the records in memory to the mechanism, at the delay taken
};

// First P of the velocity model at every station of the configuration, which must be within 2,000 km (InputError). An event above
// sea level counts as at the surface.
std::vector<double> theoretical_p_times(const Config& config, const data::Event& event);

// P times of a request, and what is to be said of the picks that they come from.
struct PickedTimes {
  std::vector<double> p_time_s;        // the pick where a station has one, else theory
  std::vector<bool> is_picked;         // for each station
  std::vector<std::string> strangers;  // picks of stations that the network does not know: "XX.ABC"
  std::vector<std::string>
      warnings;  // picks that differ from theory by more than 3 s: another event, phase or time zone?
};

PickedTimes picked_times(const Config& config, const data::Event& event, const std::vector<data::Pick>& picks);

// Fewer stations than needed can be used. The message counts the kinds of reasons, for example "no record 3, no metadata 36".
class TooFewStations : public propagator::InputError {
 public:
  TooFewStations(const std::string& source, const std::string& rule, data::RecordWindow what_was_found)
      : InputError(source, "", "usable stations", std::to_string(what_was_found.n_stations_used), rule),
        window(std::move(what_was_found)) {}
  data::RecordWindow window;  // each channel with its reason
};

// `source` stands for the records in messages. Throws TooFewStations.
RecordsPrediction predict_records(const Predictor& predictor, const Config& config, const data::RecordFiles& files,
                                  const RecordsRequest& request, const std::string& source);

}  // namespace fmnet
