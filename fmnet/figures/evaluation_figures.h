// How good a network is, as figures: the Kagan angles of many events, and what they depend on.
#pragma once

#include <string>
#include <vector>

#include "fmnet/evaluation.h"
#include "fmnet/figure.h"
#include "fmnet/metrics.h"

namespace fmnet {

// The revision's histogram: Kagan angles between truth and prediction in 100 bins, good ones in our colour.
Figure kagan_figure(const std::vector<double>& angles_deg, const KaganSummary& summary);

// The cumulative distribution of the Kagan angles, and the share within 20 degrees against each criterion of evaluation.h.
// The figure's name is "evaluation_SET". At least one event.
Figure evaluation_figure(const std::string& set, const std::vector<EvaluatedEvent>& events);

}  // namespace fmnet
