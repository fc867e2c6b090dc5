// How much of an experiment to do: the sizes of a run of `make reproduce`, paper_repro/presets/*.toml.
//
// A preset names a configuration and says how large its training and its evaluation are. It changes sizes, never what is
// computed. place_stride k keeps every k-th latitude, longitude and depth of the grid, so that the Green's library is small.
#pragma once

#include <cstdint>
#include <string>

#include "fmnet/config.h"

namespace fmnet {

struct Preset {
  std::string name;
  std::string config_path;  // beside the preset in the file, resolved here
  int place_stride = 1;
  std::int64_t n_samples = 0;  // of the training
  int epochs = 0;
  std::int64_t n_validation = 0;  // at the end of each epoch
  std::int64_t n_on_grid = 0;     // unseen noisy samples with the grid's mechanisms (the authors: 972)
  std::int64_t n_off_grid = 0;    // unseen noisy samples with random mechanisms
};

// InputError with file:line:column, key, value and rule.
Preset read_preset(const std::string& path);

// The configuration that the preset names, with the preset's sizes in it. Its name is "<configuration>_<preset>".
Config config_of(const Preset& preset);

}  // namespace fmnet
