// Arrays of numbers as NumPy stores them (.npy, format versions 1 to 3): little-endian float32 or float64 in C order.
//
// What is refused, naming the file: another magic or version, another type of numbers, Fortran order, a header that is cut
// short or not understood, a size that does not follow from the shape.
//
// Format: numpy.lib.format, "NEP 1 - a simple file format for NumPy arrays".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace data {

struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // row-major; float64 rounded
};

// propagator::InputError as told above; max_bytes guards the memory.
NpyArray read_npy(const std::string& path, std::uint64_t max_bytes);

// The same from the bytes of a file; `source` stands for its name in messages.
NpyArray parse_npy(std::string_view bytes, const std::string& source);

// What stands before the numbers in a file of format version 1; descr: "<f4" or "<f8".
std::string npy_header(const std::string& descr, const std::vector<std::int64_t>& shape);

// The bytes of a file of format version 1, float32. Throws std::invalid_argument where the shape is not that of the values.
std::string npy_bytes(const NpyArray& array);

}  // namespace data
