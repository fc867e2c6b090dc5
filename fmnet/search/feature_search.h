// The search in the feature domain: which of the training set's samples looks most like a record to the encoder?
//
//   F_i = | f(d) - f(s_i) |,   f the 128 numbers at the network's narrowest place                                 (1)
//
// f(s_i) is made once for every clean sample s_i and kept in a file (feature_file.h): 48 times fewer numbers than the samples. A
// search is then one pass over 403 MB. A station that the record lacks is a block of zeros for the encoder and cannot be
// left out of f(s_i) afterwards: unlike in the data domain, a missing station costs accuracy here.
//
// (1) is computed in single precision with 16 partial sums in a fixed order: the same bits on any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "fmnet/predictor.h"
#include "fmnet/search/feature_file.h"

namespace fmnet {

// The layout of the features of `places` (search/matches.h) under these weights.
FeatureLayout feature_layout(const data::Dataset& dataset, const std::vector<std::int64_t>& places,
                             const std::string& weights_path);

// Features of every mechanism at one place, clean samples.
std::vector<float> features_at(const data::Dataset& dataset, const Predictor& predictor, std::int64_t place);

// (1) for each record and each of the samples whose features lie one behind the other in `features`.
std::vector<std::vector<float>> feature_misfits(const std::vector<float>& features,
                                                const std::vector<Features>& records);

}  // namespace fmnet
