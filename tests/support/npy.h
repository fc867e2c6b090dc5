// Reader of NumPy's .npy files, for reference arrays: version 1.x, 2.x and 3.x, little-endian, C order,
// dtype <f4, <f8, <c16, <i4, <i8. The element type asked for must be able to hold what the file holds: float32 is widened to
// double, double to complex; anything else is an error.
//
//   const support::Npy<double> a = support::read_npy<double>(path);   // a.shape, a.values (row-major)
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace support {

template <class T>
struct Npy {
  std::vector<std::size_t> shape;
  std::vector<T> values;
};

namespace npy_detail {

inline std::string field(const std::string& header, const std::string& key, char open, char close) {
  const std::size_t at = header.find("'" + key + "'");
  const std::size_t first = at == std::string::npos ? at : header.find(open, at + key.size() + 2);
  const std::size_t last = first == std::string::npos ? first : header.find(close, first + 1);
  if (last == std::string::npos) throw std::runtime_error("npy header without " + key);
  return header.substr(first + 1, last - first - 1);
}

template <class Stored, class T>
std::vector<T> convert(const std::string& bytes, std::size_t offset, std::size_t count) {
  if (bytes.size() - offset != count * sizeof(Stored)) throw std::runtime_error("npy data size differs from its shape");
  std::vector<T> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + offset + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<T>(stored);
  }
  return values;
}

}  // namespace npy_detail

template <class T>
Npy<T> read_npy(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0) throw std::runtime_error(path + ": not a .npy file");
  const std::size_t length_bytes = bytes[6] == 1 ? 2 : 4;
  std::size_t header_size = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    header_size += static_cast<std::size_t>(static_cast<unsigned char>(bytes[8 + i])) << (8 * i);
  }
  const std::size_t data = 8 + length_bytes + header_size;
  if (data > bytes.size()) throw std::runtime_error(path + ": npy header is cut short");
  const std::string header = bytes.substr(8 + length_bytes, header_size);
  if (header.find("'fortran_order': False") == std::string::npos) throw std::runtime_error(path + ": not in C order");

  Npy<T> array;
  std::size_t count = 1;
  const std::string shape = npy_detail::field(header, "shape", '(', ')');
  for (std::size_t i = 0; i < shape.size();) {
    if (shape[i] < '0' || shape[i] > '9') {
      ++i;
      continue;
    }
    std::size_t used = 0;
    array.shape.push_back(std::stoull(shape.substr(i), &used));
    count *= array.shape.back();
    i += used;
  }
  const std::string descr = npy_detail::field(header, "descr", '\'', '\'');
  array.values = [&]() -> std::vector<T> {
    if constexpr (std::is_same_v<T, std::complex<double>>) {
      if (descr == "<c16") return npy_detail::convert<std::complex<double>, T>(bytes, data, count);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (descr == "<f4") return npy_detail::convert<float, T>(bytes, data, count);
    }
    if constexpr (!std::is_same_v<T, float> && !std::is_integral_v<T>) {
      if (descr == "<f8") return npy_detail::convert<double, T>(bytes, data, count);
    }
    if constexpr (std::is_integral_v<T>) {
      if (descr == "<i4" && sizeof(T) >= 4) return npy_detail::convert<std::int32_t, T>(bytes, data, count);
      if (descr == "<i8" && sizeof(T) >= 8) return npy_detail::convert<std::int64_t, T>(bytes, data, count);
    }
    throw std::runtime_error(path + ": dtype " + descr + " is not what the caller asked for");
  }();
  return array;
}

}  // namespace support
