// When did the moment come? Windows cut later and later, each with the network's own answer and its fit.
//
// The training's synthetics are those of a source that acts at once, at the origin time. A large earthquake lasts: its records
// look like those of such a source some seconds later (at its centroid time). Where the delay is near half a period of the band,
// the mechanism that explains the window at P best is the opposite one; a network may read the right polarity from that window all
// the same, from a curve that hesitates (docs/5_records.md). No catalogue need be asked: of the delays tried, that one is taken
// whose mechanism, as the network reads it from the window at P + delay, explains that window best (mean correlation over
// stations, waveform_fit.h, without a common lag).
//
// The records decide thereby between several answers of the network; the fit of the one that is chosen is therefore a little
// better than that of an answer without a choice.
#pragma once

#include <functional>
#include <vector>

#include "fmnet/trust/trust.h"

namespace fmnet {

struct DelayStep {
  double delay_s;
  int n_stations;
  propagator::FocalMechanism plane;
  double mean_correlation;
};

using WindowAt = std::function<data::RecordWindow(double delay_s)>;

// One step for each delay at which as many stations can be used as at the first that has any; the others are passed over, such as
// those for which the records end too early. Throws std::invalid_argument without delays, or where none has a usable station.
std::vector<DelayStep> scan_delays(const Config& config, const data::Event& event, const std::vector<double>& delays_s,
                                   const WindowAt& window_at, const PlaneOf& plane_of);

// The step with the largest mean correlation, the first of equals.
const DelayStep& best_delay(const std::vector<DelayStep>& steps);

}  // namespace fmnet
