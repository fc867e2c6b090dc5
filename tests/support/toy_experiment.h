// A training set that costs nothing: 216 samples at two places, from Green's functions that are sums of sines. Seismology it
// is not; strike, dip and rake still decide the waveforms by the true radiation pattern.
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "data/dataset.h"
#include "fmnet/config.h"

namespace support {

inline fmnet::Config toy_config() {
  fmnet::Config config = fmnet::read_config(FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest_strong_motion.toml");
  config.name = "toy";
  config.grid = {{35.7, 0.1, 2}, {-117.6, 0.1, 1}, {8.0, 2.0, 1}, {30.0, 30.0, 12}, {30.0, 30.0, 3}, {-60.0, 60.0, 3}};
  config.training.n_samples = 16;
  config.training.n_validation = 6;
  config.training.batch_size = 4;
  config.training.epochs = 2;
  return config;
}

inline std::vector<propagator::GreensFunctions> toy_series(const propagator::GreensSettings& settings,
                                                           const std::vector<double>& depths_km,
                                                           const std::vector<double>& distances_km) {
  std::vector<propagator::GreensFunctions> all;
  for (const double depth_km : depths_km) {
    for (const double distance_km : distances_km) {
      Eigen::ArrayXXd series = Eigen::ArrayXXd::Zero(settings.n_samples, propagator::n_fundamentals);
      for (int i = 0; i < settings.n_samples; ++i) {
        const double t = i * settings.dt_s - distance_km / 6.0;
        if (t < 0.0) continue;
        for (int k = 0; k < propagator::n_fundamentals; ++k) {
          series(i, k) =
              std::exp(-t / 40.0) * std::sin(2.0 * M_PI * (0.05 + 0.005 * k) * t + 0.1 * k + 0.01 * depth_km);
        }
      }
      all.push_back({depth_km, distance_km, settings.dt_s, 0.0, series});
    }
  }
  return all;
}

inline data::Dataset toy_dataset(const fmnet::Config& config) {
  const data::GreensLibrarySettings settings = config.greens_library_settings();
  data::GreensLibrary::Source source;
  source.series = [&settings](const std::vector<double>& depths_km, const std::vector<double>& distances_km,
                              const data::GreensLibrary::Progress&) {
    return toy_series(settings.greens, depths_km, distances_km);
  };
  source.p_time_s = [](double, double distance_km) { return distance_km / 6.0; };
  const data::TrainingGrid grid = config.training_grid();
  auto library = std::make_shared<const data::GreensLibrary>(
      data::GreensLibrary::assemble(config.layered_model(), config.stations, grid.places(), settings, source));
  return data::Dataset(library, grid, config.preprocess, config.augment, config.seed);
}

}  // namespace support
