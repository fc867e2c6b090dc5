// Which samples are trained on, and which are kept to judge the training.
//
// With the grid's G samples in a shuffled order p (data::Permutation of the seed, round 0), a training on n samples uses
// p(0) .. p(n-1); in epoch e it goes through them in the order q_e (round e of the same seed, e = 1, 2, ..):
//
//   step s, place j in its batch:   sample p(q_e(b B + j)),   e = 1 + s / S,  b = s mod S                    (1)
//
// with batches of B and S = ceil(n / B) steps an epoch; the last batch of an epoch holds what is left. Nothing is stored:
// the samples of any step follow from (seed, n, B, step).
//
// Unseen samples have noise, shifts and dropped stations of their own (the keys of data::Dataset::synthesize begin beyond the
// grid). Three kinds:
//
//   validation   sample i is grid sample p(n + i) as long as there is one, so mechanism and place together are unseen; for a
//                training on the whole grid, of which nothing is left, a grid sample drawn at random with other noise
//   on_grid      every mechanism of the grid in turn (972), each at a place drawn at random: the authors' test of 972
//   off_grid     mechanisms drawn at random from all double couples (strike, cosine of dip and rake uniform), places drawn at
//                random from the grid: none of them was ever trained on
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/dataset.h"
#include "data/random.h"
#include "data/training_grid.h"
#include "fmnet/batch.h"
#include "fmnet/config.h"

namespace fmnet {

class TrainingOrder {
 public:
  // n_grid samples on the grid, of which n_samples are trained on.
  TrainingOrder(std::int64_t n_grid, std::int64_t n_samples, int batch_size, std::uint64_t seed);

  std::int64_t steps_per_epoch() const;
  std::int64_t epoch(std::int64_t step) const;               // counted from 1
  std::vector<std::int64_t> batch(std::int64_t step) const;  // (1)

 private:
  std::int64_t n_grid_, n_samples_, batch_size_;
  std::uint64_t seed_;
};

enum class UnseenKind { validation, on_grid, off_grid };

// A double couple drawn from all of them alike: strike, cosine of dip and rake uniform; its canonical plane.
propagator::FocalMechanism random_double_couple(data::RandomStream& random);

// Unseen event i >= 0 of a kind: where it lies in `grid`, its mechanism, and the key of its disturbances. `grid` is that of
// the configuration, or one with the same mechanisms at other places (test_events.h).
struct UnseenEvent {
  std::int64_t place;
  propagator::FocalMechanism mechanism;
  std::uint64_t key;
};
UnseenEvent unseen_event(const data::TrainingGrid& grid, const Config& config, UnseenKind kind, std::int64_t i);

// Kagan angle in degrees to the nearest mechanism of the grid: what an answer that is one of them misses at least. Random double
// couples have 9 in the median to the paper's grid, and up to 21 (pure dip slip on planes of 45 degrees). Cost: one Kagan angle
// for each mechanism of the grid.
double angle_to_grid_deg(const data::TrainingGrid& grid, const propagator::FocalMechanism& mechanism);

// Its sample with the disturbances of the training.
data::Sample unseen_sample(const data::Dataset& dataset, const Config& config, UnseenKind kind, std::int64_t i);

// Unseen samples 0 .. n-1, computed on all threads.
std::vector<data::Sample> unseen_samples(const data::Dataset& dataset, const Config& config, UnseenKind kind,
                                         std::int64_t n);

}  // namespace fmnet
