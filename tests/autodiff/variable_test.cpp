#include "autodiff/variable.h"

#include <gtest/gtest.h>

#include "autodiff/ops/mse_loss.h"

namespace autodiff {
namespace {

Tensor scalar(double value) { return Tensor({1, 1, 1, 1}, {static_cast<Real>(value)}); }
Variable leaf(double value) { return Variable(scalar(value), true); }

// Scalar operations whose derivatives are known by heart.
Variable product(const Variable& a, const Variable& b) {
  return Variable::result_of(scalar(a.value()[0] * b.value()[0]), {a, b}, [a, b](const Tensor&, const Tensor& dy) {
    if (a.requires_gradient()) a.add_to_gradient(scalar(dy[0] * b.value()[0]));
    if (b.requires_gradient()) b.gradient_sum()[0] += dy[0] * a.value()[0];
  });
}

Variable sum(const Variable& a, const Variable& b) {
  return Variable::result_of(scalar(a.value()[0] + b.value()[0]), {a, b}, [a, b](const Tensor&, const Tensor& dy) {
    if (a.requires_gradient()) a.add_to_gradient(dy);
    if (b.requires_gradient()) b.add_to_gradient(dy);
  });
}

TEST(Variable, TheProductRuleHolds) {
  const Variable a = leaf(3), b = leaf(5);
  backward(product(a, b));
  EXPECT_EQ(a.gradient()[0], 5);
  EXPECT_EQ(b.gradient()[0], 3);
}

TEST(Variable, GradientsAddWhereAVariableIsUsedTwice) {
  const Variable a = leaf(3);
  backward(product(a, product(a, a)));  // a^3
  EXPECT_EQ(a.gradient()[0], 27);
}

TEST(Variable, ANodeIsCompleteBeforeItsRuleRuns) {
  // y = (a + b); L = y y + y: reached over paths of different length, dL/da = 2 y + 1.
  const Variable a = leaf(2), b = leaf(4);
  const Variable y = sum(a, b);
  backward(sum(y, product(y, y)));
  EXPECT_EQ(a.gradient()[0], 13);
  EXPECT_EQ(b.gradient()[0], 13);
}

TEST(Variable, BackwardTwiceAddsTwiceUntilCleared) {
  Variable a = leaf(3);
  const Variable y = product(product(a, a), leaf(2));
  backward(y);
  EXPECT_EQ(a.gradient()[0], 12);
  backward(y);
  EXPECT_EQ(a.gradient()[0], 24);
  a.clear_gradient();
  EXPECT_EQ(a.gradient()[0], 0);
}

TEST(Variable, NoGradientFlowsIntoConstants) {
  const Variable a = leaf(3), constant(scalar(5));
  backward(product(a, constant));
  EXPECT_EQ(a.gradient()[0], 5);
  EXPECT_FALSE(constant.requires_gradient());
  EXPECT_FALSE(product(constant, constant).requires_gradient());
}

TEST(Variable, TheGradientOfALeafWithoutAnyIsZero) {
  EXPECT_EQ(Variable(Tensor({1, 2, 3, 4}), true).gradient(), Tensor({1, 2, 3, 4}));
}

TEST(Variable, NothingIsRecordedWhileRecordingIsOff) {
  const Variable a = leaf(3);
  {
    const RecordingOff off;
    { const RecordingOff nested; }
    EXPECT_FALSE(product(a, a).requires_gradient());
  }
  EXPECT_TRUE(product(a, a).requires_gradient());
}

TEST(Variable, TheGraphDiesWithItsLastHandle) {
  const auto counted = std::make_shared<int>(0);
  const Variable a = leaf(1);
  {
    const Variable y =
        Variable::result_of(scalar(1), {a}, [counted, a](const Tensor&, const Tensor& dy) { a.add_to_gradient(dy); });
    const Variable z = product(y, y);
    EXPECT_EQ(counted.use_count(), 2);
    backward(z);
  }
  EXPECT_EQ(counted.use_count(), 1);
}

TEST(Variable, AChainOfAMillionOperationsNeedsNoDeepStack) {
  const Variable a = leaf(0), one(scalar(1));
  Variable y = a;
  for (int i = 0; i < 1'000'000; ++i) y = sum(y, one);
  EXPECT_EQ(y.value()[0], 1'000'000);
  backward(y);
  EXPECT_EQ(a.gradient()[0], 1);
}

TEST(Variable, TheExampleOfTheHeaderHolds) {
  Variable a(Tensor({1, 1, 1, 1}, {3}), true);
  backward(mse_loss(a, Tensor({1, 1, 1, 1}, {1})));
  EXPECT_EQ(a.gradient()[0], 4);
}

TEST(VariableErrors, BackwardNeedsAScalarThatDependsOnALeaf) {
  EXPECT_THROW(backward(Variable(Tensor({1, 1, 1, 2}), true)), std::invalid_argument);
  EXPECT_THROW(backward(Variable(scalar(1))), std::invalid_argument);
  EXPECT_THROW(backward(leaf(1), Tensor({1, 1, 1, 2})), std::invalid_argument);
}

TEST(VariableErrors, AContributionMustHaveTheShapeOfTheValue) {
  const Variable a(Tensor({1, 1, 2, 1}), true);
  EXPECT_THROW(a.add_to_gradient(Tensor({1, 1, 1, 2})), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
