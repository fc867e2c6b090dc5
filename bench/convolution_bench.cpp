// Convolution kernels, layer by layer of FMNet at batch 16: forward, backward-data and backward-weights in GFLOP/s of one
// thread (CPU time; a multiply-add counts as two), beside the fused multiply-add peak of this core measured in the same
// run, and beside the definition in plain loops. `bandwidth` is that of memory, for what does little arithmetic.
//
//   build/release/bin/convolution_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "autodiff/kernels/convolution.h"
#include "autodiff/kernels/one_channel.h"
#include "autodiff/kernels/register_tile.h"
#include "autodiff/reference/conv2d.h"

namespace {

using namespace autodiff;

struct Layer {
  const char* name;
  Index H, W, KH, KW, C, O;
};

constexpr Index batch = 16;
const Layer layers[] = {
    {"conv1", 48, 128, 3, 3, 1, 64}, {"conv2", 24, 64, 3, 3, 64, 64}, {"conv3", 12, 32, 3, 3, 64, 64},
    {"conv4", 6, 16, 3, 3, 64, 64},  {"conv5", 3, 8, 3, 3, 64, 64},   {"conv6", 1, 4, 1, 3, 64, 128},
    {"conv7", 1, 2, 1, 3, 128, 128}, {"conv8", 1, 1, 1, 1, 128, 128}, {"conv9", 1, 2, 1, 3, 128, 128},
    {"conv10", 1, 4, 1, 3, 128, 64}, {"conv11", 1, 8, 1, 3, 64, 64},  {"conv12", 1, 16, 1, 3, 64, 64},
    {"conv13", 1, 32, 1, 3, 64, 32}, {"conv14", 1, 64, 1, 3, 32, 32}, {"conv15", 1, 128, 1, 3, 32, 16},
    {"conv16", 1, 128, 1, 3, 16, 3}};

Tensor varied(const Shape& shape) {
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = Real((i * 7919) % 1009) / 1009 - Real(0.5);
  return t;
}

void count(benchmark::State& state, double multiply_adds) {
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * multiply_adds, benchmark::Counter::kIsIterationInvariantRate);
}

enum class Pass { forward, backward_data, backward_weight };

void convolution(benchmark::State& state, const Layer& l, Pass pass, kernels::ConvolutionMethod method) {
  omp_set_num_threads(1);
  Tensor x = varied({batch, l.H, l.W, l.C}), weight = varied({l.KH, l.KW, l.C, l.O}), bias(per_channel(l.O));
  Tensor y = varied({batch, l.H, l.W, l.O});
  for (auto _ : state) {
    if (pass == Pass::forward) kernels::convolve(x, weight, bias, y, method);
    if (pass == Pass::backward_data) kernels::convolve_backward_data(y, weight, x, method);
    if (pass == Pass::backward_weight) kernels::convolve_backward_weight(x, y, weight, bias, method);
    benchmark::ClobberMemory();
  }
  count(state, double(batch * l.H * l.W * l.KH * l.KW * l.C * l.O));
}

void definition(benchmark::State& state) {
  const Layer& l = layers[2];
  const Tensor x = varied({1, l.H, l.W, l.C}), weight = varied({l.KH, l.KW, l.C, l.O}), bias(per_channel(l.O));
  Tensor y({1, l.H, l.W, l.O});
  for (auto _ : state) reference::convolve(x, weight, bias, y);
  count(state, double(l.H * l.W * l.KH * l.KW * l.C * l.O));
}

// As many independent multiply-adds as a tile has, on registers only.
void peak(benchmark::State& state) {
  using namespace Eigen::internal;
  constexpr int n_sums = 12, n_steps = 1000;
  kernels::Packet sum[n_sums];
  for (int i = 0; i < n_sums; ++i) sum[i] = pset1<kernels::Packet>(Real(i));
  kernels::Packet a = pset1<kernels::Packet>(Real(0.999)), b = pset1<kernels::Packet>(Real(0.001));
  benchmark::DoNotOptimize(a);
  benchmark::DoNotOptimize(b);
  for (auto _ : state) {
    for (int step = 0; step < n_steps; ++step) {
      for (int i = 0; i < n_sums; ++i) sum[i] = pmadd(a, sum[i], b);
    }
    for (int i = 0; i < n_sums; ++i) benchmark::DoNotOptimize(sum[i]);
  }
  count(state, double(n_steps) * n_sums * double(kernels::packet_size));
}

// Memory: 64 MB read, 64 MB written, far beyond the caches.
void bandwidth(benchmark::State& state) {
  constexpr Index n = Index{1} << 24;
  Tensor from({1, 1, 1, n}), to({1, 1, 1, n});
  for (auto _ : state) {
    std::copy_n(from.data(), n, to.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 2 * n * static_cast<Index>(sizeof(Real)));
}

// The first stage of 16 images: convolution, pool and slope forward, the gradient of the weights backward.
void one_channel(benchmark::State& state, bool backward) {
  constexpr Index W = 128, O = 64, n_rows = batch * 24;
  const Tensor x = varied({1, 1, 4, W + 2}), weight = varied({3, 3, 1, O}), bias(per_channel(O));
  Tensor z = varied({1, 1, W / 2, O}), sums({1, 1, 10, O});
  std::vector<std::uint8_t> winners(static_cast<std::size_t>(z.size()));
  for (auto _ : state) {
    for (Index row = 0; row < n_rows; ++row) {
      if (backward) {
        kernels::add_one_channel_gradients(x.data(), W, z.data(), winners.data(), O, 0, O, sums.data());
      } else {
        kernels::one_channel_row(x.data(), W, weight.data(), bias.data(), O, Real(0.2), z.data(), winners.data());
      }
    }
    benchmark::ClobberMemory();
  }
  count(state, double(n_rows * W / 2 * 36 * O));
}

[[maybe_unused]] const int registered = [] {
  benchmark::RegisterBenchmark("peak", peak);
  benchmark::RegisterBenchmark("bandwidth", bandwidth);
  benchmark::RegisterBenchmark("one_channel/forward", one_channel, false);
  benchmark::RegisterBenchmark("one_channel/backward_weight", one_channel, true);
  benchmark::RegisterBenchmark("definition/conv3/forward", definition);
  for (const Layer& l : layers) {
    for (const auto method : {kernels::ConvolutionMethod::direct, kernels::ConvolutionMethod::winograd}) {
      const bool winograd = method == kernels::ConvolutionMethod::winograd;
      if (winograd && !kernels::winograd_serves({batch, l.H, l.W, l.C}, {l.KH, l.KW, l.C, l.O})) continue;
      const std::string name = l.name + std::string(winograd ? "/winograd" : "/direct");
      benchmark::RegisterBenchmark((name + "/forward").c_str(), convolution, l, Pass::forward, method);
      benchmark::RegisterBenchmark((name + "/backward_data").c_str(), convolution, l, Pass::backward_data, method);
      benchmark::RegisterBenchmark((name + "/backward_weight").c_str(), convolution, l, Pass::backward_weight, method);
    }
  }
  return 0;
}();

}  // namespace
