#include "autodiff/gradient_check.h"

#include <gtest/gtest.h>

#include "autodiff/ops/leaky_relu.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

// y = x^2 element by element, with a rule that may be wrong.
Variable square(const Variable& x, const std::function<Real(Index, Real)>& derivative) {
  Tensor y(x.shape());
  for (Index i = 0; i < y.size(); ++i) y[i] = x.value()[i] * x.value()[i];
  return Variable::result_of(std::move(y), {x}, [x, derivative](const Tensor&, Tensor dy) {
    for (Index i = 0; i < dy.size(); ++i) dy[i] *= derivative(i, x.value()[i]);
    x.add_to_gradient(std::move(dy));
  });
}

class GradientCheckOfASquare : public testing::Test {
 protected:
  GradientCheck check(const std::function<Real(Index, Real)>& derivative) {
    const Tensor target = support::random_tensor(x_.shape(), 2);
    return check_gradient([&] { return mse_loss(square(x_, derivative), target); }, {x_}, settings_);
  }
  bool passes(const std::function<Real(Index, Real)>& derivative) {
    return check(derivative).passes(settings_.tolerance);
  }

  Variable x_ = support::random_leaf({2, 3, 4, 5}, 1);
  GradientCheckSettings settings_;
};

TEST_F(GradientCheckOfASquare, PassesTheRightDerivative) {
  const GradientCheck result = check([](Index, Real x) { return 2 * x; });
  EXPECT_TRUE(result.passes(settings_.tolerance)) << result.largest_error;
  EXPECT_EQ(result.n_checked, 120);
  EXPECT_EQ(result.n_skipped, 0);
}

TEST_F(GradientCheckOfASquare, OneWrongSignFailsAndIsFound) {
  const GradientCheck result = check([](Index i, Real x) { return (i == 77 ? -2 : 2) * x; });
  EXPECT_FALSE(result.passes(settings_.tolerance));
  EXPECT_EQ(result.worst_element, 77);
}

TEST_F(GradientCheckOfASquare, AWrongFactorAMissingElementAndANaNFail) {
  EXPECT_FALSE(passes([](Index, Real x) { return x; }));
  EXPECT_FALSE(passes([](Index, Real x) { return Real(2.1) * x; }));
  EXPECT_FALSE(passes([](Index i, Real x) { return i == 77 ? 0 : 2 * x; }));
  EXPECT_FALSE(passes([](Index i, Real x) { return i == 77 ? std::numeric_limits<Real>::quiet_NaN() : 2 * x; }));
  EXPECT_FALSE(passes([](Index, Real) { return Real(0); }));
}

TEST_F(GradientCheckOfASquare, RestoresTheLeaves) {
  const Tensor before = x_.value();
  check([](Index, Real x) { return 2 * x; });
  EXPECT_EQ(x_.value(), before);
}

TEST(GradientCheck, SkipsAnElementBesideAKinkAndOnlyThat) {
  Tensor x({1, 1, 10, 10});
  for (Index i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(0.5 + 0.01 * static_cast<double>(i));
  x[42] = 0;  // on the kink
  const Variable leaf(x, true);
  const Tensor target = support::random_tensor(x.shape(), 2);
  const GradientCheckSettings settings;
  const auto check = check_gradient([&] { return mse_loss(leaky_relu(leaf, 0.2), target); }, {leaf}, settings);
  EXPECT_EQ(check.n_skipped, 1);
  EXPECT_EQ(check.n_checked, 99);
  EXPECT_TRUE(check.passes(settings.tolerance)) << check.largest_error;
}

TEST(GradientCheck, FailsWhereTooManyElementsAreSkippedOrNoneIsThere) {
  EXPECT_TRUE((GradientCheck{0, 100, 4, 0, 0}.passes(1e-6)));
  EXPECT_FALSE((GradientCheck{0, 100, 5, 0, 0}.passes(1e-6)));
  EXPECT_FALSE((GradientCheck{0, 0, 0, 0, 0}.passes(1e-6)));
  EXPECT_FALSE((GradientCheck{2e-6, 100, 0, 0, 0}.passes(1e-6)));
}

TEST(GradientCheck, RefusesALeafWithoutGradient) {
  const Variable x(Tensor({1, 1, 1, 1}));
  EXPECT_THROW(check_gradient([&] { return x; }, {x}), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
