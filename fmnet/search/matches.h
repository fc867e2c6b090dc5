// The samples with the smallest misfits, and how many of all samples a record is compared with.
#pragma once

#include <cstdint>
#include <vector>

namespace fmnet {

struct Match {
  std::int64_t candidate;  // position in the list of misfits
  float misfit;
};

// The n smallest (all, where there are fewer), ascending; of equal misfits the lower number comes first.
std::vector<Match> best_matches(const std::vector<float>& misfits, std::size_t n);

// Places of a grid that a search goes through: 0, step, 2 step, ... With step 1 all of them. A step that shares no divisor with the
// numbers of latitudes, longitudes and depths spreads them over all three.
std::vector<std::int64_t> searched_places(std::int64_t n_places, int step);

}  // namespace fmnet
