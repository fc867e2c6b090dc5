#include "autodiff/ops/mse_loss.h"

#include <gtest/gtest.h>

#include "autodiff/reference/mse_loss.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

class MseLoss : public testing::TestWithParam<Shape> {
 protected:
  Tensor target_ = support::random_tensor(GetParam(), 2);
  support::Layer layer_ = [this](const std::vector<Variable>& leaves) { return mse_loss(leaves[0], target_); };
  std::vector<Variable> leaves_{support::random_leaf(GetParam(), 1)};
};

TEST_P(MseLoss, EqualsTheDefinition) {
  // Both sum n positive numbers in double, in different orders; the result is rounded to Real once.
  const double expected = reference::mse_loss(leaves_[0].value(), target_);
  EXPECT_NEAR(layer_(leaves_).value()[0], expected,
              (2 * support::epsilon + 1.2e-16 * static_cast<double>(GetParam().size())) * expected);
}

class MseLossSmall : public MseLoss {};

TEST_P(MseLossSmall, GradientMatchesCentralDifferences) {
  const GradientCheckSettings settings;
  const auto check = check_gradient([this] { return layer_(leaves_); }, leaves_, settings);
  EXPECT_TRUE(check.passes(settings.tolerance)) << check.largest_error;
  EXPECT_EQ(check.n_skipped, 0);
}

// Quadratic: the symmetric difference over any step is exact, here over 1.
TEST_P(MseLoss, BackwardIsTheAdjointOfItsLinearisation) {
  const double rounding_of_two_losses = 20 * support::epsilon * static_cast<double>(GetParam().size());
  support::expect_adjoint(layer_, leaves_, 0, 1, rounding_of_two_losses);
}

TEST_P(MseLoss, DoesNotDependOnTheNumberOfThreads) { support::expect_same_bits(layer_, leaves_); }

const Shape mse_loss_shapes[] = {{1, 1, 1, 1}, {3, 1, 1, 4}, {2, 6, 8, 1}, {2, 1, 8, 6}, {9, 8, 16, 64}};
INSTANTIATE_TEST_SUITE_P(Shapes, MseLoss, testing::ValuesIn(mse_loss_shapes));
INSTANTIATE_TEST_SUITE_P(Shapes, MseLossSmall, testing::ValuesIn(mse_loss_shapes, mse_loss_shapes + 4));

TEST(MseLossByHand, IsTheMeanOverAllElements) {
  const Variable y(Tensor({2, 1, 1, 2}, {1, 2, 3, 4}), true);
  const Variable loss = mse_loss(y, Tensor({2, 1, 1, 2}, {1, 0, 0, 5}));
  EXPECT_EQ(loss.value()[0], Real(3.5));  // (0 + 4 + 9 + 1) / 4
  backward(loss);
  EXPECT_EQ(y.gradient(), Tensor({2, 1, 1, 2}, {0, 1, 1.5, -0.5}));
}

TEST(MseLossErrors, RejectsMismatchedShapes) {
  EXPECT_THROW(mse_loss(Variable(Tensor({1, 1, 2, 3})), Tensor({1, 1, 3, 2})), std::invalid_argument);
  EXPECT_THROW(mse_loss(Variable(Tensor()), Tensor()), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
