// A training that runs asks for no memory: every request of the whole process is counted, by standing in for malloc.
#include <gtest/gtest.h>

#if defined(__SANITIZE_ADDRESS__)
#define MALLOC_IS_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MALLOC_IS_TAKEN 1
#endif
#endif

#include <atomic>
#include <cstdlib>

#include "autodiff/adam.h"
#include "autodiff/ops/mse_loss.h"
#include "fmnet/architecture.h"

namespace {

std::atomic<long> n_requests{0};

}  // namespace

#ifndef MALLOC_IS_TAKEN
// What these stand in for, under the names that the C library keeps for the purpose. operator new and Eigen call them.
extern "C" {
void* __libc_malloc(std::size_t n_bytes);
void* __libc_calloc(std::size_t n, std::size_t n_bytes);
void* __libc_realloc(void* block, std::size_t n_bytes);
void* __libc_memalign(std::size_t alignment, std::size_t n_bytes);

void* malloc(std::size_t n_bytes) {
  ++n_requests;
  return __libc_malloc(n_bytes);
}
void* calloc(std::size_t n, std::size_t n_bytes) {
  ++n_requests;
  return __libc_calloc(n, n_bytes);
}
void* realloc(void* block, std::size_t n_bytes) {
  ++n_requests;
  return __libc_realloc(block, n_bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t n_bytes) {
  ++n_requests;
  return __libc_memalign(alignment, n_bytes);
}
}
#endif

namespace {

using autodiff::Tensor;
using autodiff::Variable;

// If nothing were counted, nothing would be found. Each request is looked at, so that the compiler cannot leave it out.
TEST(SteadyMemory, EveryKindOfRequestIsCounted) {
#ifdef MALLOC_IS_TAKEN
  GTEST_SKIP() << "the sanitizer has malloc to itself";
#endif
  long n_before = n_requests;
  void* volatile block = std::malloc(100);
  EXPECT_EQ(n_requests - n_before, 1) << "malloc";
  std::free(block);
  n_before = n_requests;
  double* volatile numbers = new double[100];
  EXPECT_EQ(n_requests - n_before, 1) << "operator new";
  delete[] numbers;
  n_before = n_requests;
  autodiff::release_kept_blocks();
  const Tensor tensor({1, 1, 12345, 7});
  EXPECT_GE(n_requests - n_before, 1) << "a tensor in a block that is not kept";
}

// Requests of five steps after three that fill the pool.
long requests_of_five_steps(const fmnet::Execution& execution) {
  fmnet::FmNet network(1);
  network.set_execution(execution);
  autodiff::Adam adam(network.parameters());
  const Variable images(Tensor({16, fmnet::n_input_rows, fmnet::n_input_columns, 1}));
  const auto step = [&] {
    adam.clear_gradients();
    autodiff::backward(autodiff::mse_loss(network.forward(images), Tensor({16, 1, 128, 3})));
    adam.step();
  };
  for (int i = 0; i < 3; ++i) step();
  const long n_before = n_requests;
  for (int i = 0; i < 5; ++i) step();
  return n_requests - n_before;
}

TEST(SteadyMemory, ATrainingStepOfSixteenSamplesAsksForNone) {
#ifdef MALLOC_IS_TAKEN
  GTEST_SKIP() << "the sanitizer has malloc to itself";
#endif
  EXPECT_EQ(requests_of_five_steps({true, autodiff::kernels::ConvolutionMethod::winograd}), 0) << "fused stages";
  EXPECT_EQ(requests_of_five_steps({false, autodiff::kernels::ConvolutionMethod::direct}), 0) << "layer by layer";
}

}  // namespace
