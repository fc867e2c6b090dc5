// Green's functions: the kernels of one frequency, the sum as matrix products against the sum as written, and whole libraries.
#include <benchmark/benchmark.h>

#include <numbers>

#include "propagator/greens_functions.h"

namespace {

using Complex = std::complex<double>;

propagator::LayeredModel southern_california() {
  return propagator::LayeredModel({{5.5, 5.5, 3.18, 2.4, 600.0, 300.0},
                                   {10.5, 6.3, 3.64, 2.67, 600.0, 300.0},
                                   {16.0, 6.7, 3.87, 2.8, 600.0, 300.0},
                                   {0.0, 7.8, 4.5, 3.0, 600.0, 300.0}});
}

std::vector<double> depths() { return {2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0}; }

std::vector<double> distances(int n) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(5.0 + 145.0 * i / (n - 1));
  return x;
}

// Kernels of ten depths per wavenumber, C = std::complex<double> (plain) or ComplexLanes.
template <class C>
void kernels_of_ten_depths(benchmark::State& state) {
  const propagator::LayeredModel model = southern_california();
  const propagator::LayerStack stack = cut_at_sources(model, depths(), propagator::InterfaceSide::below);
  std::vector<propagator::Medium> media;
  for (const propagator::Layer& layer : model.layers()) {
    media.push_back(medium_at(layer, propagator::AttenuationLaw::constant_q, Complex(0.5, -0.01)));
  }
  propagator::SweepWorkspace<C> workspace(stack);
  std::vector<propagator::Kernels<C>> kernels(10);
  propagator::real_of<C> k{};
  k += 0.1;
  for (auto _ : state) {
    propagator::surface_kernels<C>(k, stack, media, true, workspace, kernels);
    benchmark::DoNotOptimize(kernels.data());
  }
  constexpr int n_wavenumbers = std::is_same_v<C, Complex> ? 1 : propagator::n_lanes;
  state.SetItemsProcessed(state.iterations() * n_wavenumbers * 10);
}

void kernels_plain(benchmark::State& state) { kernels_of_ten_depths<Complex>(state); }
void kernels_in_lanes(benchmark::State& state) { kernels_of_ten_depths<propagator::ComplexLanes>(state); }
BENCHMARK(kernels_plain);
BENCHMARK(kernels_in_lanes);

// range(0): distances; range(1): threads. 10 depths, 256 samples of 1 s, the whole band, tolerance 1e-3.
void eight_thousand_series(benchmark::State& state) {
  propagator::GreensSettings s;
  s.source_time = propagator::SourceTime::impulse;
  s.wavenumbers.tolerance = 1e-3;
  s.n_threads = static_cast<int>(state.range(1));
  const std::vector<double> x = distances(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute_greens_functions(southern_california(), depths(), x, s));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * 100);
}
BENCHMARK(eight_thousand_series)->Args({100, 1})->Args({100, 2})->Unit(benchmark::kMillisecond)->UseRealTime();

// The library of the Ridgecrest grid: 10 depths, 1296 distances, 512 samples of 1 s for a moment step, up to 0.25 Hz.
void ridgecrest_library(benchmark::State& state) {
  propagator::GreensSettings s;
  s.n_samples = 512;
  s.max_frequency_hz = 0.25;
  s.wavenumbers.tolerance = 1e-3;
  s.n_threads = static_cast<int>(state.range(0));
  const std::vector<double> x = distances(1296);
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute_greens_functions(southern_california(), depths(), x, s));
  }
}
BENCHMARK(ridgecrest_library)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
