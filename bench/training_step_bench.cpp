// One training step of FMNet at batch 16 without the optimizer: forward, loss, backward, from small operations and from
// fused stages, direct and Winograd; and the same of each stage alone. Samples (or stages) per second of wall time.
//
//   OMP_NUM_THREADS=1 build/release/bin/training_step_bench --benchmark_repetitions=7
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "autodiff/layers.h"
#include "autodiff/ops/fused_stage.h"
#include "autodiff/ops/mse_loss.h"
#include "data/random.h"
#include "fmnet/architecture.h"

namespace {

using namespace autodiff;

constexpr Index batch = 16;

Tensor noise(const Shape& shape, std::uint64_t seed) {
  data::RandomStream random(seed, 0);
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<Real>(random.normal());
  return t;
}

struct FusedLayer {
  explicit FusedLayer(const fmnet::StageShape& s, kernels::ConvolutionMethod method)
      : convolution(s.kernel_height, s.kernel_width, s.n_in, s.n_out, [this] { return random.uniform(); }),
        normalization(s.n_out),
        normalized(s.normalized) {
    settings.method = method;
    if (s.resizing == fmnet::Resizing::max_pool) {
      settings.pool_height = s.factor_height;
      settings.pool_width = s.factor_width;
    } else if (s.resizing == fmnet::Resizing::upsample) {
      settings.upsample_height = s.factor_height;
      settings.upsample_width = s.factor_width;
    }
  }

  Variable operator()(const Variable& x) {
    if (!normalized) return convolution.forward(x);
    return fused_stage_training(x,
                                {convolution.weight(), convolution.bias(), normalization.gamma(), normalization.beta()},
                                normalization.averages(), settings);
  }

  data::RandomStream random{1, 1};
  Conv2d convolution;
  BatchNorm2d normalization;
  FusedStageSettings settings;
  bool normalized;
};

std::vector<std::unique_ptr<FusedLayer>> fused_network(kernels::ConvolutionMethod method) {
  std::vector<std::unique_ptr<FusedLayer>> layers;
  for (const fmnet::StageShape& s : fmnet::stage_shapes()) layers.push_back(std::make_unique<FusedLayer>(s, method));
  return layers;
}

void report(benchmark::State& state) {
  state.counters["samples/s"] =
      benchmark::Counter(static_cast<double>(batch), benchmark::Counter::kIsIterationInvariantRate);
}

void fused_step(benchmark::State& state, kernels::ConvolutionMethod method) {
  const auto layers = fused_network(method);
  const Variable x(noise({batch, 48, 128, 1}, 1));
  const Tensor target = noise({batch, 1, 128, 3}, 2);
  for (auto _ : state) {
    Variable y = x;
    for (const auto& layer : layers) y = (*layer)(y);
    backward(mse_loss(y, target));
  }
  report(state);
}

void composed_step(benchmark::State& state) {
  fmnet::FmNet network(1);
  const Variable x(noise({batch, 48, 128, 1}, 1));
  const Tensor target = noise({batch, 1, 128, 3}, 2);
  for (auto _ : state) backward(mse_loss(network.forward(x), target));
  report(state);
}

void stage(benchmark::State& state, std::size_t number, kernels::ConvolutionMethod method, bool with_backward) {
  Shape shape{batch, 48, 128, 1};
  const auto layers = fused_network(method);
  for (std::size_t i = 0; i < number; ++i) shape = (*layers[i])(Variable(Tensor(shape))).shape();
  const Variable x(noise(shape, 1), number > 0);
  const Tensor dy = noise((*layers[number])(x).shape(), 2);
  for (auto _ : state) {
    const Variable y = (*layers[number])(x);
    if (with_backward) backward(y, dy);
  }
  report(state);
}

[[maybe_unused]] const int registered = [] {
  constexpr auto direct = kernels::ConvolutionMethod::direct, winograd = kernels::ConvolutionMethod::winograd;
  benchmark::RegisterBenchmark("step/small_operations", composed_step)->UseRealTime();
  benchmark::RegisterBenchmark("step/fused/direct", fused_step, direct)->UseRealTime();
  benchmark::RegisterBenchmark("step/fused/winograd", fused_step, winograd)->UseRealTime();
  for (std::size_t i = 0; i < fmnet::n_stages; ++i) {
    const std::string name = "stage" + std::to_string(i + 1);
    benchmark::RegisterBenchmark((name + "/forward").c_str(), stage, i, winograd, false)->UseRealTime();
    benchmark::RegisterBenchmark((name + "/forward_and_backward").c_str(), stage, i, winograd, true)->UseRealTime();
  }
  return 0;
}();

}  // namespace
