// The figures that need computations of their own: flow chart, events and mechanisms, search, evaluation, depth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/event.h"
#include "fmnet/commands/figure_step.h"
#include "fmnet/config.h"

namespace fmnet {

// Figure 2: the flow chart of a configuration.
StepEnd draw_flow(const FigurePlace& place, const Config& config);
// Figure 3: the events of a table (data::read_events) that have a published mechanism, on the map. prediction_path may be empty;
// else that prediction is ours of the event `predicted_id`.
StepEnd draw_mechanism_map(const FigurePlace& place, const Config& config, const std::string& events_path,
                           const std::string& mechanisms_path, const std::string& prediction_path,
                           const std::string& predicted_id);
// Figures 4 and 5: from the tables and metrics that `fmnet search` left in the folder.
StepEnd draw_search(const FigurePlace& place);
StepEnd draw_search_balls(const FigurePlace& place);
// evaluation_SET: from the evaluation_SET.tsv of `fmnet evaluate` in the folder.
StepEnd draw_evaluation(const FigurePlace& place, const std::string& set);
// Figure S5: the mechanism at every depth of the grid, at its place nearest to the epicentre.
StepEnd draw_depth(const FigurePlace& place, const Config& config, const std::string& library_path,
                   const data::Event& event, const propagator::FocalMechanism& mechanism);

}  // namespace fmnet
