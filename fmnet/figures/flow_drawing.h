// The way from a velocity model to a mechanism (the paper's Figure 2), drawn with this program's own numbers and commands.
#pragma once

#include "fmnet/config.h"
#include "fmnet/figure.h"

namespace fmnet {

Figure flow_figure(const Config& config);

}  // namespace fmnet
