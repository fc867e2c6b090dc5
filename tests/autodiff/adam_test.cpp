#include "autodiff/adam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

// b1 = 1/2, b2 = 3/4, gradients 2 then -1, from p = 1, lr = 1/10, eps = 1/2, worked by hand:
//
//   step   m                          v                             1 - b1^t   sqrt(1 - b2^t)
//   1      1/2 2 = 1                  1/4 4 = 1                     1/2        1/2
//   2      1/2 1 - 1/2 = 0            irrelevant: m = 0
//
// Gradients 2 then 2 instead: m = 1, 3/2; v = 1, 7/4; 1 - b1^t = 1/2, 3/4; 1 - b2^t = 1/4, 7/16.
//
//   paper  step 1: m_hat = 2, v_hat = 4:  p = 1 - 1/10 2 / (2 + 1/2)             = 1 - 0.08
//          step 2: m_hat = 2, v_hat = 4:  the same again                         = 1 - 0.16
//   keras  step 1: 1/10 (1/2)/(1/2) 1 / (1 + 1/2)                                = 1 - 1/15
//          step 2: 1/10 (sqrt(7)/4)/(3/4) (3/2) / (sqrt(7)/2 + 1/2)              = sqrt(7) / (10 (sqrt(7) + 1))
class AdamByHand : public testing::Test {
 protected:
  static Parameter parameter(double value) {
    return {"p", Variable(Tensor({1, 1, 1, 1}, {static_cast<Real>(value)}), true)};
  }
  void step(Adam& adam, double gradient) {
    adam.clear_gradients();
    p_.variable.add_to_gradient(Tensor({1, 1, 1, 1}, {static_cast<Real>(gradient)}));
    adam.step();
  }
  double value() const { return p_.variable.value()[0]; }
  AdamSettings settings(AdamForm form) const { return {0.1, 0.5, 0.75, 0.5, form}; }

  Parameter p_ = parameter(1);
  const double tolerance_ = 4 * support::epsilon;
};

TEST_F(AdamByHand, ThePapersFormTakesTheseTwoSteps) {
  Adam adam({p_}, settings(AdamForm::paper));
  step(adam, 2);
  EXPECT_NEAR(value(), 1 - 0.08, tolerance_);
  step(adam, 2);
  EXPECT_NEAR(value(), 1 - 0.16, tolerance_);
}

TEST_F(AdamByHand, KerasFormTakesTheseTwoSteps) {
  Adam adam({p_}, settings(AdamForm::keras));
  step(adam, 2);
  EXPECT_NEAR(value(), 1 - 1 / 15.0, tolerance_);
  step(adam, 2);
  EXPECT_NEAR(value(), 1 - 1 / 15.0 - std::sqrt(7.0) / (10 * (std::sqrt(7.0) + 1)), tolerance_);
}

TEST_F(AdamByHand, AGradientThatTurnsBackStopsTheParameter) {
  Adam adam({p_}, settings(AdamForm::keras));
  step(adam, 2);
  const double after_one = value();
  step(adam, -1);
  EXPECT_EQ(value(), after_one);
  EXPECT_EQ(adam.state().n_steps, 2);
  EXPECT_EQ(adam.state().m[0][0], 0);
  EXPECT_EQ(adam.state().v[0][0], 1);  // 3/4 1 + 1/4 1
}

TEST_F(AdamByHand, ADefaultStepHasTheSizeOfTheLearningRate) {
  Adam adam({p_});
  step(adam, 1e3);
  // m / (sqrt(v) + eps) = 100 / (31.6 + 1e-8): eps takes 3e-10 of the step.
  EXPECT_NEAR(value(), 1 - 1e-3, 1e-12 + tolerance_);
}

TEST_F(AdamByHand, LeavesAParameterAloneThatIsNotTrainable) {
  p_.trainable = false;
  Adam adam({p_}, settings(AdamForm::keras));
  step(adam, 2);
  EXPECT_EQ(value(), 1);
  EXPECT_EQ(adam.state().m[0][0], 0);
}

TEST(Adam, ContinuesFromItsStateAsIfNeverStopped) {
  const Tensor start = support::random_tensor({1, 2, 3, 4}, 1);
  const auto train = [](Variable x, Adam& adam, int n_steps) {
    for (int i = 0; i < n_steps; ++i) {
      adam.clear_gradients();
      backward(mse_loss(x, Tensor(x.shape())));
      adam.step();
    }
  };
  Variable whole(start, true), first(start, true);
  Adam adam_whole({{"x", whole}}), adam_first({{"x", first}});
  train(whole, adam_whole, 7);
  train(first, adam_first, 3);
  Variable second(first.value(), true);
  Adam adam_second({{"x", second}});
  adam_second.set_state(adam_first.state());
  train(second, adam_second, 4);
  EXPECT_EQ(second.value(), whole.value());
}

TEST(Adam, LeavesParametersAloneThatAreNotTrainable) {
  Variable fixed(Tensor(per_channel(1), {1}), true), free(Tensor(per_channel(1), {1}), true);
  Adam adam({{"fixed", fixed, false}, {"free", free, true}});
  fixed.add_to_gradient(Tensor(per_channel(1), {1}));
  free.add_to_gradient(Tensor(per_channel(1), {1}));
  adam.step();
  EXPECT_EQ(fixed.value()[0], 1);
  EXPECT_LT(free.value()[0], 1);
}

TEST(Adam, DoesNotDependOnTheNumberOfThreads) {
  const Shape shape{3, 3, 64, 128};
  const auto run = [&](int n_threads) {
    const support::ThreadCount threads(n_threads);
    Variable x = support::random_leaf(shape, 1);
    Adam adam({{"x", x}});
    for (int i = 0; i < 3; ++i) {
      adam.clear_gradients();
      x.add_to_gradient(support::random_tensor(shape, 2));
      adam.step();
    }
    return x.value();
  };
  EXPECT_EQ(run(1), run(4));
}

TEST(AdamErrors, RejectsSettingsOutOfRangeAndForeignStates) {
  const auto with = [](const AdamSettings& settings) { Adam({}, settings); };
  EXPECT_NO_THROW(with({}));
  EXPECT_THROW(with({-1e-3}), std::invalid_argument);
  EXPECT_THROW(with({1e-3, 1.0}), std::invalid_argument);
  EXPECT_THROW(with({1e-3, 0.9, 1.0}), std::invalid_argument);
  EXPECT_THROW(with({1e-3, 0.9, 0.999, 0}), std::invalid_argument);
  Adam adam({{"x", Variable(Tensor(per_channel(3)), true)}});
  EXPECT_THROW(adam.set_state({}), std::invalid_argument);
  EXPECT_THROW(adam.set_state({1, {Tensor(per_channel(3))}, {Tensor(per_channel(2))}}), std::invalid_argument);
  EXPECT_THROW(adam.set_state({-1, {Tensor(per_channel(3))}, {Tensor(per_channel(3))}}), std::invalid_argument);
  EXPECT_THROW(adam.set_learning_rate(-1), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
