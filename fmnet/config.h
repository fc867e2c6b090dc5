// Everything that defines an experiment, in one structure read from one TOML file.
//
// The shipped files data/ridgecrest/*.toml explain each key beside it, with the reason wherever the paper leaves the
// choice open; docs/paper_vs_code.md collects those reasons. What is checked on reading: toml_reader.h. Files named in a
// configuration (stations, velocity model) are looked for beside it, and their content becomes part of the Config.
//
// to_toml() gives the canonical text: the same keys without comments, with stations and layers in place of the names of
// their files. It reads back to an equal Config and needs no other file; two configurations are equal when their
// canonical texts are. training_toml() is the same without [records], on which no training depends; it is stored inside
// weights, which thereby tell how they were made and stay valid when records are read or judged in another way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autodiff/adam.h"
#include "autodiff/kernels/convolution.h"
#include "autodiff/layers.h"
#include "data/augment.h"
#include "data/greens_library.h"
#include "data/preprocess.h"
#include "data/records/record_set.h"
#include "data/station.h"
#include "data/training_grid.h"
#include "fmnet/gaussian_label.h"
#include "propagator/greens_functions.h"
#include "propagator/layered_model.h"

namespace fmnet {

struct GridSettings {
  data::Axis latitude_deg, longitude_deg, depth_km, strike_deg, dip_deg, rake_deg;
};

// How real records are read and judged (data/records/); nothing of it enters the training. The unit of SAC files belongs to
// the files and is told with them.
struct RecordsSettings {
  data::RecordSettings reading;
  int min_stations = 12;  // with fewer usable stations there is no prediction, unless forced
};

// What of the network is open; its layers are those of architecture.h.
struct NetworkSettings {
  autodiff::RunningVariance running_variance = autodiff::RunningVariance::keras2;
};

struct TrainingSettings {
  std::int64_t n_samples = 787320;   // the first so many of a seeded permutation of the grid
  std::int64_t n_validation = 1000;  // noisy samples of the grid that are not trained on (training_set.h)
  int batch_size = 16;
  int epochs = 50;
  autodiff::AdamSettings adam;
  autodiff::kernels::ConvolutionMethod convolution = autodiff::kernels::ConvolutionMethod::winograd;
  double checkpoint_interval_s = 60.0;
};

struct Config {
  std::string name;                     // of the experiment, for titles and file names
  std::uint64_t seed = 7;               // of initial weights, noise, shifts and order of samples
  std::vector<data::Station> stations;  // the slots of the network's input, in order
  std::vector<propagator::Layer> velocity_model;
  GridSettings grid;
  propagator::GreensSettings greens;
  data::PreprocessSettings preprocess;
  data::AugmentSettings augment;
  RecordsSettings records;
  LabelSettings label;
  NetworkSettings network;
  TrainingSettings training;

  data::TrainingGrid training_grid() const;
  propagator::LayeredModel layered_model() const;
  data::GreensLibrarySettings greens_library_settings() const;
};

// InputError with file:line:column, key, value and rule.
Config read_config(const std::string& path);
// The same from text; `directory` is where the files that it names are looked for, `source` its name in messages.
Config parse_config(const std::string& text, const std::string& source, const std::string& directory);
std::string to_toml(const Config& config);
std::string training_toml(const Config& config);
// What training_toml() or to_toml() gave; without [records] its settings are those of a default Config.
Config parse_training_toml(const std::string& text, const std::string& source);

// The tables that a trained network depends on: records prepared in another way, or a network of another kind, give
// wrong mechanisms without any sign of it.
// ([records] is in neither; label.decoding only reads the curves.)
enum class Agreement {
  prediction /* stations, preprocess, label but for decoding, network */,
  training /* all but name, training.epochs and training.checkpoint_interval_s */
};
// Throws InputError naming the first key in which `stored` (found in the file `source`) differs from `in_use`.
void require_agreement(const Config& stored, const std::string& source, const Config& in_use, Agreement agreement);

}  // namespace fmnet
