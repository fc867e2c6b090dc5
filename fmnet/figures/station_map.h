// Figure 1 of the paper: the grid of sources, the stations, the mainshock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/event.h"
#include "data/station.h"
#include "data/training_grid.h"
#include "fmnet/figure.h"

namespace fmnet {

// A plane map, a degree of longitude drawn cos(latitude of the grid's middle) as long as one of latitude. At least one station.
Figure station_map(const std::vector<data::Station>& stations, const data::TrainingGrid& grid,
                   const std::optional<data::Event>& event);

}  // namespace fmnet
