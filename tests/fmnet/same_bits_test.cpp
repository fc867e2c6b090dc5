// One training, the same bits everywhere: on any number of threads, and on every processor and compiler that fuses a
// multiplication and an addition where it is told to and nowhere else.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "autodiff/adam.h"
#include "autodiff/ops/mse_loss.h"
#include "data/checksum.h"
#include "data/random.h"
#include "fmnet/architecture.h"
#include "fmnet/checkpoint.h"
#include "fmnet/trainer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/thread_count.h"
#include "tests/support/toy_experiment.h"

namespace {

using autodiff::Index;
using autodiff::Real;
using autodiff::Tensor;
using autodiff::Variable;
using fmnet::FmNet;

// Uniform in -1 .. 1: made of integers, without the C library.
Tensor uniform_tensor(const autodiff::Shape& shape, std::uint64_t stream) {
  data::RandomStream random(5, stream);
  Tensor tensor(shape);
  for (Index i = 0; i < tensor.size(); ++i) tensor[i] = static_cast<Real>(2 * random.uniform() - 1);
  return tensor;
}

std::string bytes_of(const Tensor& t) {
  return {reinterpret_cast<const char*>(t.data()), static_cast<std::size_t>(t.size()) * sizeof(Real)};
}

// Weights, running averages, the optimizer's averages and a prediction after n steps on batches of 16.
std::string state_after_training(int n_steps, int n_threads) {
  const support::ThreadCount threads(n_threads);
  FmNet network(7);
  network.set_execution({true, autodiff::kernels::ConvolutionMethod::winograd});
  autodiff::Adam adam(network.parameters());
  for (int step = 0; step < n_steps; ++step) {
    adam.clear_gradients();
    const auto stream = static_cast<std::uint64_t>(2 * step);
    const Variable loss = autodiff::mse_loss(network.forward(Variable(uniform_tensor({16, 48, 128, 1}, stream))),
                                             uniform_tensor({16, 1, 128, 3}, stream + 1));
    autodiff::backward(loss);
    adam.step();
  }
  network.eval();
  const autodiff::RecordingOff recording_off;
  std::string bytes = bytes_of(network.forward(Variable(uniform_tensor({3, 48, 128, 1}, 999))).value());
  bytes += bytes_of(network.forward(Variable(uniform_tensor({1, 48, 128, 1}, 998))).value());
  for (const autodiff::Parameter& p : network.parameters()) bytes += bytes_of(p.variable.value());
  for (const autodiff::Buffer& b : network.buffers()) bytes += bytes_of(*b.tensor);
  for (const Tensor& m : adam.state().m) bytes += bytes_of(m);
  for (const Tensor& v : adam.state().v) bytes += bytes_of(v);
  return bytes;
}

TEST(SameBits, OnAnyNumberOfThreads) {
  const std::string one = state_after_training(3, 1);
  for (const int n_threads : {2, 3, 4, 8, 16}) {
    EXPECT_TRUE(state_after_training(3, n_threads) == one) << n_threads << " threads";
  }
}

// A trainer with its samples computed beside: the bytes of the state that it saves, weights and optimizer, and of its loss.
std::string state_of_trainer(int n_steps, int n_threads) {
  const support::ThreadCount threads(n_threads);
  fmnet::Config config = support::toy_config();
  config.training.batch_size = 16;
  config.training.n_samples = 192;
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  double loss = 0;
  for (int step = 0; step < n_steps; ++step) loss = trainer.step();
  const support::TemporaryFolder folder;
  trainer.save(folder.path());
  std::ifstream state(fmnet::state_path(folder.path()), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(state), {}) + std::to_string(loss);
}

// 200 steps: FMNET_TEST_STEPS=200 build/release/bin/fmnet_tests --gtest_filter='SameBits.OfATrainer*'
TEST(SameBits, OfATrainerOnAnyNumberOfThreads) {
  const char* wanted = std::getenv("FMNET_TEST_STEPS");
  const int n_steps = wanted == nullptr ? 2 : std::atoi(wanted);
  const std::string one = state_of_trainer(n_steps, 1);
  for (const int n_threads : {2, 3, 4, 8, 16}) {
    EXPECT_TRUE(state_of_trainer(n_steps, n_threads) == one) << n_threads << " threads";
  }
}

// The golden value was computed with AVX2 (-march=native and x86-64-v3) by gcc 12 and clang 14 on an AMD EPYC (Milan).
TEST(SameBits, OnEveryMachine) {
  if (sizeof(Real) != sizeof(float)) GTEST_SKIP() << "the golden value is that of single precision";
  EXPECT_EQ(data::sha256_hex(state_after_training(5, 2)),
            "17e96afa58a881b96646d0aca4c5707c7f74460f0f2a4c2e99afa6e6f3fd6460");
}

}  // namespace
