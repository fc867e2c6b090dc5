// --config FILE or --preset FILE: what a sub-command works on.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "fmnet/config.h"
#include "fmnet/preset.h"
#include "propagator/errors.h"

namespace apps {

struct Experiment {
  std::string config_path, preset_path;

  fmnet::Config config() const {
    if (config_path.empty() && preset_path.empty()) {
      throw propagator::InputError("", "", "", "", "--config FILE or --preset FILE must be given");
    }
    return preset_path.empty() ? fmnet::read_config(config_path) : fmnet::config_of(fmnet::read_preset(preset_path));
  }
};

inline std::shared_ptr<Experiment> add_experiment(CLI::App& command) {
  const auto experiment = std::make_shared<Experiment>();
  CLI::Option* config =
      command.add_option("--config", experiment->config_path, "Configuration of an experiment (TOML)");
  command
      .add_option("--preset", experiment->preset_path,
                  "Configuration with the sizes of a preset (paper_repro/presets/*.toml)")
      ->excludes(config);
  return experiment;
}

}  // namespace apps
