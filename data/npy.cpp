#include "data/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "data/atomic_file.h"
#include "propagator/errors.h"

namespace data {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds the bytes of this machine's numbers");

constexpr std::string_view npy_magic = "\x93NUMPY";

[[noreturn]] void refuse(const std::string& source, const std::string& field, const std::string& value,
                         const std::string& rule) {
  throw propagator::InputError(source, "header", field, value, rule);
}

// What stands between the key's colon and `end`, without blanks at its ends.
std::string_view value_of(std::string_view header, std::string_view key, char end, const std::string& source) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  const std::size_t first = at == std::string_view::npos ? at : header.find_first_not_of(' ', at + key.size() + 3);
  const std::size_t last = first == std::string_view::npos ? first : header.find(end, first + 1);
  if (last == std::string_view::npos) refuse(source, std::string(key), "nothing", "not the header of an .npy file");
  return header.substr(first, last - first);
}

std::vector<std::int64_t> shape_of(std::string_view text, const std::string& source) {
  if (text.front() != '(') refuse(source, "shape", std::string(text) + ")", "must be a tuple");
  std::vector<std::int64_t> shape;
  const char *next = text.data() + 1, *end = text.data() + text.size();
  while (next < end) {
    std::int64_t n = 0;
    const auto [behind, error] = std::from_chars(next, end, n);
    if (error != std::errc() || n < 0 || n > (std::int64_t{1} << 40)) {
      refuse(source, "shape", std::string(text) + ")", "must be whole numbers parted by commas");
    }
    shape.push_back(n);
    next = behind;
    while (next < end && (*next == ',' || *next == ' ')) ++next;
  }
  return shape;
}

template <class Stored>
std::vector<float> floats(std::string_view bytes) {
  std::vector<float> values(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<float>(stored);
  }
  return values;
}

// Where the header begins and how long it is.
std::string_view header_of(std::string_view bytes, const std::string& source) {
  if (bytes.size() < 12 || bytes.substr(0, npy_magic.size()) != npy_magic) {
    throw propagator::InputError(source, "byte 0", "", "", "not an .npy file");
  }
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) refuse(source, "version", std::to_string(version), "must be 1, 2 or 3");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[8 + i])) << (8 * i);
  }
  if (length > bytes.size() - 8 - length_bytes) refuse(source, "size", std::to_string(length), "beyond the file's end");
  return bytes.substr(8 + length_bytes, length);
}

}  // namespace

NpyArray parse_npy(std::string_view bytes, const std::string& source) {
  const std::string_view header = header_of(bytes, source);
  const std::string_view type = value_of(header, "descr", ',', source);
  if (type != "'<f4'" && type != "'<f8'") {
    refuse(source, "descr", std::string(type), "must be '<f4' or '<f8': numpy.asarray(a, dtype='float32')");
  }
  if (value_of(header, "fortran_order", ',', source) != "False") {
    refuse(source, "fortran_order", "True", "must be in C order: numpy.ascontiguousarray(a)");
  }
  NpyArray array{shape_of(value_of(header, "shape", ')', source), source), {}};
  const std::string_view values = bytes.substr(static_cast<std::size_t>(header.data() - bytes.data()) + header.size());
  double n_bytes = type == "'<f4'" ? 4.0 : 8.0;
  for (const std::int64_t n : array.shape) n_bytes *= static_cast<double>(n);
  if (n_bytes != static_cast<double>(values.size())) {
    throw propagator::InputError(source, "", "size of the numbers", fmt::format("{} bytes", values.size()),
                                 fmt::format("the shape says {}", n_bytes));
  }
  array.values = type == "'<f4'" ? floats<float>(values) : floats<double>(values);
  return array;
}

NpyArray read_npy(const std::string& path, std::uint64_t max_bytes) {
  return parse_npy(read_whole_file(path, max_bytes), path);
}

std::string npy_header(const std::string& descr, const std::vector<std::int64_t>& shape) {
  std::string lengths;
  for (const std::int64_t n : shape) lengths += fmt::format("{}, ", n);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, lengths);
  const std::size_t begin = npy_magic.size() + 4;
  header.append(63 - (begin + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes(npy_magic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header;
}

std::string npy_bytes(const NpyArray& array) {
  double n_values = 1.0;
  for (const std::int64_t n : array.shape) n_values *= static_cast<double>(n);
  if (n_values != static_cast<double>(array.values.size())) {
    throw std::invalid_argument(fmt::format("npy_bytes: array: {} values: expected the {} of its shape {}",
                                            array.values.size(), n_values, fmt::join(array.shape, " x ")));
  }
  return npy_header("<f4", array.shape)
      .append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
}

}  // namespace data
