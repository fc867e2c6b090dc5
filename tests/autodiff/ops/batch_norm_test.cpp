#include "autodiff/ops/batch_norm.h"

#include <gtest/gtest.h>

#include "autodiff/reference/batch_norm.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

const BatchNormSettings biased{1e-3, 0.99, RunningVariance::biased};

RunningAverages random_averages(Index C) {
  RunningAverages averages{support::random_tensor(per_channel(C), 8), support::random_tensor(per_channel(C), 9)};
  for (Index c = 0; c < C; ++c) averages.variance[c] = 1 + std::abs(averages.variance[c]);
  return averages;
}

Variable training(const std::vector<Variable>& leaves) {
  RunningAverages averages = random_averages(leaves[0].shape().c);
  return batch_norm_training(leaves[0], leaves[1], leaves[2], averages, biased);
}

Variable prediction(const std::vector<Variable>& leaves) {
  return batch_norm_prediction(leaves[0], leaves[1], leaves[2], random_averages(leaves[0].shape().c), biased);
}

// The last shape has more pixels than parts of the sum, and enough values for threads to collide.
const Shape batch_norm_shapes[] = {{1, 1, 1, 1}, {16, 1, 1, 4}, {2, 6, 8, 1}, {2, 1, 8, 6}, {9, 8, 16, 33}};

class BatchNorm : public testing::TestWithParam<Shape> {
 protected:
  std::vector<Variable> leaves_{support::random_leaf(GetParam(), 1), support::random_leaf(per_channel(GetParam().c), 2),
                                support::random_leaf(per_channel(GetParam().c), 3)};
  // A few roundings of numbers of order one, amplified by 1/sqrt(V + eps), V >= 0.1 here.
  const double tolerance_ = 50 * support::epsilon;
};

// Few enough elements to move each; more than one pixel, without which training has no gradient (see below).
class BatchNormSmall : public BatchNorm {};

TEST_P(BatchNorm, EqualsTheDefinition) {
  const Tensor expected = reference::batch_norm(leaves_[0].value(), leaves_[1].value(), leaves_[2].value(), biased.eps);
  support::expect_near(training(leaves_).value(), expected, tolerance_);
}

TEST_P(BatchNorm, BackwardEqualsTheDefinition) {
  const Tensor dy = support::random_tensor(GetParam(), 4);
  backward(training(leaves_), dy);
  const auto expected = reference::batch_norm_backward(leaves_[0].value(), leaves_[1].value(), dy, biased.eps);
  support::expect_near(leaves_[2].gradient(), expected.dbeta, tolerance_);
  if (GetParam().n_pixels() == 1) {  // its own mean: nothing is left for gamma or x to act on
    EXPECT_EQ(leaves_[0].gradient()[0], 0);
    EXPECT_EQ(leaves_[1].gradient()[0], 0);
    return;
  }
  support::expect_near(leaves_[0].gradient(), expected.dx, tolerance_);
  support::expect_near(leaves_[1].gradient(), expected.dgamma, tolerance_);
}

TEST_P(BatchNormSmall, GradientMatchesCentralDifferences) { support::expect_gradient_matches(training, leaves_); }

TEST_P(BatchNormSmall, PredictionGradientMatchesCentralDifferences) {
  support::expect_gradient_matches(prediction, leaves_);
}

// Training is smooth but not linear in x: error of the difference h^2 f''' ~ 1e-8 in double, 1e-4 and rounding in float.
TEST_P(BatchNormSmall, BackwardIsTheAdjointOfTheLinearisation) {
  const double h = support::real_is_double ? 1e-5 : 1e-2, tolerance = support::real_is_double ? 1e-8 : 1e-3;
  for (std::size_t moved = 0; moved < 3; ++moved) {
    support::expect_adjoint(training, leaves_, moved, h, tolerance);
    support::expect_adjoint(prediction, leaves_, moved, h, tolerance);
  }
}

TEST_P(BatchNorm, DoesNotDependOnTheNumberOfThreads) {
  support::expect_same_bits(training, leaves_);
  support::expect_same_bits(prediction, leaves_);
  support::expect_same_tensors([this] {
    RunningAverages averages = random_averages(leaves_[0].shape().c);
    batch_norm_training(leaves_[0], leaves_[1], leaves_[2], averages, biased);
    return std::vector<Tensor>{averages.mean, averages.variance};
  });
}

// y does not change when a constant is added to x, nor (but for eps) when x is stretched.
TEST_P(BatchNorm, TheGradientOfXHasZeroMeanInEachChannel) {
  backward(training(leaves_), support::random_tensor(GetParam(), 4));
  const Tensor& dx = leaves_[0].gradient();
  const Index C = GetParam().c, m = GetParam().n_pixels();
  for (Index c = 0; c < C; ++c) {
    double sum = 0;
    for (Index k = 0; k < m; ++k) sum += dx[k * C + c];
    EXPECT_NEAR(sum, 0, support::epsilon * 20 * static_cast<double>(m)) << c;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, BatchNorm, testing::ValuesIn(batch_norm_shapes));
INSTANTIATE_TEST_SUITE_P(Shapes, BatchNormSmall,
                         testing::Values(batch_norm_shapes[1], batch_norm_shapes[2], batch_norm_shapes[3],
                                         Shape{3, 2, 5, 7}));

// Channel 0 holds 1, 3: mean 2, V 1. Channel 1 holds -4, 4: mean 0, V 16. eps 9 makes the roots whole: sqrt(16 + 9) = 5.
TEST(BatchNormByHand, NormalisesEachChannelOverTheBatch) {
  const Variable x(Tensor({2, 1, 1, 2}, {1, -4, 3, 4}));
  const Variable gamma(Tensor(per_channel(2), {1, 10})), beta(Tensor(per_channel(2), {0, 1}));
  RunningAverages averages{Tensor(per_channel(2)), Tensor(per_channel(2), {1, 1})};
  const Tensor y = batch_norm_training(x, gamma, beta, averages, {9, 0.75, RunningVariance::biased}).value();
  EXPECT_NEAR(y[0], -1 / std::sqrt(10.0), 2 * support::epsilon);
  EXPECT_NEAR(y[1], 1 - 10 * 0.8, 20 * support::epsilon);
  EXPECT_NEAR(y[2], 1 / std::sqrt(10.0), 2 * support::epsilon);
  EXPECT_NEAR(y[3], 1 + 10 * 0.8, 20 * support::epsilon);
  EXPECT_EQ(averages.mean, Tensor(per_channel(2), {0.5, 0}));
  EXPECT_EQ(averages.variance, Tensor(per_channel(2), {1, 4.75}));  // 0.75 1 + 0.25 16
}

TEST(BatchNormByHand, PredictionUsesTheRunningAveragesAndLeavesThemAlone) {
  const Variable x(Tensor({1, 1, 2, 1}, {5, 7}), true), gamma(Tensor(per_channel(1), {2}), true),
      beta(Tensor(per_channel(1), {1}), true);
  const RunningAverages averages{Tensor(per_channel(1), {3}), Tensor(per_channel(1), {12})};
  const Variable y = batch_norm_prediction(x, gamma, beta, averages, {4, 0.99, RunningVariance::biased});
  EXPECT_EQ(y.value(), Tensor({1, 1, 2, 1}, {2, 3}));  // 1 + 2 (5 - 3) / sqrt(12 + 4)
  backward(y, Tensor({1, 1, 2, 1}, {8, 4}));
  EXPECT_EQ(x.gradient(), Tensor({1, 1, 2, 1}, {4, 2}));
  EXPECT_EQ(gamma.gradient()[0], 8);  // 8 1/2 + 4 1
  EXPECT_EQ(beta.gradient()[0], 12);
}

TEST(BatchNormByHand, TheThreeRunningVariancesDifferByTheirNamedFactors) {
  const auto factor = [](RunningVariance kind) { return running_variance_factor(16, {1e-3, 0.99, kind}); };
  EXPECT_EQ(factor(RunningVariance::biased), 1);
  EXPECT_DOUBLE_EQ(factor(RunningVariance::unbiased), 16.0 / 15);
  EXPECT_DOUBLE_EQ(factor(RunningVariance::keras2), 16.0 / 15 * 16 / 14.999);
  EXPECT_NEAR(factor(RunningVariance::keras2), 1.138, 5e-4);

  const Variable x(Tensor({2, 1, 1, 1}, {0, 2})), gamma(Tensor(per_channel(1), {1})), beta(Tensor(per_channel(1)));
  RunningAverages averages{Tensor(per_channel(1)), Tensor(per_channel(1), {4})};
  batch_norm_training(x, gamma, beta, averages, {1e-3, 0.5, RunningVariance::unbiased});
  EXPECT_EQ(averages.variance[0], 3);  // (4 + 2 V) / 2 with V = 1
}

TEST(BatchNormByHand, AMeanFarLargerThanTheSpreadCostsNoDigits) {
  Tensor x({1, 1, 1000, 1});
  for (Index k = 0; k < 1000; ++k) x[k] = static_cast<Real>(4096 + (k % 2 == 0 ? 0.5 : -0.5));
  const Variable gamma(Tensor(per_channel(1), {1})), beta(Tensor(per_channel(1)));
  RunningAverages averages{Tensor(per_channel(1)), Tensor(per_channel(1))};
  batch_norm_training(Variable(x), gamma, beta, averages, {1e-3, 0, RunningVariance::biased});
  EXPECT_EQ(averages.mean[0], 4096);
  // The mean is known to 4096 u in double, u = 1.1e-16; a difference of squares would lose 4096^2 u.
  EXPECT_NEAR(averages.variance[0], 0.25, support::epsilon + 4096 * 1.1e-16);
}

TEST(BatchNormErrors, RejectsMismatchedShapes) {
  const Variable x(Tensor({2, 1, 1, 3})), good(Tensor(per_channel(3))), bad(Tensor(per_channel(2)));
  RunningAverages averages{Tensor(per_channel(3)), Tensor(per_channel(3))};
  RunningAverages bad_averages{Tensor(per_channel(2)), Tensor(per_channel(3))};
  EXPECT_NO_THROW(batch_norm_training(x, good, good, averages, biased));
  EXPECT_THROW(batch_norm_training(x, bad, good, averages, biased), std::invalid_argument);
  EXPECT_THROW(batch_norm_training(x, good, bad, averages, biased), std::invalid_argument);
  EXPECT_THROW(batch_norm_training(x, good, good, bad_averages, biased), std::invalid_argument);
  EXPECT_THROW(batch_norm_prediction(x, good, good, bad_averages, biased), std::invalid_argument);
  EXPECT_THROW(batch_norm_training(Variable(Tensor({0, 1, 1, 3})), good, good, averages, biased),
               std::invalid_argument);
}

TEST(BatchNormErrors, RejectsAnUnbiasedVarianceOfOnePixelAndLeavesTheAveragesAlone) {
  const Variable x(Tensor({1, 1, 1, 1}, {5})), gamma(Tensor(per_channel(1), {1})), beta(Tensor(per_channel(1)));
  RunningAverages averages{Tensor(per_channel(1), {7}), Tensor(per_channel(1), {8})};
  EXPECT_THROW(batch_norm_training(x, gamma, beta, averages, {1e-3, 0.99, RunningVariance::unbiased}),
               std::invalid_argument);
  EXPECT_THROW(batch_norm_training(x, gamma, beta, averages, {1e-3, 0.99, RunningVariance::keras2}),
               std::invalid_argument);
  EXPECT_EQ(averages.mean[0], 7);
  EXPECT_EQ(averages.variance[0], 8);
  EXPECT_THROW(batch_norm_training(x, gamma, beta, averages, {0, 0.99, RunningVariance::biased}),
               std::invalid_argument);
  EXPECT_THROW(batch_norm_training(x, gamma, beta, averages, {1e-3, 1.5, RunningVariance::biased}),
               std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
