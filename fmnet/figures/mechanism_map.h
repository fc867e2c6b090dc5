// The earthquakes of a region on a map, with their mechanisms beside it (the paper's Figure 3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/event.h"
#include "data/training_grid.h"
#include "fmnet/figure.h"
#include "fmnet/figures/mechanism_row.h"

namespace fmnet {

struct MappedEvent {
  data::Event event;
  std::optional<propagator::FocalMechanism> ours;  // nothing where its records are not at hand
  std::vector<NamedMechanism> published;           // the first three are drawn
};

// Left: the grid's box and the epicentres, numbered in the order given. Right: a line of beach balls an event, ours first; an empty
// circle stands for an event whose records are not at hand. At least one event.
// `network`: the name of that which read ours; empty where there is none.
Figure mechanism_map(const data::TrainingGrid& grid, const std::vector<MappedEvent>& events,
                     const std::string& network);

}  // namespace fmnet
