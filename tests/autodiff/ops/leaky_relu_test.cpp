#include "autodiff/ops/leaky_relu.h"

#include <gtest/gtest.h>

#include <limits>

#include "autodiff/reference/leaky_relu.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

Variable leaky_relu_layer(const std::vector<Variable>& leaves) { return leaky_relu(leaves[0], 0.2); }

class LeakyRelu : public testing::TestWithParam<Shape> {};

TEST_P(LeakyRelu, EqualsTheDefinition) {
  const Tensor x = support::random_tensor(GetParam(), 1);
  // One product, of a slope rounded to Real.
  support::expect_near(leaky_relu(Variable(x), 0.2).value(), reference::leaky_relu(x, 0.2), 2 * support::epsilon);
}

class LeakyReluSmall : public LeakyRelu {};

TEST_P(LeakyReluSmall, GradientMatchesCentralDifferences) {
  // Away from the kink, further than the step of the differences reaches.
  Tensor x = support::random_tensor(GetParam(), 1);
  for (Index i = 0; i < x.size(); ++i) x[i] += static_cast<Real>(x[i] > 0 ? 0.1 : -0.1);
  support::expect_gradient_matches(leaky_relu_layer, {Variable(x, true)});
}

// Homogeneous of degree one, f(x) = J(x) x: <dy, f(x)> = <J^T dy, x>.
TEST_P(LeakyRelu, BackwardIsTheAdjointOfForward) {
  const Variable x = support::random_leaf(GetParam(), 1);
  const Variable y = leaky_relu_layer({x});
  const Tensor dy = support::random_tensor(y.shape(), 2);
  backward(y, dy);
  const double tolerance = support::epsilon * std::sqrt(support::dot(dy, dy) * support::dot(y.value(), y.value()));
  EXPECT_NEAR(support::dot(dy, y.value()), support::dot(x.gradient(), x.value()), tolerance);
}

TEST_P(LeakyRelu, DoesNotDependOnTheNumberOfThreads) {
  support::expect_same_bits(leaky_relu_layer, {support::random_leaf(GetParam(), 1)});
}

const Shape leaky_relu_shapes[] = {{1, 1, 1, 1}, {3, 1, 1, 4}, {2, 6, 8, 1}, {2, 1, 8, 6}, {9, 8, 16, 64}};
INSTANTIATE_TEST_SUITE_P(Shapes, LeakyRelu, testing::ValuesIn(leaky_relu_shapes));
INSTANTIATE_TEST_SUITE_P(Shapes, LeakyReluSmall, testing::ValuesIn(leaky_relu_shapes, leaky_relu_shapes + 4));

TEST(LeakyReluByHand, PositiveNumbersPassOthersShrink) {
  const Variable x(Tensor({1, 1, 1, 4}, {3, -2, 0, -0.5}), true);
  const Variable y = leaky_relu(x, 0.25);
  EXPECT_EQ(y.value(), Tensor({1, 1, 1, 4}, {3, -0.5, 0, -0.125}));
  backward(y, Tensor({1, 1, 1, 4}, {8, 8, 8, 8}));
  EXPECT_EQ(x.gradient(), Tensor({1, 1, 1, 4}, {8, 2, 2, 2}));  // at 0, the slope
}

TEST(LeakyReluByHand, ANaNStaysOne) {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_TRUE(std::isnan(leaky_relu(Variable(Tensor({1, 1, 1, 1}, {nan})), 0.2).value()[0]));
}

TEST(LeakyReluErrors, RejectsSlopesThatLoseTheSign) {
  const Variable x(Tensor({1, 1, 1, 1}));
  EXPECT_THROW(leaky_relu(x, 0), std::invalid_argument);
  EXPECT_THROW(leaky_relu(x, -0.2), std::invalid_argument);
  EXPECT_THROW(leaky_relu(x, 1.5), std::invalid_argument);
  EXPECT_THROW(leaky_relu(x, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
