#include "fmnet/training_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "data/random.h"
#include "fmnet/parallel_items.h"

namespace fmnet {
namespace {

constexpr std::uint64_t unseen_substream = 1001;  // far from the substreams of data/augment.h
constexpr double degrees = 180.0 / std::numbers::pi;

}  // namespace

propagator::FocalMechanism random_double_couple(data::RandomStream& random) {
  const double strike_deg = random.uniform(0.0, 360.0);
  const double dip_deg = std::acos(random.uniform()) * degrees;
  const double rake_deg = random.uniform(-180.0, 180.0);
  return propagator::canonical_plane({strike_deg, dip_deg, rake_deg});
}

TrainingOrder::TrainingOrder(std::int64_t n_grid, std::int64_t n_samples, int batch_size, std::uint64_t seed)
    : n_grid_(n_grid), n_samples_(n_samples), batch_size_(batch_size), seed_(seed) {
  if (n_samples < 1 || n_samples > n_grid || batch_size < 1) {
    throw std::invalid_argument(
        fmt::format("TrainingOrder: n_samples = {}, batch_size = {}: expected 1 to {} samples in batches of 1 or more",
                    n_samples, batch_size, n_grid));
  }
}

std::int64_t TrainingOrder::steps_per_epoch() const { return (n_samples_ + batch_size_ - 1) / batch_size_; }

std::int64_t TrainingOrder::epoch(std::int64_t step) const { return 1 + step / steps_per_epoch(); }

std::vector<std::int64_t> TrainingOrder::batch(std::int64_t step) const {
  const data::Permutation p(static_cast<std::uint64_t>(n_grid_), seed_, 0);
  const data::Permutation q(static_cast<std::uint64_t>(n_samples_), seed_, static_cast<std::uint64_t>(epoch(step)));
  const std::int64_t begin = step % steps_per_epoch() * batch_size_;
  const std::int64_t end = std::min(begin + batch_size_, n_samples_);
  std::vector<std::int64_t> indices;
  for (std::int64_t i = begin; i < end; ++i) {
    indices.push_back(static_cast<std::int64_t>(p(q(static_cast<std::uint64_t>(i)))));  // (1)
  }
  return indices;
}

UnseenEvent unseen_event(const data::TrainingGrid& grid, const Config& config, UnseenKind kind, std::int64_t i) {
  if (i < 0) throw std::invalid_argument(fmt::format("unseen_event: i = {}: must be 0 or more", i));
  const auto kind_number = static_cast<std::uint64_t>(kind);
  const auto n_grid = static_cast<std::uint64_t>(grid.size());
  const std::uint64_t key =
      static_cast<std::uint64_t>(config.training_grid().size()) + 3 * static_cast<std::uint64_t>(i) + kind_number;
  data::RandomStream random(config.seed, key, unseen_substream);
  const auto place = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(grid.n_places())));
  if (kind == UnseenKind::off_grid) return {place, random_double_couple(random), key};
  if (kind == UnseenKind::on_grid) return {place, grid.mechanism(i % grid.n_mechanisms()), key};
  const std::int64_t left = config.training.n_samples + i;
  const data::Permutation p(n_grid, config.seed, 0);
  const auto index =
      static_cast<std::int64_t>(left < grid.size() ? p(static_cast<std::uint64_t>(left)) : random.below(n_grid));
  const data::TrainingGrid::Point point = grid.point(index);
  return {point.place, grid.mechanism(point.mechanism), key};
}

double angle_to_grid_deg(const data::TrainingGrid& grid, const propagator::FocalMechanism& mechanism) {
  double smallest_deg = propagator::kagan_angle_deg(mechanism, grid.mechanism(0));
  for (std::int64_t m = 1; m < grid.n_mechanisms(); ++m) {
    smallest_deg = std::min(smallest_deg, propagator::kagan_angle_deg(mechanism, grid.mechanism(m)));
  }
  return smallest_deg;
}

data::Sample unseen_sample(const data::Dataset& dataset, const Config& config, UnseenKind kind, std::int64_t i) {
  const UnseenEvent event = unseen_event(dataset.grid(), config, kind, i);
  return dataset.synthesize(event.place, event.mechanism, event.key);
}

std::vector<data::Sample> unseen_samples(const data::Dataset& dataset, const Config& config, UnseenKind kind,
                                         std::int64_t n) {
  std::vector<data::Sample> samples(static_cast<std::size_t>(n));
  for_each_item(
      n, [&](std::int64_t i) { samples[static_cast<std::size_t>(i)] = unseen_sample(dataset, config, kind, i); });
  return samples;
}

}  // namespace fmnet
