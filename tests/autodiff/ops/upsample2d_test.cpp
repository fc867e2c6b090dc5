#include "autodiff/ops/upsample2d.h"

#include <gtest/gtest.h>

#include "autodiff/reference/upsample2d.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

struct Upsample2dCase {
  const char* name;
  Shape x;
  Index fh, fw;

  support::Layer layer() const {
    return [fh = fh, fw = fw](const std::vector<Variable>& leaves) { return upsample2d(leaves[0], fh, fw); };
  }
  std::vector<Variable> leaves() const { return {support::random_leaf(x, 1)}; }
};

const Upsample2dCase upsample2d_cases[] = {{"OnePixelUnchanged", {1, 1, 1, 1}, 1, 1},
                                           {"Bottleneck", {3, 1, 1, 4}, 1, 2},
                                           {"ExpansionLayer", {2, 1, 8, 3}, 1, 2},
                                           {"BothDirections", {2, 3, 2, 2}, 3, 2},
                                           {"Large", {9, 4, 16, 64}, 2, 2}};

class Upsample2d : public testing::TestWithParam<Upsample2dCase> {};

TEST_P(Upsample2d, EqualsTheDefinition) {
  const Tensor x = support::random_tensor(GetParam().x, 1);
  EXPECT_EQ(upsample2d(Variable(x), GetParam().fh, GetParam().fw).value(),
            reference::upsample2d(x, GetParam().fh, GetParam().fw));
}

class Upsample2dSmall : public Upsample2d {};

TEST_P(Upsample2dSmall, GradientMatchesCentralDifferences) {
  support::expect_gradient_matches(GetParam().layer(), GetParam().leaves());
}

TEST_P(Upsample2d, BackwardIsTheAdjointOfForward) {
  // Linear: <dy, f(x)> = <f^T dy, x>. Each element of f^T dy is a sum of fh fw Reals.
  const auto leaves = GetParam().leaves();
  const Variable y = GetParam().layer()(leaves);
  const Tensor dy = support::random_tensor(y.shape(), 2);
  backward(y, dy);
  const double tolerance = support::epsilon * std::sqrt(support::dot(dy, dy) * support::dot(y.value(), y.value()));
  EXPECT_NEAR(support::dot(dy, y.value()), support::dot(leaves[0].gradient(), leaves[0].value()), tolerance);
}

TEST_P(Upsample2d, DoesNotDependOnTheNumberOfThreads) {
  support::expect_same_bits(GetParam().layer(), GetParam().leaves());
}

INSTANTIATE_TEST_SUITE_P(Shapes, Upsample2d, testing::ValuesIn(upsample2d_cases), support::case_name);
INSTANTIATE_TEST_SUITE_P(Shapes, Upsample2dSmall, testing::ValuesIn(upsample2d_cases, upsample2d_cases + 4),
                         support::case_name);

TEST(Upsample2dByHand, EachPixelBecomesABlock) {
  const Variable x(Tensor({1, 1, 2, 1}, {1, 2}), true);
  const Variable y = upsample2d(x, 2, 3);
  EXPECT_EQ(y.value(), Tensor({1, 2, 6, 1}, {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));
  backward(y, Tensor({1, 2, 6, 1}, {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60}));
  EXPECT_EQ(x.gradient(), Tensor({1, 1, 2, 1}, {66, 165}));
}

TEST(Upsample2dByHand, OfNoImagesIsNothing) {
  const Variable x(Tensor({0, 2, 3, 4}), true);
  const Variable y = upsample2d(x, 2, 3);
  EXPECT_EQ(y.shape(), (Shape{0, 4, 9, 4}));
  backward(y, Tensor(y.shape()));
  EXPECT_EQ(x.gradient(), x.value());
}

TEST(Upsample2dErrors, RejectsFactorsBelowOne) {
  const Variable x(Tensor({1, 1, 2, 1}));
  EXPECT_THROW(upsample2d(x, 0, 2), std::invalid_argument);
  EXPECT_THROW(upsample2d(x, 1, -1), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
