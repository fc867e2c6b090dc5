// Beach balls in rows: one event as several agencies and the network see it (the paper's Figure 3), or as several searches do.
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
  std::string color = reference_color;  // of the others
};

struct MechanismRow {
  std::string name, title, caption;        // of the figure
  std::vector<NamedMechanism> mechanisms;  // at least one
  int balls_a_row = 5;
};

Figure mechanism_row(const MechanismRow& row);

}  // namespace fmnet
