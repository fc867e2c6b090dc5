// How much the depth of a source matters for what the network sees (the paper's Figure S5).
#pragma once

#include <string>
#include <vector>

#include "data/preprocess.h"
#include "fmnet/figure.h"

namespace fmnet {

struct DepthPicture {
  std::string description;                 // mechanism and place
  std::vector<double> depths_km;           // ascending
  std::vector<data::Waveforms> samples;    // clean samples, one a depth
  std::size_t reference;                   // the depth that the others are compared with
  std::vector<std::string> station_names;  // of the slots
  std::vector<double> distances_km;        // of the stations
  data::PreprocessSettings settings;
};

// Left: the vertical traces of four stations, near to far, at every depth. Right: the correlation of the whole sample
// with that at the reference depth, and of the worst and the best station.
Figure depth_figure(const DepthPicture& picture);

}  // namespace fmnet
