#include "fmnet/search/matches.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace fmnet {

std::vector<Match> best_matches(const std::vector<float>& misfits, std::size_t n) {
  std::vector<std::int64_t> order(misfits.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  n = std::min(n, order.size());
  const auto smaller = [&misfits](std::int64_t a, std::int64_t b) {
    const float x = misfits[static_cast<std::size_t>(a)], y = misfits[static_cast<std::size_t>(b)];
    return x < y || (x == y && a < b);
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(n);
  if (n < order.size()) std::nth_element(order.begin(), end, order.end(), smaller);
  std::sort(order.begin(), end, smaller);
  std::vector<Match> best;
  best.reserve(n);
  for (auto i = order.begin(); i != end; ++i) best.push_back({*i, misfits[static_cast<std::size_t>(*i)]});
  return best;
}

std::vector<std::int64_t> searched_places(std::int64_t n_places, int step) {
  if (n_places < 1 || step < 1) {
    throw std::invalid_argument(
        fmt::format("searched_places: n_places = {}, step = {}: both must be 1 or more", n_places, step));
  }
  std::vector<std::int64_t> places;
  for (std::int64_t place = 0; place < n_places; place += step) places.push_back(place);
  return places;
}

}  // namespace fmnet
