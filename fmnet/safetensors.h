// Named arrays in one file, in the safetensors format, with a checksum over every bit.
//
//   8 bytes       length H of the header, little-endian
//   H bytes       JSON: {"__metadata__": {text: text, ...}, "<name>": {"dtype": "F32" | "F64", "shape": [...],
//                 "data_offsets": [begin, end]}, ...}, blanks at the end up to a multiple of 8
//   the rest      the arrays, little-endian, row-major, one after another in the order of the header, without gaps
//
// Any safetensors reader reads these files. Ours is stricter than the format: the first entry of __metadata__ is
//
//   "checksum": SHA-256 (hexadecimal) of the whole file with these 64 digits taken as zeros          (1)
//
// so that a flipped bit anywhere, header included, is noticed; offsets must follow each other without gap or overlap
// and end at the end of the file; names are unique; values are finite. Limits: header 1 MB, file 256 MB, rank 8.
//
// Reference: huggingface/safetensors, README "Format".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fmnet {

enum class StoredType { f32, f64 };

struct NamedArray {
  std::string name;
  std::vector<std::int64_t> shape;
  StoredType type = StoredType::f32;
  std::vector<double> values;  // row-major; exact for both types
};

struct Safetensors {
  std::map<std::string, std::string> metadata;  // without the checksum
  std::vector<NamedArray> arrays;
};

// The bytes of the file. Throws std::invalid_argument when a shape and its values disagree, std::runtime_error naming the
// array and the value where one is not finite: no file is written that would be refused on reading.
std::string safetensors_bytes(const Safetensors& content);
// Throws propagator::InputError naming `source`, the entry and the broken rule.
Safetensors parse_safetensors(std::string_view bytes, const std::string& source);

void write_safetensors(const std::string& path, const Safetensors& content);  // atomic
Safetensors read_safetensors(const std::string& path);

}  // namespace fmnet
