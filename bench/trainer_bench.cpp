// A step of the trainer as it runs: samples computed, network forward and backward, Adam. Batch 16, eleven stations.
//
// items_per_second are samples; `share_on_samples` is the part of the time that computing the samples takes.
#include <benchmark/benchmark.h>

#include <chrono>

#include "../tests/support/toy_experiment.h"
#include "fmnet/trainer.h"

namespace {

void trainer_step(benchmark::State& state) {
  fmnet::Config config = support::toy_config();
  config.training.batch_size = 16;
  config.training.n_samples = 192;
  config.training.convolution = static_cast<autodiff::kernels::ConvolutionMethod>(state.range(0));
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  trainer.step();
  const double before_s = trainer.sample_seconds();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) trainer.step();
  const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  state.SetItemsProcessed(state.iterations() * config.training.batch_size);
  state.counters["share_on_samples"] = (trainer.sample_seconds() - before_s) / elapsed_s;
}

BENCHMARK(trainer_step)->ArgName("winograd")->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
