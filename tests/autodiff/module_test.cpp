#include "autodiff/module.h"

#include <gtest/gtest.h>

#include "autodiff/layers.h"

namespace autodiff {
namespace {

double half() { return 0.5; }

std::shared_ptr<Sequential> block() {
  auto layers = std::make_shared<Sequential>();
  layers->add("conv", std::make_shared<Conv2d>(1, 3, 2, 4, half)).add("bn", std::make_shared<BatchNorm2d>(4));
  return layers;
}

std::vector<std::string> names(const auto& items) {
  std::vector<std::string> result;
  for (const auto& item : items) result.push_back(item.name);
  return result;
}

TEST(Module, NamesArePathsInOrderOfRegistration) {
  Sequential network;
  network.add("first", block()).add("pool", std::make_shared<MaxPool2d>(1, 2)).add("second", block());
  EXPECT_EQ(names(network.parameters()),
            (std::vector<std::string>{"first.conv.weight", "first.conv.bias", "first.bn.gamma", "first.bn.beta",
                                      "second.conv.weight", "second.conv.bias", "second.bn.gamma", "second.bn.beta"}));
  EXPECT_EQ(names(network.buffers()),
            (std::vector<std::string>{"first.bn.running_mean", "first.bn.running_variance", "second.bn.running_mean",
                                      "second.bn.running_variance"}));
  EXPECT_EQ(network.n_parameters(), 2 * (3 * 2 * 4 + 4 + 4 + 4));
}

TEST(Module, ListedParametersAreHandlesToTheOnesInUse) {
  const auto conv = std::make_shared<Conv2d>(1, 1, 1, 1, half);
  std::vector<Parameter> parameters = conv->parameters();
  parameters[0].variable.mutable_value()[0] = 3;
  EXPECT_EQ(conv->forward(Variable(Tensor({1, 1, 1, 1}, {5}))).value()[0], 15);
}

TEST(Module, TrainAndEvalReachEverythingInside) {
  const auto inner = block();
  const auto bn = std::make_shared<BatchNorm2d>(4);
  inner->add("last", bn);
  Sequential network;
  network.add("inner", inner);
  EXPECT_TRUE(bn->is_training());
  network.eval();
  EXPECT_FALSE(bn->is_training());
  EXPECT_FALSE(network.is_training());
  network.train();
  EXPECT_TRUE(bn->is_training());
}

TEST(ModuleErrors, RejectsNamesThatAreTakenEmptyOrDotted) {
  Sequential network;
  network.add("a", block());
  EXPECT_THROW(network.add("a", block()), std::invalid_argument);
  EXPECT_THROW(network.add("", block()), std::invalid_argument);
  EXPECT_THROW(network.add("a.b", block()), std::invalid_argument);
  EXPECT_THROW(network.add("b", nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
