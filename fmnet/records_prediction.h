// From records in memory to a mechanism: what `fmnet predict` and `fmnet serve` have in common.
//
//   P times (theory or picks) + delay -> window (data/records/record_set.h) -> network (predictor.h)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "fmnet/predictor.h"
#include "fmnet/trust/delay_scan.h"

namespace fmnet {

struct RecordsRequest {
  data::Event event;
  std::vector<double> p_time_s;  // for each station, s after the origin time
  // Seconds by which the window is cut later than P; none: that of 0, 1, .. 15 s which trust/delay_scan.h finds.
  std::optional<double> delay_s = 0.0;
  bool force = false;  // also with fewer usable stations than records.min_stations
};

struct RecordsPrediction {
  data::RecordWindow window;
  Prediction prediction;
  double delay_s = 0.0;
  std::vector<DelayStep> delays;  // those that were tried, empty where the delay was given
  double latency_ms = 0.0;        // from the records in memory to the mechanism, at the delay taken
};

// First P of the velocity model at every station of the configuration, which must be within 2,000 km (InputError). An event above
// sea level counts as at the surface.
std::vector<double> theoretical_p_times(const Config& config, const data::Event& event);

// `source` stands for the records in messages. Throws propagator::InputError where fewer stations than needed can be used,
// with every reason.
RecordsPrediction predict_records(const Predictor& predictor, const Config& config, const data::RecordFiles& files,
                                  const RecordsRequest& request, const std::string& source);

}  // namespace fmnet
