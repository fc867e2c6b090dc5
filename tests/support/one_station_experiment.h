// An experiment with one station, and records of it (made_up_station.h): what `fmnet predict` and `fmnet serve` need, made up.
#pragma once

#include <string>

#include "fmnet/checkpoint.h"
#include "tests/support/made_up_station.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/toy_experiment.h"

namespace support {

inline const std::string mainshock_text = "2019-07-06T03:19:53.04,35.7695,-117.5993,8.0";

// The station lies 55 km north of the event: P of the model comes 9 s after the origin, the burst of the records after 10 s.
inline fmnet::Config one_station_config() {
  fmnet::Config config = toy_config();
  config.name = "one_station";
  config.stations = {{"XX", "AAA", 36.27, -117.5993, 0.0}};
  config.records.min_stations = 1;
  return config;
}

// Writes records/ with what belongs to the station; returns its path.
inline std::string write_one_station(const TemporaryFolder& folder) {
  std::string xml = flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0);
  const std::string nowhere = "<Latitude>0</Latitude><Longitude>0</Longitude>";
  for (std::size_t at; (at = xml.find(nowhere)) != std::string::npos;) {
    xml.replace(at, nowhere.size(), "<Latitude>36.27</Latitude><Longitude>-117.5993</Longitude>");
  }
  folder.write("records/XX.AAA.xml", xml);
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    folder.write(std::string("records/") + channel + ".mseed", miniseed_file(burst(channel, 20000.0)));
  }
  return folder.path() + "/records";
}

// Weights of an untrained network; returns their path.
inline std::string write_untrained_weights(const TemporaryFolder& folder, const fmnet::Config& config) {
  const std::string path = folder.path() + "/weights.safetensors";
  fmnet::save_weights(path, fmnet::FmNet(1), config, 1);
  return path;
}

}  // namespace support
