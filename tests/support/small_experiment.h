// The strong-motion experiment of Ridgecrest at its smallest, as the texts that the program reads: one epicentre, eleven stations.
#pragma once

#include <string>

#include "data/atomic_file.h"

namespace support {

// The text of a configuration with another value of a key at the beginning of a line.
inline std::string replaced_value(std::string text, const std::string& key, const std::string& value) {
  const std::size_t begin = text.find("\n" + key + " = ") + key.size() + 4;
  return text.replace(begin, text.find_first_of("#\n", begin) - begin, value);
}

// n_depths sources below one another from 8 km on; 32 training samples.
inline std::string config_of_one_epicentre(int n_depths) {
  std::string text = data::read_whole_file(FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest_strong_motion.toml", 1 << 20);
  text = replaced_value(text, "latitude_deg", "[35.7, 0.1, 1]");
  text = replaced_value(text, "longitude_deg", "[-117.6, 0.1, 1]");
  text = replaced_value(text, "depth_km", "[8.0, 2.0, " + std::to_string(n_depths) + "]");
  text = replaced_value(text, "n_validation", "16");
  text.replace(text.find("n_samples = 787320"), 18, "n_samples = 32    ");
  for (const char* file : {"stations_strong_motion.txt", "socal.txt"}) {
    const std::size_t at = text.find(std::string("\"") + file);
    text.insert(at + 1, FMNET_SOURCE_DIR "/data/ridgecrest/");
  }
  return text;
}

// A preset of the configuration in `config`: 16 samples, one step; every place_step-th place searched.
inline std::string preset_of(const std::string& config, int place_step) {
  return "name = \"small\"\nconfig = \"" + config +
         "\"\nplace_stride = 1\nn_samples = 16\nepochs = 1\nn_validation = 16\nn_on_grid = 16\nn_off_grid = 16\n"
         "search_place_step = " +
         std::to_string(place_step) + "\nn_search_events = 1\nn_learning_rate_samples = 16\n";
}

}  // namespace support
