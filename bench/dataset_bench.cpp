// Time of one training sample of the paper's shape: 16 stations, 128 samples, noise, shifts. The library is of one place,
// of random numbers of the size of real ones.
//
//   build/release/bin/dataset_bench
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <string>

#include "data/dataset.h"

namespace {

using data::GreensLibrary;

constexpr double unit_moment_motion_m = 1e-21;  // by which a moment of 1 N m moves the ground

std::shared_ptr<const GreensLibrary> library() {
  std::vector<data::Station> stations;
  for (int s = 0; s < 16; ++s)
    stations.push_back({"XX", std::string("S").append(std::to_string(s)), 35.0 + 0.1 * s, -118.0, 0.0});
  data::GreensLibrarySettings settings;
  settings.greens.n_samples = 400;
  settings.greens.dt_s = 0.5;
  const GreensLibrary::Source source{
      [](const std::vector<double>& depths_km, const std::vector<double>& distances_km, const auto&) {
        std::vector<propagator::GreensFunctions> all;
        data::RandomStream random(1, 0);
        for (const double depth_km : depths_km) {
          for (const double distance_km : distances_km) {
            all.push_back({depth_km, distance_km, 0.5, 0.0, Eigen::ArrayXXd(400, propagator::n_fundamentals)});
            for (double& value : all.back().series.reshaped()) value = unit_moment_motion_m * random.normal();
          }
        }
        return all;
      },
      [](double depth_km, double distance_km) { return std::hypot(depth_km, distance_km) / 6.0; }};
  return std::make_shared<const GreensLibrary>(
      GreensLibrary::assemble(propagator::LayeredModel({{0.0, 6.0, 3.46, 2.7, 600.0, 300.0}}), stations,
                              {{35.8, -117.6, 8.0}}, settings, source));
}

void Sample(benchmark::State& state) {
  data::AugmentSettings augment;
  augment.noise = state.range(0) != 0;
  const data::Synthesizer synthesizer(library(), data::PreprocessSettings{}, augment, 1);
  std::uint64_t key = 0;
  for (auto _ : state) benchmark::DoNotOptimize(synthesizer.synthesize(0, {230.0, 80.0, -10.0}, key++));
}
BENCHMARK(Sample)->ArgName("noise")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void NoiseOf48Rows(benchmark::State& state) {
  const data::NoiseModel model(data::PreprocessSettings{}, 0.5);
  data::Waveforms rows = data::Waveforms::Zero(48, 128);
  const Eigen::ArrayXf rms = Eigen::ArrayXf::Constant(48, static_cast<float>(0.01 * unit_moment_motion_m));
  std::uint64_t key = 0;
  for (auto _ : state) {
    data::RandomStream random(1, key++);
    model.add(rows, rms, 0.5, random);
    benchmark::DoNotOptimize(rows.data());
  }
  state.counters["frequencies"] = model.n_frequencies();
}
BENCHMARK(NoiseOf48Rows)->Unit(benchmark::kMicrosecond);

}  // namespace
