// Records against the synthetics of the predicted mechanism, trace by trace (the paper's Figure S4), and the fit against depth.
#pragma once

#include <string>
#include <vector>

#include "fmnet/figure.h"
#include "fmnet/trust/trust.h"

namespace fmnet {

struct FitPicture {
  std::string event_name, network;
  double delay_s;              // by how much the window was cut later than P, and the synthetics begin later
  data::Waveforms amplitudes;  // the window in m or m/s
  std::vector<std::string> station_names;
  data::PreprocessSettings settings;
};

// Three columns E, N, Z: a line a station with a record, each pair of traces scaled to its own largest value and moved by the
// station's lag; beside it the correlation and the lag of the trace. Last column: mean correlation at each depth of the grid.
Figure fit_figure(const FitPicture& picture, const Trust& trust);

}  // namespace fmnet
