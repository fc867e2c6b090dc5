// Reader of little-endian SAC binary files, for the output of other programs: as much of the format as the tests compare.
// Header: 70 floats (dt at word 0, begin time b at word 5, distance at word 50), 40 integers from byte 280 (number of points
// at word 9 of these), 24 text words; samples from byte 632.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

struct SacFile {
  double dt_s;
  double begin_s;
  double distance_km;
  std::vector<double> words;  // the 70 floats
  std::vector<double> samples;
};

inline SacFile read_sac(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < 632) throw std::runtime_error(path + ": shorter than a SAC header");
  const auto real_at = [&bytes](std::size_t offset) {
    float value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return static_cast<double>(value);
  };
  std::int32_t n_points = 0;
  std::memcpy(&n_points, bytes.data() + 280 + 4 * 9, sizeof n_points);
  if (n_points < 0 || bytes.size() != 632 + 4 * static_cast<std::size_t>(n_points)) {
    throw std::runtime_error(path + ": size does not match its number of points (big-endian?)");
  }
  SacFile sac{real_at(0), real_at(4 * 5), real_at(4 * 50), {}, {}};
  for (std::size_t word = 0; word < 70; ++word) sac.words.push_back(real_at(4 * word));
  sac.samples.resize(static_cast<std::size_t>(n_points));
  for (std::size_t i = 0; i < sac.samples.size(); ++i) sac.samples[i] = real_at(632 + 4 * i);
  return sac;
}

}  // namespace support
