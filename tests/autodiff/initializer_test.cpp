#include "autodiff/initializer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/random.h"

namespace autodiff {
namespace {

TEST(GlorotUniform, MapsTheGeneratorOntoTheIntervalInOrderOfMemory) {
  const double numbers[] = {0, 0.5, 0.75};
  int next = 0;
  Tensor weight(per_channel(3));
  glorot_uniform(weight, 20, 4, [&] { return numbers[next++]; });  // l = sqrt(6/24) = 1/2
  EXPECT_EQ(weight, Tensor(per_channel(3), {-0.5, 0, 0.25}));
}

TEST(GlorotUniform, HasTheVarianceOfTheRule) {
  data::RandomStream random(1, 0);
  Tensor weight({3, 3, 64, 64});
  glorot_uniform(weight, 576, 576, [&] { return random.uniform(); });
  double sum = 0, sum_of_squares = 0;
  for (Index i = 0; i < weight.size(); ++i) {
    sum += weight[i];
    sum_of_squares += double(weight[i]) * weight[i];
  }
  const double n = static_cast<double>(weight.size()), variance = 2.0 / (576 + 576);
  // Five standard deviations of the estimates: mean sqrt(V/n); variance of a uniform law V sqrt(4/5/n).
  EXPECT_NEAR(sum / n, 0, 5 * std::sqrt(variance / n));
  EXPECT_NEAR(sum_of_squares / n, variance, 5 * variance * std::sqrt(0.8 / n));
}

TEST(GlorotUniformErrors, RejectsFansThatAreNotPositive) {
  Tensor weight(per_channel(1));
  EXPECT_THROW(glorot_uniform(weight, 0, 1, [] { return 0.0; }), std::invalid_argument);
  EXPECT_THROW(glorot_uniform(weight, 1, 0, [] { return 0.0; }), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
