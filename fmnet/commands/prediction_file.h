// What other commands need of a prediction.json, which `fmnet predict` writes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "data/preprocess.h"
#include "fmnet/predictor.h"

namespace fmnet {

constexpr std::uint64_t max_prediction_bytes = 64ull << 20;

struct PredictionFile {
  std::string event_id, network, weights_sha256;
  propagator::FocalMechanism plane;
  std::optional<propagator::FocalMechanism> reference;
  std::vector<double> features;
  data::Waveforms waveforms;  // the rows that the network saw
};

// InputError where the file is not one.
PredictionFile read_prediction(const std::string& path);

nlohmann::json waveforms_json(const data::Waveforms& rows);

}  // namespace fmnet
