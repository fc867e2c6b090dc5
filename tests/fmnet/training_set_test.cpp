#include "fmnet/training_set.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "fmnet/metrics.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Config;
using fmnet::TrainingOrder;

TEST(TrainingOrder, AnEpochVisitsEachSampleOnceAndAllEpochsTheSameSamples) {
  const TrainingOrder order(972, 50, 16, 7);
  EXPECT_EQ(order.steps_per_epoch(), 4);
  std::set<std::int64_t> first, second;
  std::size_t n_visits = 0;
  for (std::int64_t step = 0; step < 4; ++step) {
    for (const std::int64_t i : order.batch(step)) first.insert(i);
    for (const std::int64_t i : order.batch(4 + step)) second.insert(i);
    n_visits += order.batch(step).size();
  }
  EXPECT_EQ(n_visits, 50u);
  EXPECT_EQ(first.size(), 50u);
  EXPECT_EQ(first, second);
  EXPECT_NE(order.batch(0), order.batch(4));
  EXPECT_EQ(order.batch(3).size(), 2u);
}

TEST(TrainingOrder, ValidationSamplesAreNotTrainedOn) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const TrainingOrder order(dataset.size(), config.training.n_samples, config.training.batch_size, config.seed);
  std::set<std::pair<std::int64_t, double>> trained;  // place and a number that tells the mechanisms apart
  const auto name = [](const data::Sample& s) {
    return std::make_pair(s.place, 1e6 * s.mechanism.strike_deg + 1e3 * s.mechanism.dip_deg + s.mechanism.rake_deg);
  };
  for (std::int64_t step = 0; step < order.steps_per_epoch(); ++step) {
    for (const std::int64_t i : order.batch(step)) trained.insert(name(dataset.sample(i)));
  }
  EXPECT_EQ(trained.size(), 16u);
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(trained.count(name(unseen_sample(dataset, config, fmnet::UnseenKind::validation, i))), 0u);
  }
}

TEST(UnseenSamples, OnTheGridEveryMechanismComesInTurnAndOffTheGridNone) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  for (std::int64_t i = 0; i < 20; ++i) {
    const data::Sample on = unseen_sample(dataset, config, fmnet::UnseenKind::on_grid, i);
    EXPECT_LT(propagator::kagan_angle_deg(on.mechanism, dataset.grid().mechanism(i)), 1e-6);
    const data::Sample off = unseen_sample(dataset, config, fmnet::UnseenKind::off_grid, i);
    for (std::int64_t m = 0; m < dataset.grid().n_mechanisms(); ++m) {
      EXPECT_GT(propagator::kagan_angle_deg(off.mechanism, dataset.grid().mechanism(m)), 1e-3);
    }
  }
}

// A mean of many draws strays from its expectation by five standard errors once in a million.
TEST(UnseenSamples, RandomDoubleCouplesAreUniformOverAllOfThem) {
  constexpr int n_pairs = 20000;
  data::RandomStream random(5, 0);
  std::vector<double> angles;
  double sum_of_cosines = 0.0;
  for (int i = 0; i < n_pairs; ++i) {
    const propagator::FocalMechanism a = fmnet::random_double_couple(random), b = fmnet::random_double_couple(random);
    angles.push_back(propagator::kagan_angle_deg(a, b));
    sum_of_cosines += std::cos(a.dip_deg * M_PI / 180.0) + std::cos(b.dip_deg * M_PI / 180.0);
  }
  const fmnet::KaganSummary pairs = fmnet::summarize_kagan(angles);
  // Of random rotations modulo the four symmetries of a double couple: 4 (a - sin a) / pi for a = 20 degrees (the smallest of
  // the four is below 20 wherever one of them is), and the median of Kagan (1991).
  const double a = 20.0 * M_PI / 180.0, share = 4.0 * (a - std::sin(a)) / M_PI;
  EXPECT_NEAR(share, 0.009, 1e-3);
  EXPECT_NEAR(pairs.share_good, share, 5.0 * std::sqrt(share / n_pairs));
  EXPECT_NEAR(pairs.median_deg, 79.0, 1.0);
  EXPECT_NEAR(sum_of_cosines / (2 * n_pairs), 0.5, 5.0 * std::sqrt(1.0 / 12.0 / (2 * n_pairs)));
}

// Samples of the grid have the keys below its size: no unseen sample may have the noise of one that was trained on, nor of
// another kind.
TEST(UnseenSamples, HaveKeysOfTheirOwnBeyondTheGrid) {
  const Config config = support::toy_config();
  const data::TrainingGrid grid = config.training_grid();
  std::set<std::uint64_t> keys;
  for (const auto kind : {fmnet::UnseenKind::validation, fmnet::UnseenKind::on_grid, fmnet::UnseenKind::off_grid}) {
    for (std::int64_t i = 0; i < 300; ++i) keys.insert(fmnet::unseen_event(grid, config, kind, i).key);
  }
  EXPECT_EQ(keys.size(), 900u);
  EXPECT_GE(*keys.begin(), static_cast<std::uint64_t>(grid.size()));
}

}  // namespace
