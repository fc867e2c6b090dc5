#include "autodiff/ops/conv2d.h"

#include <gtest/gtest.h>

#include "autodiff/reference/conv2d.h"
#include "tests/support/error_of.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

using support::random_leaf;

Variable conv2d_layer(const std::vector<Variable>& leaves) { return conv2d(leaves[0], leaves[1], leaves[2]); }

struct Conv2dCase {
  const char* name;
  Shape x, weight;

  std::vector<Variable> leaves() const {
    return {random_leaf(x, 1), random_leaf(weight, 2), random_leaf(per_channel(weight.c), 3)};
  }
  // Of the sum of K = KH KW C products of standard normal numbers, relative to its size sqrt(K): rounding of a sum in
  // any order is below K epsilon times the sum of magnitudes; it is a random walk, so that sqrt(K) epsilon is typical.
  double forward_tolerance() const {
    return support::epsilon * static_cast<double>(weight.n * weight.h * weight.w + 8);
  }
  double backward_tolerance() const {
    return support::epsilon * static_cast<double>(std::max(x.n_pixels(), weight.n * weight.h * weight.c) + 8);
  }
};

// One pixel; FMNet's bottleneck, where the kernel is wider than the image; its first layer and an expansion layer,
// shrunk; two that no vector width divides.
const Conv2dCase small_cases[] = {{"OnePixel", {1, 1, 1, 1}, {1, 1, 1, 1}},
                                  {"KernelWiderThanImage", {3, 1, 1, 4}, {1, 3, 4, 5}},
                                  {"FirstLayer", {2, 6, 8, 1}, {3, 3, 1, 4}},
                                  {"ExpansionLayer", {2, 1, 8, 6}, {1, 3, 6, 3}},
                                  {"OddSizes", {2, 5, 7, 3}, {5, 3, 3, 2}}};
// Large enough for threads to collide.
const Conv2dCase large_case = {"Large", {9, 12, 33, 20}, {3, 3, 20, 24}};

class Conv2d : public testing::TestWithParam<Conv2dCase> {};

TEST_P(Conv2d, EqualsTheDefinition) {
  const auto leaves = GetParam().leaves();
  const Variable y = conv2d_layer(leaves);
  Tensor expected(y.shape());
  reference::convolve(leaves[0].value(), leaves[1].value(), leaves[2].value(), expected);
  support::expect_near(y.value(), expected, GetParam().forward_tolerance());
}

TEST_P(Conv2d, BackwardEqualsTheDefinition) {
  const auto leaves = GetParam().leaves();
  const Variable y = conv2d_layer(leaves);
  const Tensor dy = support::random_tensor(y.shape(), 4);
  backward(y, dy);
  Tensor dx(leaves[0].shape()), dweight(leaves[1].shape()), dbias(leaves[2].shape());
  reference::convolve_backward_data(dy, leaves[1].value(), dx);
  reference::convolve_backward_weight(leaves[0].value(), dy, dweight, dbias);
  support::expect_near(leaves[0].gradient(), dx, GetParam().backward_tolerance());
  support::expect_near(leaves[1].gradient(), dweight, GetParam().backward_tolerance());
  support::expect_near(leaves[2].gradient(), dbias, GetParam().backward_tolerance());
}

TEST_P(Conv2d, BackwardIsTheAdjointOfForward) {
  // Linear in each leaf: a step of 1 is exact but for rounding.
  for (std::size_t moved = 0; moved < 3; ++moved) {
    support::expect_adjoint(conv2d_layer, GetParam().leaves(), moved, 1, GetParam().backward_tolerance());
  }
}

TEST_P(Conv2d, DoesNotDependOnTheNumberOfThreads) { support::expect_same_bits(conv2d_layer, GetParam().leaves()); }

INSTANTIATE_TEST_SUITE_P(Shapes, Conv2d,
                         testing::Values(small_cases[0], small_cases[1], small_cases[2], small_cases[3], small_cases[4],
                                         large_case),
                         [](const auto& tested) { return tested.param.name; });

class Conv2dSmall : public testing::TestWithParam<Conv2dCase> {};

TEST_P(Conv2dSmall, GradientMatchesCentralDifferences) {
  support::expect_gradient_matches(conv2d_layer, GetParam().leaves());
}

INSTANTIATE_TEST_SUITE_P(Shapes, Conv2dSmall, testing::ValuesIn(small_cases),
                         [](const auto& tested) { return tested.param.name; });

TEST(Conv2dByHand, TheKernelIsNotFlippedAndTheImageIsPaddedWithZeros) {
  const Variable x(Tensor({1, 1, 3, 1}, {1, 2, 3}));
  const Variable weight(Tensor({1, 3, 1, 1}, {10, 100, 1000}));
  const Variable bias(Tensor({1, 1, 1, 1}, {7}));
  // y[w] = 7 + 10 x[w-1] + 100 x[w] + 1000 x[w+1]
  EXPECT_EQ(conv2d(x, weight, bias).value(), Tensor({1, 1, 3, 1}, {2107, 3217, 327}));
}

TEST(Conv2dByHand, RowsOfTheKernelGoWithRowsOfTheImage) {
  const Variable x(Tensor({1, 3, 1, 1}, {1, 2, 3}));
  const Variable weight(Tensor({3, 1, 1, 1}, {10, 100, 1000}));
  const Variable bias(Tensor({1, 1, 1, 1}, {0}));
  EXPECT_EQ(conv2d(x, weight, bias).value(), Tensor({1, 3, 1, 1}, {2100, 3210, 320}));
}

TEST(Conv2dByHand, ChannelsMixByTheWeightMatrix) {
  const Variable x(Tensor({1, 1, 1, 2}, {2, 3}), true);
  const Variable weight(Tensor({1, 1, 2, 3}, {1, 2, 3, 10, 20, 30}), true);
  const Variable bias(Tensor({1, 1, 1, 3}, {0, 0, 1}), true);
  const Variable y = conv2d(x, weight, bias);
  EXPECT_EQ(y.value(), Tensor({1, 1, 1, 3}, {32, 64, 97}));
  backward(y, Tensor({1, 1, 1, 3}, {1, 0, 2}));
  EXPECT_EQ(x.gradient(), Tensor({1, 1, 1, 2}, {7, 70}));
  EXPECT_EQ(weight.gradient(), Tensor({1, 1, 2, 3}, {2, 0, 4, 3, 0, 6}));
  EXPECT_EQ(bias.gradient(), Tensor({1, 1, 1, 3}, {1, 0, 2}));
}

TEST(Conv2dByHand, OnlyWantedGradientsArrive) {
  const Variable x(Tensor({1, 1, 1, 1}, {2})), weight(Tensor({1, 1, 1, 1}, {5})), bias(Tensor({1, 1, 1, 1}, {0}), true);
  backward(conv2d(x, weight, bias), Tensor({1, 1, 1, 1}, {3}));
  EXPECT_EQ(bias.gradient()[0], 3);
}

TEST(Conv2dByHand, OfNoImagesIsNothing) {
  const Variable x(Tensor({0, 4, 4, 2}), true), weight = random_leaf({3, 3, 2, 5}, 1),
                                                bias = random_leaf(per_channel(5), 2);
  const Variable y = conv2d(x, weight, bias);
  EXPECT_EQ(y.shape(), (Shape{0, 4, 4, 5}));
  backward(y, Tensor(y.shape()));
  EXPECT_EQ(weight.gradient(), Tensor(weight.shape()));
  EXPECT_EQ(bias.gradient(), Tensor(bias.shape()));
}

TEST(Conv2dErrors, RejectsMismatchedShapes) {
  const auto with = [](const Shape& x, const Shape& weight, const Shape& bias) {
    conv2d(Variable(Tensor(x)), Variable(Tensor(weight)), Variable(Tensor(bias)));
  };
  EXPECT_NO_THROW(with({1, 4, 4, 2}, {3, 3, 2, 5}, per_channel(5)));
  EXPECT_THROW(with({1, 4, 4, 3}, {3, 3, 2, 5}, per_channel(5)), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 2}, {2, 3, 2, 5}, per_channel(5)), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 2}, {3, 4, 2, 5}, per_channel(5)), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 2}, {3, 3, 2, 5}, per_channel(4)), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 2}, {3, 3, 2, 5}, {5, 1, 1, 1}), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 0}, {3, 3, 0, 5}, per_channel(5)), std::invalid_argument);
  EXPECT_THROW(with({1, 4, 4, 2}, {3, 3, 2, 0}, per_channel(0)), std::invalid_argument);
}

TEST(Conv2dErrors, TheMessageNamesFunctionTensorAndShape) {
  const auto mismatched = [] {
    conv2d(Variable(Tensor({1, 4, 4, 3})), Variable(Tensor({3, 3, 2, 5})), Variable(Tensor(per_channel(5))));
  };
  EXPECT_EQ(support::error_of<std::invalid_argument>(mismatched),
            "conv2d: shape of x = 1 x 4 x 4 x 3: must be of as many channels as the weight's C = 2");
}

}  // namespace
}  // namespace autodiff
