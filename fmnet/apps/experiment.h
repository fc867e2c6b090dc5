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
    return preset_path.empty() ? of_config() : of_preset();
  }

  // The folder of what the preset comes with; empty without one.
  std::string shipped_path() const { return preset_path.empty() ? "" : fmnet::read_preset(preset_path).shipped_path; }

 private:
  fmnet::Config of_config() const {
    try {
      return fmnet::read_config(config_path);
    } catch (const propagator::InputError&) {
      refuse_exchanged(config_path, "a preset", "--preset", fmnet::read_preset);
      throw;
    }
  }

  fmnet::Config of_preset() const {
    try {
      return fmnet::config_of(fmnet::read_preset(preset_path));
    } catch (const propagator::InputError&) {
      refuse_exchanged(preset_path, "a configuration", "--config", fmnet::read_config);
      throw;
    }
  }

  // Says so where the file could be read as the other kind.
  template <class Read>
  static void refuse_exchanged(const std::string& path, const std::string& kind, const std::string& option,
                               const Read& read) {
    try {
      read(path);
    } catch (const propagator::InputError&) {
      return;
    }
    throw propagator::InputError(path, "", "", "", "is " + kind + ": give it with " + option);
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
