// Green's functions: the kernels of one frequency, the sum as matrix products against the sum as written, and whole libraries.
#include <benchmark/benchmark.h>

#include <numbers>

#include "propagator/bessel.h"
#include "propagator/block_product.h"
#include "propagator/greens_functions.h"
#include "propagator/surface_response.h"

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

constexpr propagator::Excitation eight_series = propagator::Excitation::double_couple;

// Kernels of ten depths per wavenumber, C = std::complex<double> (plain) or ComplexLanes.
template <class C>
void kernels_of_ten_depths(benchmark::State& state) {
  const propagator::LayeredModel model = southern_california();
  const propagator::LayerStack stack = cut_at(model, depths(), 0.0, propagator::InterfaceSide::below, true);
  std::vector<propagator::Medium> media;
  for (const propagator::Layer& layer : model.layers()) {
    media.push_back(medium_at(layer, propagator::AttenuationLaw::constant_q, Complex(0.5, -0.01)));
  }
  const std::span<const propagator::PointSource> sources = point_sources(eight_series);
  propagator::SweepWorkspace<C> workspace(stack);
  std::vector<propagator::Kernel<C>> kernels(10 * sources.size());
  propagator::real_of<C> k{};
  k += 0.1;
  for (auto _ : state) {
    propagator::surface_kernels<C>(k, stack, media, sources, whole(stack), workspace, kernels);
    benchmark::DoNotOptimize(kernels.data());
  }
  constexpr int n_wavenumbers = std::is_same_v<C, Complex> ? 1 : propagator::n_lanes;
  state.SetItemsProcessed(state.iterations() * n_wavenumbers * 10);
}

void kernels_plain(benchmark::State& state) { kernels_of_ten_depths<Complex>(state); }
void kernels_in_lanes(benchmark::State& state) { kernels_of_ten_depths<propagator::ComplexLanes>(state); }
BENCHMARK(kernels_plain);
BENCHMARK(kernels_in_lanes);

// J0, J1, J2 at 128 wavenumbers x 192 distances, by the definition and by polynomials.
void bessel_definition(benchmark::State& state) {
  const std::vector<double> x = distances(192);
  for (auto _ : state) {
    for (int i = 0; i < 128; ++i) {
      for (const double distance : x) benchmark::DoNotOptimize(propagator::bessel_j012(0.01 * i * distance));
    }
  }
  state.SetItemsProcessed(state.iterations() * 128 * 192);
}
void bessel_polynomials(benchmark::State& state) {
  const std::vector<double> x = distances(192);
  std::vector<double> k;
  for (int i = 0; i < 128; ++i) k.push_back(0.01 * i);
  propagator::BesselBlock block;
  for (auto _ : state) {
    bessel_block(k, x, block);
    benchmark::DoNotOptimize(block.j2.data());
  }
  state.SetItemsProcessed(state.iterations() * 128 * 192);
}
BENCHMARK(bessel_definition);
BENCHMARK(bessel_polynomials);

// The processor's peak: multiply-adds of twelve vectors that stay in registers; items: floating-point operations.
void multiply_add_peak(benchmark::State& state) {
  using Packet = Eigen::internal::packet_traits<double>::type;
  constexpr int width = Eigen::internal::packet_traits<double>::size;
  Packet sum[12];
  for (Packet& p : sum) p = Eigen::internal::pset1<Packet>(1.0);
  const Packet a = Eigen::internal::pset1<Packet>(0.5);
  for (auto _ : state) {
    for (int i = 0; i < 1000; ++i) {
      for (Packet& p : sum) p = Eigen::internal::pmadd(p, a, a);
    }
    for (Packet& p : sum) benchmark::DoNotOptimize(p);
  }
  state.SetItemsProcessed(state.iterations() * 1000 * 12 * width * 2);
}
BENCHMARK(multiply_add_peak);

// The product of the sum over wavenumbers, items: floating-point operations.
void block_product(benchmark::State& state) {
  const Eigen::MatrixXd J = Eigen::MatrixXd::Random(192, 128);
  const Eigen::MatrixXd K = Eigen::MatrixXd::Random(128, 400);
  Eigen::MatrixXd S = Eigen::MatrixXd::Zero(192, 400);
  for (auto _ : state) {
    propagator::add_block_product(J, K, S);
    benchmark::DoNotOptimize(S.data());
  }
  state.SetItemsProcessed(state.iterations() * 2 * 192 * 128 * 400);
}
BENCHMARK(block_product);

void run(benchmark::State& state, const propagator::GreensSettings& settings, const std::vector<double>& x) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute_greens_functions(southern_california(), depths(), x, settings));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int>(x.size()) * 80);
}

propagator::GreensSettings settings_of(propagator::SourceTime source_time, double tolerance, int n_threads) {
  propagator::GreensSettings s;
  s.source_time = source_time;
  s.excitation = eight_series;
  s.wavenumbers.tolerance = tolerance;
  s.n_threads = n_threads;
  return s;
}

// 10 depths x 100 distances, 256 samples of 1 s, the whole band. range(0): threads; range(1): tolerance in 1e-4. At 3e-3 every
// series is within 3e-3 in 0.05-0.1 Hz (tests/data/greens_in_band_test.cpp).
void eight_thousand_series(benchmark::State& state) {
  const int n_threads = static_cast<int>(state.range(0));
  const double tolerance = 1e-4 * static_cast<double>(state.range(1));
  run(state, settings_of(propagator::SourceTime::impulse, tolerance, n_threads), distances(100));
}
BENCHMARK(eight_thousand_series)
    ->Args({1, 30})
    ->Args({1, 10})
    ->Args({2, 10})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// What costs how much: ten depths, 100 distances, 256 samples on one thread where nothing else is said; range(0) is what varies.

// Layers of equal thickness over 40 km, velocities growing with depth.
propagator::LayeredModel gradient(int n_layers) {
  std::vector<propagator::Layer> layers;
  for (int i = 0; i < n_layers; ++i) {
    const double vp = 5.5 + 2.3 * (i + 0.5) / n_layers;
    layers.push_back({i + 1 == n_layers ? 0.0 : 40.0 / n_layers, vp, vp / 1.73, 2.2 + 0.1 * vp, 600.0, 300.0});
  }
  return propagator::LayeredModel(layers);
}

void by_layers(benchmark::State& state) {
  const propagator::LayeredModel model = gradient(static_cast<int>(state.range(0)));
  const propagator::GreensSettings settings = settings_of(propagator::SourceTime::impulse, 1e-3, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute_greens_functions(model, depths(), distances(100), settings));
  }
}
BENCHMARK(by_layers)->Arg(1)->Arg(5)->Arg(10)->Arg(20)->Arg(40)->Unit(benchmark::kMillisecond);

void by_distances(benchmark::State& state) {
  run(state, settings_of(propagator::SourceTime::impulse, 1e-3, 1), distances(static_cast<int>(state.range(0))));
}
BENCHMARK(by_distances)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void by_samples(benchmark::State& state) {
  propagator::GreensSettings settings = settings_of(propagator::SourceTime::impulse, 1e-3, 1);
  settings.n_samples = static_cast<int>(state.range(0));
  run(state, settings, distances(100));
}
BENCHMARK(by_samples)->Arg(128)->Arg(256)->Arg(512)->Unit(benchmark::kMillisecond);

// The paper's grid: 10 depths, 1296 distances, 256 samples of 1 s, the band 0.02-0.2 Hz. range(0): threads.
void ridgecrest_library(benchmark::State& state) {
  propagator::GreensSettings s = settings_of(propagator::SourceTime::impulse, 1e-3, static_cast<int>(state.range(0)));
  s.min_frequency_hz = 0.02;
  s.max_frequency_hz = 0.2;
  run(state, s, distances(1296));
}
BENCHMARK(ridgecrest_library)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
