#include "data/augment.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "data/random.h"

namespace data {
namespace {

void require_augment(bool ok, const char* field, double value, const char* expected) {
  if (!ok) throw std::invalid_argument(fmt::format("AugmentSettings: {} = {}: expected {}", field, value, expected));
}

RandomStream stream(std::uint64_t seed, std::uint64_t key, Draw draw) {
  return RandomStream(seed, key, static_cast<std::uint64_t>(draw));
}

}  // namespace

void check(const AugmentSettings& s) {
  require_augment(s.snr_min > 0.0 && std::isfinite(s.snr_min), "snr_min", s.snr_min, "above 0");
  require_augment(s.snr_max >= s.snr_min && std::isfinite(s.snr_max), "snr_max", s.snr_max, "at least snr_min");
  require_augment(s.noise_level_min >= 0.0 && s.noise_level_min <= 1.0, "noise_level_min", s.noise_level_min, "0 to 1");
  require_augment(s.noise_level_max >= s.noise_level_min && s.noise_level_max <= 1.0, "noise_level_max",
                  s.noise_level_max, "noise_level_min to 1");
  require_augment(s.noise_level_spread >= 0.0 && s.noise_level_spread <= 5.0, "noise_level_spread",
                  s.noise_level_spread, "0 to 5");
  require_augment(s.max_event_shift_samples >= 0 && s.max_event_shift_samples <= 100'000, "max_event_shift_samples",
                  s.max_event_shift_samples, "0 to 100000");
  require_augment(s.max_station_shift_samples >= 0 && s.max_station_shift_samples <= 100'000,
                  "max_station_shift_samples", s.max_station_shift_samples, "0 to 100000");
  require_augment(s.drop_station_probability >= 0.0 && s.drop_station_probability < 1.0, "drop_station_probability",
                  s.drop_station_probability, "at least 0 and below 1");
}

Augmentation draw_augmentation(const AugmentSettings& settings, int n_stations, std::uint64_t seed, std::uint64_t key) {
  check(settings);
  if (n_stations < 0) {
    throw std::invalid_argument(fmt::format("draw_augmentation: n_stations = {}: expected 0 or more", n_stations));
  }
  Augmentation a;
  RandomStream source = stream(seed, key, Draw::source);
  a.snr = std::exp(source.uniform(std::log(settings.snr_min), std::log(settings.snr_max)));
  a.noise_level = source.uniform(settings.noise_level_min, settings.noise_level_max);

  RandomStream station_noise = stream(seed, key, Draw::station_noise);
  RandomStream shift = stream(seed, key, Draw::shift);
  RandomStream dropped = stream(seed, key, Draw::dropped);
  const auto draw_shift = [&](int largest) {
    return static_cast<int>(shift.below(2 * static_cast<std::uint64_t>(largest) + 1)) - largest;
  };
  const int event_shift = draw_shift(settings.max_event_shift_samples);
  for (int s = 0; s < n_stations; ++s) {
    a.noise_factor.push_back(std::exp(settings.noise_level_spread * station_noise.normal()));  // (1)
    a.shift_samples.push_back(event_shift + draw_shift(settings.max_station_shift_samples));   // (2)
    a.dropped.push_back(dropped.uniform() < settings.drop_station_probability);
  }
  return a;
}

}  // namespace data
