// What the steps of a search share: the samples that are gone through, opened with the network that knows their features.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "fmnet/config.h"
#include "fmnet/predictor.h"
#include "fmnet/search/feature_file.h"
#include "fmnet/search/matches.h"
#include "fmnet/test_events.h"

namespace fmnet {

struct SearchInputs {
  Config config;
  std::string library_path, weights_path;
  std::string features_path;  // of run_features with the same place_step
  int place_step = 1;
  TestConditions conditions;  // of synthetic events
};

// The best of the data domain is compared with as many of the feature domain's best.
inline constexpr std::size_t n_compared_matches = 10;

// The key of a step (manifest.h); `what` tells it from the others, with the conditions of synthetic events.
std::string search_key(const SearchInputs& inputs, const std::string& what);

// The samples are numbered place by place through the places of `place_step`; a candidate is such a number.
struct SearchedSamples {
  explicit SearchedSamples(const SearchInputs& inputs);

  propagator::FocalMechanism mechanism(std::int64_t candidate) const;
  std::int64_t grid_sample(std::int64_t candidate) const;
  std::int64_t size() const { return layout.n_blocks * layout.samples_per_block; }

  // The smallest Kagan angle in degrees between a mechanism and those of the first ten matches.
  double nearest_of_ten_deg(const propagator::FocalMechanism& mechanism, const std::vector<Match>& matches) const;

  Predictor predictor;
  data::Dataset dataset;
  std::vector<std::int64_t> places;
  FeatureLayout layout;
};

}  // namespace fmnet
