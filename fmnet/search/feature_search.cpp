#include "fmnet/search/feature_search.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "data/checksum.h"
#include "fmnet/manifest.h"
#include "fmnet/parallel_items.h"

namespace fmnet {
namespace {

constexpr std::size_t n_partial_sums = 16;
constexpr std::int64_t samples_at_a_time = 4096;

float distance(const float* a, const float* b) {
  float sums[n_partial_sums] = {};
  for (std::size_t i = 0; i < n_features; i += n_partial_sums) {
    for (std::size_t k = 0; k < n_partial_sums; ++k) {
      const float difference = a[i + k] - b[i + k];
      sums[k] += difference * difference;
    }
  }
  float sum = 0.0f;
  for (const float part : sums) sum += part;
  return std::sqrt(sum);  // (1)
}

}  // namespace

FeatureLayout feature_layout(const data::Dataset& dataset, const std::vector<std::int64_t>& places,
                             const std::string& weights_path) {
  const data::Synthesizer& synthesizer = dataset.synthesizer();
  std::string mechanisms;
  for (std::int64_t m = 0; m < dataset.grid().n_mechanisms(); ++m) {
    const propagator::FocalMechanism f = dataset.grid().mechanism(m);
    mechanisms += fmt::format("{} {} {}\n", f.strike_deg, f.dip_deg, f.rake_deg);
  }
  const std::string made_from = step_key({{"weights", file_sha256(weights_path)},
                                          {"library", synthesizer.library().fingerprint()},
                                          {"places", fmt::format("{}", fmt::join(places, " "))},
                                          {"mechanisms", mechanisms}});
  return {made_from, static_cast<std::int64_t>(places.size()), dataset.grid().n_mechanisms(), n_features};
}

std::vector<float> features_at(const data::Dataset& dataset, const Predictor& predictor, std::int64_t place) {
  const std::int64_t n = dataset.grid().n_mechanisms();
  std::vector<data::Waveforms> samples(static_cast<std::size_t>(n));
  for_each_item(n, [&](std::int64_t m) {
    samples[static_cast<std::size_t>(m)] = dataset.clean(place, dataset.grid().mechanism(m));
  });
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(n) * n_features);
  for (const Features& f : predictor.encode(samples)) values.insert(values.end(), f.begin(), f.end());
  return values;
}

std::vector<std::vector<float>> feature_misfits(const std::vector<float>& features,
                                                const std::vector<Features>& records) {
  if (features.size() % n_features != 0) {
    throw std::invalid_argument(
        fmt::format("feature_misfits: {} values: expected a multiple of {}", features.size(), n_features));
  }
  const auto n_samples = static_cast<std::int64_t>(features.size() / n_features);
  std::vector<std::vector<float>> misfits(records.size(), std::vector<float>(static_cast<std::size_t>(n_samples)));
  for_each_item((n_samples + samples_at_a_time - 1) / samples_at_a_time, [&](std::int64_t part) {
    const std::int64_t end = std::min(n_samples, (part + 1) * samples_at_a_time);
    for (std::int64_t i = part * samples_at_a_time; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      for (std::size_t e = 0; e < records.size(); ++e) {
        misfits[e][at] = distance(records[e].data(), features.data() + at * n_features);
      }
    }
  });
  return misfits;
}

}  // namespace fmnet
