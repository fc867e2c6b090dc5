#include "autodiff/layers.h"

#include <gtest/gtest.h>

#include "autodiff/ops/conv2d.h"
#include "autodiff/ops/leaky_relu.h"
#include "autodiff/ops/max_pool2d.h"
#include "autodiff/ops/upsample2d.h"
#include "data/random.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

Uniform01 seeded(std::uint64_t seed) {
  return [random = data::RandomStream(seed, 0)]() mutable { return random.uniform(); };
}

TEST(Conv2dLayer, BeginsWithGlorotWeightsAndZeroBiases) {
  const Conv2d conv(3, 3, 5, 7, seeded(1));
  const Tensor weight = conv.parameters()[0].variable.value(), bias = conv.parameters()[1].variable.value();
  Tensor expected({3, 3, 5, 7});
  glorot_uniform(expected, 45, 63, seeded(1));
  EXPECT_EQ(weight, expected);
  EXPECT_EQ(bias, Tensor(per_channel(7)));
}

TEST(Layers, PassTheirParametersToTheOperation) {
  const Variable x(support::random_tensor({2, 2, 4, 3}, 1));
  Conv2d conv(3, 3, 3, 2, seeded(2));
  const auto parameters = conv.parameters();
  EXPECT_EQ(conv.forward(x).value(), conv2d(x, parameters[0].variable, parameters[1].variable).value());
  EXPECT_EQ(MaxPool2d(1, 2).forward(x).value(), max_pool2d(x, 1, 2).value());
  EXPECT_EQ(Upsample2d(1, 2).forward(x).value(), upsample2d(x, 1, 2).value());
  EXPECT_EQ(LeakyRelu(0.3).forward(x).value(), leaky_relu(x, 0.3).value());
  EXPECT_EQ(LeakyRelu().forward(x).value(), leaky_relu(x, 0.2).value());
}

TEST(BatchNormLayer, NormalisesByTheBatchInTrainingAndByTheAveragesInEvaluation) {
  BatchNorm2d bn(1, {1e-3, 0.5, RunningVariance::biased});
  EXPECT_EQ(*bn.buffers()[0].tensor, Tensor(per_channel(1), {0}));
  EXPECT_EQ(*bn.buffers()[1].tensor, Tensor(per_channel(1), {1}));
  const Variable x(Tensor({1, 1, 2, 1}, {4, 8}));  // mean 6, V 4
  const Tensor in_training = bn.forward(x).value();
  EXPECT_NEAR(in_training[1], 2 / std::sqrt(4 + 1e-3), 4 * support::epsilon);
  EXPECT_EQ(*bn.buffers()[0].tensor, Tensor(per_channel(1), {3}));
  EXPECT_EQ(*bn.buffers()[1].tensor, Tensor(per_channel(1), {2.5}));
  bn.eval();
  EXPECT_NEAR(bn.forward(x).value()[1], (8 - 3) / std::sqrt(2.5 + 1e-3), 8 * support::epsilon);
  EXPECT_EQ(*bn.buffers()[0].tensor, Tensor(per_channel(1), {3}));
}

// A small network of all layers in the order of FMNet. Kinks are rare but there, hence the 5 % that may be skipped. In
// float a step large against rounding crosses too many of them: there the test is of the double build.
TEST(Layers, AWholeNetworkPassesTheGradientCheck) {
  if (!support::real_is_double) GTEST_SKIP() << "needs Real = double";
  Sequential network;
  network.add("conv1", std::make_shared<Conv2d>(3, 3, 1, 4, seeded(3)))
      .add("pool1", std::make_shared<MaxPool2d>(2, 2))
      .add("relu1", std::make_shared<LeakyRelu>())
      .add("bn1", std::make_shared<BatchNorm2d>(4))
      .add("conv2", std::make_shared<Conv2d>(1, 3, 4, 6, seeded(4)))
      .add("up2", std::make_shared<Upsample2d>(1, 2))
      .add("relu2", std::make_shared<LeakyRelu>())
      .add("bn2", std::make_shared<BatchNorm2d>(6))
      .add("conv3", std::make_shared<Conv2d>(1, 3, 6, 2, seeded(5)));
  const Variable x = support::random_leaf({3, 4, 8, 1}, 6);
  const Tensor target = support::random_tensor(network.forward(x).shape(), 7);
  std::vector<Variable> leaves{x};
  for (const Parameter& parameter : network.parameters()) leaves.push_back(parameter.variable);
  const auto check = check_gradient([&] { return mse_loss(network.forward(x), target); }, leaves);
  EXPECT_TRUE(check.passes(1e-6)) << "error " << check.largest_error << " in leaf " << check.worst_leaf << ", element "
                                  << check.worst_element << ", skipped " << check.n_skipped;
}

}  // namespace
}  // namespace autodiff
