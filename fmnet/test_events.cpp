#include "fmnet/test_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "data/random.h"
#include "fmnet/metrics.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

// Far from the substreams of data/augment.h and of training_set.cpp.
constexpr std::uint64_t picking_substream = 1002, missing_substream = 1003;

data::Axis middles(const data::Axis& axis) {
  return {axis.first + 0.5 * axis.step, axis.step, std::max(1, axis.count - 1)};  // (1)
}

std::vector<int> picking_errors(double standard_deviation_samples, int n_stations, int margin, std::uint64_t seed,
                                std::uint64_t key) {
  data::RandomStream random(seed, key, picking_substream);
  std::vector<int> shifts;
  while (static_cast<int>(shifts.size()) < n_stations) {
    const double shift = std::round(standard_deviation_samples * random.normal());  // (2)
    if (std::abs(shift) <= margin) shifts.push_back(static_cast<int>(shift));
  }
  return shifts;
}

// The first N of a shuffled list of stations.
std::vector<bool> missing_stations(int n_missing, int n_stations, std::uint64_t seed, std::uint64_t key) {
  data::RandomStream random(seed, key, missing_substream);
  std::vector<int> order(static_cast<std::size_t>(n_stations));
  std::iota(order.begin(), order.end(), 0);
  std::vector<bool> missing(order.size(), false);
  for (int i = 0; i < n_missing; ++i) {
    const auto other = static_cast<std::size_t>(i) + random.below(order.size() - static_cast<std::size_t>(i));
    std::swap(order[static_cast<std::size_t>(i)], order[other]);
    missing[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = true;  // (3)
  }
  return missing;
}

double median_distance_km(const data::GreensLibrary& library, std::int64_t place, const std::vector<bool>& missing) {
  std::vector<double> distances_km;
  for (int s = 0; s < library.n_stations(); ++s) {
    if (!missing[static_cast<std::size_t>(s)]) distances_km.push_back(library.path(place, s).distance_km);
  }
  return distances_km.empty() ? 0.0 : percentile(distances_km, 0.5);
}

}  // namespace

Config config_of(const Config& trained, const TestWorld& world) {
  Config config = trained;
  if (!world.velocity_model_path.empty()) {
    config.velocity_model = propagator::read_layered_model(world.velocity_model_path).layers();
  }
  if (world.between_places) {
    for (data::Axis* axis : {&config.grid.latitude_deg, &config.grid.longitude_deg, &config.grid.depth_km}) {
      *axis = middles(*axis);
    }
  }
  return config;
}

TestConditions applied_conditions(const TestConditions& conditions, const Config& trained) {
  if (trained.augment.noise) return conditions;
  if (conditions.snr_range) {
    throw propagator::InputError(
        "", "", "--snr", fmt::format("{} {}", conditions.snr_range->first, conditions.snr_range->second),
        "the configuration " + trained.name + " has augment.noise = false: there is no noise that it could scale");
  }
  TestConditions applied = conditions;
  applied.noise = false;
  return applied;
}

std::string conditions_text(const TestConditions& c) {
  std::string text = c.noise ? "noise" : "no noise";
  if (c.snr_range) text += fmt::format(", signal-to-noise ratio {} to {}", c.snr_range->first, c.snr_range->second);
  if (c.picking_error_s) text += fmt::format(", picking error {} s", *c.picking_error_s);
  if (c.n_missing) text += fmt::format(", {} stations missing", *c.n_missing);
  return text;
}

void check(const TestConditions& c, int n_stations) {
  const auto require = [](bool ok, const char* field, double value, const std::string& expected) {
    if (!ok) throw std::invalid_argument(fmt::format("TestConditions: {} = {}: expected {}", field, value, expected));
  };
  if (c.snr_range) {
    require(c.snr_range->first > 0.0, "snr_range", c.snr_range->first, "above 0");
    require(c.snr_range->second >= c.snr_range->first && std::isfinite(c.snr_range->second), "snr_range",
            c.snr_range->second, "at least the lower end");
  }
  if (c.picking_error_s) {
    require(*c.picking_error_s >= 0.0 && *c.picking_error_s <= 60.0, "picking_error_s", *c.picking_error_s,
            "0 to 60 s");
  }
  if (c.n_missing) {
    require(*c.n_missing >= 0 && *c.n_missing < n_stations, "n_missing", *c.n_missing,
            fmt::format("0 to {}", n_stations - 1));
  }
}

void require_margin(const TestConditions& conditions, const data::Dataset& dataset, const std::string& library_path) {
  if (!conditions.picking_error_s) return;
  const data::GreensLibrarySettings& library = dataset.synthesizer().library().settings();
  const int margin = library.margin;
  const auto needed = static_cast<int>(std::ceil(3.0 * *conditions.picking_error_s / library.preprocess.dt_s));
  if (margin >= needed) return;
  throw propagator::InputError(library_path, "", "margin", std::to_string(margin),
                               fmt::format("picking errors of {} s need {} samples: `fmnet greens --margin {}`",
                                           *conditions.picking_error_s, needed, needed));
}

TestEvent test_event(const data::Dataset& dataset, const Config& trained, UnseenKind kind,
                     const TestConditions& asked_for, std::int64_t i) {
  const data::GreensLibrary& library = dataset.synthesizer().library();
  const int n_stations = library.n_stations(), margin = library.settings().margin;
  check(asked_for, n_stations);
  const TestConditions conditions = applied_conditions(asked_for, trained);
  const UnseenEvent event = unseen_event(dataset.grid(), trained, kind, i);
  data::AugmentSettings settings = trained.augment;
  settings.noise = conditions.noise;
  if (conditions.snr_range) {
    settings.snr_min = conditions.snr_range->first;
    settings.snr_max = conditions.snr_range->second;
  }
  data::Augmentation drawn = data::draw_augmentation(settings, n_stations, trained.seed, event.key);
  if (conditions.picking_error_s) {
    drawn.shift_samples = picking_errors(*conditions.picking_error_s / trained.preprocess.dt_s, n_stations, margin,
                                         trained.seed, event.key);
  }
  if (conditions.n_missing) {
    drawn.dropped = missing_stations(*conditions.n_missing, n_stations, trained.seed, event.key);
  }
  TestEvent result;
  result.sample = {dataset.synthesizer().disturbed(event.place, event.mechanism, drawn, settings.noise, event.key),
                   event.mechanism, event.place};
  if (settings.noise) result.snr = drawn.snr;
  result.n_missing = static_cast<int>(std::count(drawn.dropped.begin(), drawn.dropped.end(), true));
  result.median_distance_km = median_distance_km(library, event.place, drawn.dropped);
  return result;
}

}  // namespace fmnet
