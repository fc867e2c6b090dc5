#include "autodiff/ops/max_pool2d.h"

#include <gtest/gtest.h>

#include <limits>

#include "autodiff/reference/max_pool2d.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

struct MaxPool2dCase {
  const char* name;
  Shape x;
  Index ph, pw;

  support::Layer layer() const {
    return [ph = ph, pw = pw](const std::vector<Variable>& leaves) { return max_pool2d(leaves[0], ph, pw); };
  }
  std::vector<Variable> leaves() const { return {support::random_leaf(x, 1)}; }
};

const MaxPool2dCase max_pool2d_cases[] = {{"OnePixel", {1, 1, 1, 1}, 1, 1},
                                          {"FirstLayer", {2, 6, 8, 3}, 2, 2},
                                          {"FifthLayer", {2, 3, 8, 5}, 3, 2},
                                          {"SixthLayer", {3, 1, 4, 2}, 1, 2},
                                          {"Large", {9, 8, 16, 64}, 2, 2}};

class MaxPool2d : public testing::TestWithParam<MaxPool2dCase> {};

TEST_P(MaxPool2d, EqualsTheDefinition) {
  const Tensor x = support::random_tensor(GetParam().x, 1);
  EXPECT_EQ(max_pool2d(Variable(x), GetParam().ph, GetParam().pw).value(),
            reference::max_pool2d(x, GetParam().ph, GetParam().pw));
}

// Numbers of one digit: in a window of four, ties are the rule.
TEST_P(MaxPool2d, BackwardEqualsTheDefinitionWithTies) {
  Tensor x = support::random_tensor(GetParam().x, 1);
  for (Index i = 0; i < x.size(); ++i) x[i] = std::round(x[i]);
  const Variable leaf(x, true);
  const Variable y = max_pool2d(leaf, GetParam().ph, GetParam().pw);
  const Tensor dy = support::random_tensor(y.shape(), 2);
  backward(y, dy);
  EXPECT_EQ(leaf.gradient(), reference::max_pool2d_backward(x, dy, GetParam().ph, GetParam().pw));
}

class MaxPool2dSmall : public MaxPool2d {};

TEST_P(MaxPool2dSmall, GradientMatchesCentralDifferences) {
  // Distinct numbers 0.1 apart: no maximum changes within the step of the differences.
  Tensor x(GetParam().x);
  for (Index i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(0.1 * static_cast<double>(i * 37 % 1009) - 5);
  support::expect_gradient_matches(GetParam().layer(), {Variable(x, true)});
}

// The maximum is homogeneous of degree one, f(x) = J(x) x: <dy, f(x)> = <J^T dy, x>.
TEST_P(MaxPool2d, BackwardIsTheAdjointOfForward) {
  const auto leaves = GetParam().leaves();
  const Variable y = GetParam().layer()(leaves);
  const Tensor dy = support::random_tensor(y.shape(), 2);
  backward(y, dy);
  // Both sides add the same products of Reals in double, in different orders.
  const double tolerance = 1e-14 * static_cast<double>(y.value().size());
  EXPECT_NEAR(support::dot(dy, y.value()), support::dot(leaves[0].gradient(), leaves[0].value()), tolerance);
}

TEST_P(MaxPool2d, DoesNotDependOnTheNumberOfThreads) {
  support::expect_same_bits(GetParam().layer(), GetParam().leaves());
}

INSTANTIATE_TEST_SUITE_P(Shapes, MaxPool2d, testing::ValuesIn(max_pool2d_cases), support::case_name);
INSTANTIATE_TEST_SUITE_P(Shapes, MaxPool2dSmall, testing::ValuesIn(max_pool2d_cases, max_pool2d_cases + 4),
                         support::case_name);

TEST(MaxPool2dByHand, OfEqualValuesTheFirstInRowMajorOrderTakesTheGradient) {
  const Variable x(Tensor({1, 2, 6, 1}, {0, 0, /**/ 1, 5, /**/ -3, -3,  //
                                         0, 0, /**/ 5, 5, /**/ -2, -2}),
                   true);
  const Variable y = max_pool2d(x, 2, 2);
  EXPECT_EQ(y.value(), Tensor({1, 1, 3, 1}, {0, 5, -2}));
  backward(y, Tensor({1, 1, 3, 1}, {7, 8, 9}));
  EXPECT_EQ(x.gradient(), Tensor({1, 2, 6, 1}, {7, 0, 0, 8, 0, 0,  //
                                                0, 0, 0, 0, 9, 0}));
}

TEST(MaxPool2dByHand, ANaNIsNotHiddenWhereverItLies) {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (Index at = 0; at < 4; ++at) {
    Tensor x({1, 2, 2, 1}, {1, 2, 3, 4});
    x[at] = nan;
    EXPECT_NE(max_pool2d(Variable(x), 2, 2).value()[0], max_pool2d(Variable(x), 2, 2).value()[0]) << at;
  }
}

TEST(MaxPool2dByHand, OfNoImagesIsNothing) {
  const Variable x(Tensor({0, 4, 6, 3}), true);
  const Variable y = max_pool2d(x, 2, 3);
  EXPECT_EQ(y.shape(), (Shape{0, 2, 2, 3}));
  backward(y, Tensor(y.shape()));
  EXPECT_EQ(x.gradient(), x.value());
}

// The value must not need the winners, which are kept for the way back alone.
TEST(MaxPool2dByHand, GivesTheSameValueWhereNothingIsRecorded) {
  const Tensor x = support::random_tensor({3, 4, 6, 5}, 1);
  EXPECT_EQ(max_pool2d(Variable(x), 2, 3).value(), max_pool2d(Variable(x, true), 2, 3).value());
}

TEST(MaxPool2dErrors, RejectsMismatchedShapes) {
  const Variable x(Tensor({1, 4, 6, 1}));
  EXPECT_NO_THROW(max_pool2d(x, 4, 3));
  EXPECT_THROW(max_pool2d(x, 3, 3), std::invalid_argument);
  EXPECT_THROW(max_pool2d(x, 2, 4), std::invalid_argument);
  EXPECT_THROW(max_pool2d(x, 0, 1), std::invalid_argument);
  EXPECT_THROW(max_pool2d(Variable(Tensor({1, 1, 257, 1})), 1, 257), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
