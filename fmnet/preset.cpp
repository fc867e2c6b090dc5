#include "fmnet/preset.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/toml_reader.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::uint64_t max_preset_bytes = std::uint64_t{1} << 20;
constexpr std::int64_t largest_size = std::int64_t{1} << 40;

data::Axis every(int stride, const data::Axis& axis) {
  return {axis.first, axis.step * stride, (axis.count - 1) / stride + 1};
}

}  // namespace

Preset read_preset(const std::string& path) {
  TomlReader reader(data::read_whole_file(path, max_preset_bytes), path);
  Preset preset;
  preset.path = path;
  reader.table("");
  reader.text("name", preset.name);
  reader.text("config", preset.config_path);
  reader.integer("place_stride", preset.place_stride, 1, 100);
  reader.integer("n_samples", preset.n_samples, std::int64_t{2}, largest_size);
  reader.integer("epochs", preset.epochs, 1, 100000);
  reader.integer("n_validation", preset.n_validation, std::int64_t{1}, std::int64_t{1000000});
  reader.integer("n_on_grid", preset.n_on_grid, std::int64_t{1}, std::int64_t{1000000});
  reader.integer("n_off_grid", preset.n_off_grid, std::int64_t{1}, std::int64_t{1000000});
  reader.integer("search_place_step", preset.search_place_step, 1, 1000000);
  reader.integer("n_search_events", preset.n_search_events, std::int64_t{1}, std::int64_t{1000000});
  reader.integer("n_learning_rate_samples", preset.n_learning_rate_samples, std::int64_t{2}, largest_size);
  if (reader.has("shipped")) reader.text("shipped", preset.shipped_path);
  reader.refuse_unknown_keys();
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  preset.config_path = (directory / preset.config_path).lexically_normal().string();
  if (!preset.shipped_path.empty()) preset.shipped_path = (directory / preset.shipped_path).lexically_normal().string();
  return preset;
}

void require_samples(std::int64_t n_samples, const Config& config, const data::FieldPlace& where) {
  const std::int64_t n_grid = config.training_grid().size();
  if (n_samples <= n_grid && n_samples % config.training.batch_size != 1) return;
  throw propagator::InputError(where.source, where.place, where.field, std::to_string(n_samples),
                               fmt::format("must be at most {} and not leave a last batch of one sample", n_grid));
}

Config config_of(const Preset& preset) {
  Config config = read_config(preset.config_path);
  config.name += "_" + preset.name;
  config.grid.latitude_deg = every(preset.place_stride, config.grid.latitude_deg);
  config.grid.longitude_deg = every(preset.place_stride, config.grid.longitude_deg);
  config.grid.depth_km = every(preset.place_stride, config.grid.depth_km);
  require_samples(preset.n_samples, config, {preset.path, "", "n_samples"});
  config.training.n_samples = preset.n_samples;
  config.training.epochs = preset.epochs;
  config.training.n_validation = preset.n_validation;
  return config;
}

}  // namespace fmnet
