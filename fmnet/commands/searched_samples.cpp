#include "fmnet/commands/searched_samples.h"

#include <algorithm>

#include "fmnet/commands/greens_command.h"
#include "fmnet/manifest.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/version.h"

namespace fmnet {

using propagator::FocalMechanism;

std::string search_key(const SearchInputs& inputs, const std::string& what) {
  return step_key({{"config", training_toml(inputs.config)},
                   {"greens", file_sha256(inputs.library_path)},
                   {"weights", file_sha256(inputs.weights_path)},
                   {"place step", std::to_string(inputs.place_step)},
                   {"what", what},
                   {"version", version}});
}

SearchedSamples::SearchedSamples(const SearchInputs& inputs)
    : predictor(inputs.weights_path, inputs.config),
      dataset(open_dataset(inputs.config, inputs.library_path)),
      places(searched_places(dataset.grid().n_places(), inputs.place_step)),
      layout(feature_layout(dataset, places, inputs.weights_path)) {}

FocalMechanism SearchedSamples::mechanism(std::int64_t candidate) const {
  return dataset.grid().mechanism(candidate % dataset.grid().n_mechanisms());
}

std::int64_t SearchedSamples::grid_sample(std::int64_t candidate) const {
  const std::int64_t n = dataset.grid().n_mechanisms();
  return dataset.grid().index({places[static_cast<std::size_t>(candidate / n)], candidate % n});
}

double SearchedSamples::nearest_of_ten_deg(const FocalMechanism& found, const std::vector<Match>& matches) const {
  double nearest = 180.0;
  for (std::size_t i = 0; i < std::min(n_compared_matches, matches.size()); ++i) {
    nearest = std::min(nearest, propagator::kagan_angle_deg(found, mechanism(matches[i].candidate)));
  }
  return nearest;
}

}  // namespace fmnet
