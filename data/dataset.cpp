#include "data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace data {
namespace {

bool same_place(const Place& a, const Place& b) {
  return a.latitude_deg == b.latitude_deg && a.longitude_deg == b.longitude_deg && a.depth_km == b.depth_km;
}

}  // namespace

Dataset::Dataset(std::shared_ptr<const GreensLibrary> library, const TrainingGrid& grid,
                 const PreprocessSettings& preprocess, const AugmentSettings& augment, std::uint64_t seed)
    : grid_(grid), synthesizer_(std::move(library), preprocess, augment, seed) {
  const std::vector<Place>& held = synthesizer_.library().places();
  const std::vector<Place> wanted = grid_.places();
  if (!std::equal(held.begin(), held.end(), wanted.begin(), wanted.end(), same_place)) {
    throw std::invalid_argument(
        fmt::format("Dataset: the library's {} places are not the {} places of the grid", held.size(), wanted.size()));
  }
}

Sample Dataset::sample(std::int64_t i) const {
  const TrainingGrid::Point point = grid_.point(i);
  return synthesize(point.place, grid_.mechanism(point.mechanism), static_cast<std::uint64_t>(i));  // (1)
}

Sample Dataset::synthesize(std::int64_t place, const propagator::FocalMechanism& mechanism, std::uint64_t key) const {
  return {synthesizer_.synthesize(place, mechanism, key), mechanism, place};
}

Waveforms Dataset::clean(std::int64_t place, const propagator::FocalMechanism& mechanism) const {
  return synthesizer_.clean(place, mechanism);
}

}  // namespace data
