// Time of one search through all 787,320 samples: 810 places x 972 mechanisms x 16 stations. The Green's functions of a place and the
// features are random numbers: the time does not depend on them.
//
//   build/release/bin/search_bench
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "fmnet/config.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/matches.h"
#include "fmnet/search/waveform_search.h"

namespace {

using data::GreensLibrary;

// The configuration of the paper on a library of random series.
const data::Dataset& dataset() {
  static const data::Dataset set = [] {
    const fmnet::Config config = fmnet::read_config(FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest.toml");
    data::GreensLibrarySettings settings = config.greens_library_settings();
    const GreensLibrary::Source source{
        [&settings](const std::vector<double>& depths_km, const std::vector<double>& distances_km, const auto&) {
          std::vector<propagator::GreensFunctions> all;
          data::RandomStream random(1, 0);
          Eigen::ArrayXXd series(settings.greens.n_samples, propagator::n_fundamentals);
          for (double& value : series.reshaped()) value = random.normal();
          for (const double depth_km : depths_km) {
            for (const double distance_km : distances_km) {
              all.push_back({depth_km, distance_km, settings.greens.dt_s, 0.0, series});
            }
          }
          return all;
        },
        [](double, double distance_km) { return distance_km / 6.0; }};
    const data::TrainingGrid grid = config.training_grid();
    auto library = std::make_shared<const GreensLibrary>(
        GreensLibrary::assemble(config.layered_model(), config.stations, grid.places(), settings, source));
    return data::Dataset(library, grid, config.preprocess, config.augment, config.seed);
  }();
  return set;
}

std::vector<data::Waveforms> records(std::int64_t n) {
  std::vector<data::Waveforms> all;
  for (std::int64_t i = 0; i < n; ++i) all.push_back(dataset().sample(1000 * i).waveforms);
  return all;
}

// Every one of the 787,320 samples for each of `records` events.
void DataDomain(benchmark::State& state) {
  const std::vector<data::Waveforms> events = records(state.range(0));
  const std::vector<std::int64_t> places = fmnet::searched_places(dataset().grid().n_places(), 1);
  for (auto _ : state) {
    const auto misfits = fmnet::waveform_misfits(dataset(), places, events);
    benchmark::DoNotOptimize(fmnet::best_matches(misfits.front(), 5000));
  }
}
BENCHMARK(DataDomain)
    ->ArgName("records")
    ->Arg(1)
    ->Arg(8)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// The definition on the 972 samples of one place: multiply by 810.
void DataDomainByDefinition(benchmark::State& state) {
  const data::Waveforms event = records(1).front();
  for (auto _ : state) {
    for (std::int64_t m = 0; m < dataset().grid().n_mechanisms(); ++m) {
      benchmark::DoNotOptimize(fmnet::waveform_misfit(dataset(), 0, dataset().grid().mechanism(m), event));
    }
  }
}
BENCHMARK(DataDomainByDefinition)->Unit(benchmark::kMillisecond);

void FeatureDomain(benchmark::State& state) {
  std::vector<float> features(static_cast<std::size_t>(dataset().size()) * fmnet::n_features);
  std::uint32_t number = 1;
  for (float& value : features) value = static_cast<float>((number = number * 1664525u + 1013904223u) >> 8) * 0x1p-24f;
  const fmnet::Features event{};
  for (auto _ : state) {
    const auto misfits = fmnet::feature_misfits(features, {event});
    benchmark::DoNotOptimize(fmnet::best_matches(misfits.front(), 5000));
  }
}
BENCHMARK(FeatureDomain)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
