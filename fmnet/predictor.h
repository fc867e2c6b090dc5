// From waveforms to a mechanism: the trained network as a function.
//
//   waveforms (48 x 128, prepared by data/preprocess.h) -> three curves -> strike, dip, rake of one nodal plane
//                                                       -> its auxiliary plane; and the encoder's 128 features
//
// Batch normalisation uses the running averages, so that the prediction for one record does not depend on the others that
// it is asked for with. Records are taken in order, 16 at a time; predictions come in the same order.
//
// A network only understands input that is prepared as its training samples were. Given the configuration in use, the
// constructor compares it with that inside the weights (stations, preprocess, label, network) and refuses a difference,
// naming the key. How the curves are read (label.decoding) is then the configuration's in use.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/preprocess.h"
#include "fmnet/architecture.h"
#include "fmnet/checkpoint.h"
#include "fmnet/gaussian_label.h"

namespace fmnet {

using Features = std::array<float, n_features>;

struct Prediction {
  LabelCurves curves;
  propagator::FocalMechanism plane;  // as decoded: the one with |rake| <= 90
  propagator::FocalMechanism auxiliary;
  Features features;
};

class Predictor {
 public:
  explicit Predictor(const std::string& weights_path);
  Predictor(const std::string& weights_path, const Config& in_use);

  const Config& config() const { return weights_.config; }
  std::int64_t n_steps() const { return weights_.n_steps; }

  Prediction predict(const data::Waveforms& waveforms) const;
  std::vector<Prediction> predict(const std::vector<data::Waveforms>& records) const;

  // The features alone, for the search: without the decoder, 1.4 % of the multiply-adds.
  std::vector<Features> encode(const std::vector<data::Waveforms>& records) const;

 private:
  Weights weights_;
};

// How long one prediction takes on one thread, in ms: the median of eleven.
double prediction_time_ms(const Predictor& predictor, const data::Waveforms& waveforms);

}  // namespace fmnet
