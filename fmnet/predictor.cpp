#include "fmnet/predictor.h"

#include <omp.h>

#include <algorithm>
#include <chrono>

#include "fmnet/batch.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using autodiff::Index;
using autodiff::Tensor;
using autodiff::Variable;

constexpr std::size_t records_at_a_time = 16;

Variable images_of(const std::vector<data::Waveforms>& records, std::size_t begin, std::size_t end) {
  Tensor images({static_cast<Index>(end - begin), n_input_rows, n_input_columns, 1});
  for (std::size_t i = begin; i < end; ++i) copy_waveforms(records[i], images, static_cast<Index>(i - begin));
  return Variable(std::move(images));
}

Features features_of(const Tensor& encoded, Index n) {
  Features features{};
  for (Index c = 0; c < n_features; ++c)
    features[static_cast<std::size_t>(c)] = static_cast<float>(encoded(n, 0, 0, c));
  return features;
}

}  // namespace

Predictor::Predictor(const std::string& weights_path) : weights_(load_weights(weights_path)) {}

Predictor::Predictor(const std::string& weights_path, const Config& in_use) : Predictor(weights_path) {
  try {
    require_agreement(weights_.config, weights_path, in_use, Agreement::prediction);
  } catch (const propagator::InputError& error) {
    if (weights_.config.name == in_use.name) throw;
    throw propagator::InputError(
        error.what(), "", "", "",
        "the weights are of the experiment " + weights_.config.name + ", the configuration is of " + in_use.name);
  }
  weights_.config.label.decoding = in_use.label.decoding;
}

Prediction Predictor::predict(const data::Waveforms& waveforms) const {
  return predict(std::vector<data::Waveforms>{waveforms}).front();
}

std::vector<Prediction> Predictor::predict(const std::vector<data::Waveforms>& records) const {
  const autodiff::RecordingOff recording_off;
  std::vector<Prediction> predictions;
  predictions.reserve(records.size());
  for (std::size_t begin = 0; begin < records.size(); begin += records_at_a_time) {
    const std::size_t end = std::min(begin + records_at_a_time, records.size());
    const FmNet::Outputs outputs = weights_.network->forward_with_features(images_of(records, begin, end));
    for (Index n = 0; n < static_cast<Index>(end - begin); ++n) {
      Prediction one;
      one.curves = curves_of(outputs.curves.value(), n);
      one.plane = decode_curves(one.curves, weights_.config.label);
      one.auxiliary = propagator::auxiliary_plane(one.plane);
      one.features = features_of(outputs.features.value(), n);
      predictions.push_back(one);
    }
  }
  return predictions;
}

std::vector<Features> Predictor::encode(const std::vector<data::Waveforms>& records) const {
  const autodiff::RecordingOff recording_off;
  std::vector<Features> features;
  features.reserve(records.size());
  for (std::size_t begin = 0; begin < records.size(); begin += records_at_a_time) {
    const std::size_t end = std::min(begin + records_at_a_time, records.size());
    const Variable encoded = weights_.network->encode(images_of(records, begin, end));
    for (Index n = 0; n < static_cast<Index>(end - begin); ++n) features.push_back(features_of(encoded.value(), n));
  }
  return features;
}

double prediction_time_ms(const Predictor& predictor, const data::Waveforms& waveforms) {
  const int n_threads = omp_get_max_threads();
  omp_set_num_threads(1);
  std::vector<double> times_ms;
  for (int i = 0; i < 11; ++i) {
    const auto start = std::chrono::steady_clock::now();
    predictor.predict(waveforms);
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  omp_set_num_threads(n_threads);
  std::sort(times_ms.begin(), times_ms.end());
  return times_ms[times_ms.size() / 2];
}

}  // namespace fmnet
