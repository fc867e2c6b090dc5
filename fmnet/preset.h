// How much of an experiment to do: the sizes of a run of `make reproduce`, paper_repro/presets/*.toml.
//
// A preset names a configuration and says how large its training and its evaluation are. It changes sizes, never what is
// computed. place_stride k keeps every k-th latitude, longitude and depth of the grid, so that the Green's library is small.
#pragma once

#include <cstdint>
#include <string>

#include "data/text_table.h"
#include "fmnet/config.h"

namespace fmnet {

struct Preset {
  std::string name;
  std::string config_path;  // beside the preset in the file, resolved here
  int place_stride = 1;
  std::int64_t n_samples = 0;  // of the training
  int epochs = 0;
  std::int64_t n_validation = 0;             // at the end of each epoch
  std::int64_t n_on_grid = 0;                // unseen noisy samples with the grid's mechanisms (the authors: 972)
  std::int64_t n_off_grid = 0;               // unseen noisy samples with random mechanisms
  int search_place_step = 1;                 // of the search for Figures 4 and 5: every so many-th place of the grid
  std::int64_t n_search_events = 0;          // synthetic events searched in both domains
  std::int64_t n_learning_rate_samples = 0;  // of each training for Figure S8
  std::string shipped_path;  // folder of weights that are used instead of training where it exists; may be empty
  std::string path;          // of the preset itself, for messages
};

// InputError with file:line:column, key, value and rule.
Preset read_preset(const std::string& path);

// InputError where a training of so many samples would go beyond the configuration's grid, or leave a last batch of one sample,
// which batch normalisation cannot serve.
void require_samples(std::int64_t n_samples, const Config& config, const data::FieldPlace& where);

// The configuration that the preset names, with the preset's sizes in it. Its name is "<configuration>_<preset>". InputError, with
// the preset's file, where its sizes do not fit the configuration.
Config config_of(const Preset& preset);

}  // namespace fmnet
