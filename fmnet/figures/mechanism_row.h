// Beach balls in a row: one event as several agencies and the network see it (the paper's Figure 3).
#pragma once

#include <string>
#include <vector>

#include "fmnet/figure.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {

struct NamedMechanism {
  std::string name;  // who says so; any text
  propagator::FocalMechanism mechanism;
  bool ours = false;  // drawn in our colour, and the one that the Kagan angles under the balls refer to
};

// At most five balls a row, as many rows as needed. At least one mechanism.
Figure mechanism_row(const std::string& figure_name, const std::string& event_name,
                     const std::vector<NamedMechanism>& mechanisms);

}  // namespace fmnet
