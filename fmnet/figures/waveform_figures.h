// The figures that show the network's input: a training sample before and after noise and shift, and a prediction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/preprocess.h"
#include "fmnet/figure.h"
#include "fmnet/gaussian_label.h"

namespace fmnet {

// Figure S1: one sample before (left) and after (right) noise and time shifts. station_names in the order of the slots; `changes`
// tells what was done to it.
Figure sample_figure(const data::Waveforms& clean, const data::Waveforms& noisy,
                     const std::vector<std::string>& station_names, const data::PreprocessSettings& settings,
                     const std::string& description, const std::string& changes);

struct PredictionPicture {
  std::string event_name, network;
  propagator::FocalMechanism mechanism;
  std::optional<propagator::FocalMechanism> reference;
  LabelCurves curves;
  data::Waveforms waveforms;
  std::vector<std::string> station_names;
  data::PreprocessSettings settings;
};

// What the network was given (right), the three curves that it answered and the beach ball that they tell (left).
Figure prediction_figure(const PredictionPicture& picture);

}  // namespace fmnet
