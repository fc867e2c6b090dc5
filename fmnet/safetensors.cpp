#include "fmnet/safetensors.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are copied as they lie in memory");

using Json = nlohmann::ordered_json;

constexpr std::uint64_t max_header_bytes = std::uint64_t{1} << 20;
constexpr std::uint64_t max_file_bytes = std::uint64_t{256} << 20;
constexpr std::size_t max_rank = 8;
constexpr std::size_t n_digits = 64;
constexpr std::size_t length_bytes = 8;
constexpr std::string_view opening = R"({"__metadata__":{"checksum":")";
constexpr std::size_t checksum_at = length_bytes + opening.size();

std::size_t bytes_of(StoredType type) { return type == StoredType::f32 ? sizeof(float) : sizeof(double); }

std::string checksum_of(std::string_view bytes) {
  std::string zeroed(bytes);
  zeroed.replace(checksum_at, n_digits, n_digits, '0');
  return data::sha256_hex(zeroed);  // (1)
}

// Bytes of a file as they may stand in a message.
std::string printable(std::string text) {
  for (char& c : text) {
    if (c < 0x20 || c > 0x7e) c = '?';
  }
  return text;
}

std::int64_t n_values(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

void append_values(const NamedArray& array, std::string& payload) {
  for (const double& value : array.values) {
    const auto narrow = static_cast<float>(value);
    if (!std::isfinite(array.type == StoredType::f32 ? static_cast<double>(narrow) : value)) {
      throw std::runtime_error(fmt::format("safetensors_bytes: array {}: value {} = {}: must be finite", array.name,
                                           &value - array.values.data(), value));
    }
    char raw[sizeof(double)];
    if (array.type == StoredType::f32) std::memcpy(raw, &narrow, sizeof narrow);
    if (array.type == StoredType::f64) std::memcpy(raw, &value, sizeof value);
    payload.append(raw, bytes_of(array.type));
  }
}

std::vector<double> read_values(std::string_view raw, StoredType type) {
  std::vector<double> values(raw.size() / bytes_of(type));
  for (std::size_t i = 0; i < values.size(); ++i) {
    float narrow = 0.0F;
    if (type == StoredType::f32) std::memcpy(&narrow, raw.data() + i * sizeof narrow, sizeof narrow);
    if (type == StoredType::f32) values[i] = static_cast<double>(narrow);
    if (type == StoredType::f64) std::memcpy(&values[i], raw.data() + i * sizeof(double), sizeof(double));
  }
  return values;
}

// The header as JSON; a name that occurs twice and nesting deeper than the format's are refused.
Json parse_header(std::string_view text, const std::string& source) {
  std::vector<std::set<std::string>> names;
  bool repeated = false, too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > 4) too_deep = true;
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second) repeated = true;
    return !too_deep;
  };
  try {
    Json header = Json::parse(text, watch);
    if (header.is_object() && !repeated && !too_deep) return header;
  } catch (const Json::exception& error) {
    throw propagator::InputError(source, "header", "", "", "not valid JSON: " + std::string(error.what()));
  }
  throw propagator::InputError(source, "header", "", "", "must be one JSON object with unique names, two levels deep");
}

// One entry of the header; `begin` is where its bytes must start and moves on to where they end.
NamedArray parse_array(const std::string& name, const Json& entry, std::string_view payload, std::uint64_t& begin,
                       const std::string& source) {
  const auto refuse = [&](const std::string& field, const std::string& rule) -> propagator::InputError {
    const std::string value = entry.is_object() && entry.contains(field) ? entry.at(field).dump() : "nothing";
    return propagator::InputError(source, name, field, value, rule);
  };
  const auto is_list = [&](const char* field) {
    if (!entry.is_object() || !entry.contains(field) || !entry.at(field).is_array()) return false;
    for (const Json& item : entry.at(field)) {
      if (!item.is_number_unsigned()) return false;
    }
    return true;
  };
  NamedArray array;
  array.name = name;
  const bool has_type = entry.is_object() && entry.contains("dtype");
  const bool is_f32 = has_type && entry.at("dtype") == "F32", is_f64 = has_type && entry.at("dtype") == "F64";
  if (!is_f32 && !is_f64) throw refuse("dtype", "must be \"F32\" or \"F64\"");
  array.type = is_f32 ? StoredType::f32 : StoredType::f64;
  if (!is_list("shape") || entry.at("shape").size() > max_rank) {
    throw refuse("shape", fmt::format("must be a list of at most {} whole numbers", max_rank));
  }
  const std::uint64_t room = (payload.size() - begin) / bytes_of(array.type);
  std::uint64_t count = 1;
  for (const Json& extent : entry.at("shape")) {
    const auto size = extent.get<std::uint64_t>();
    if (size == 0 || size > room / count) throw refuse("shape", fmt::format("must hold 1 to {} values", room));
    count *= size;
    array.shape.push_back(static_cast<std::int64_t>(size));
  }
  const std::uint64_t end = begin + count * bytes_of(array.type);
  if (end > payload.size() || !is_list("data_offsets") || entry.at("data_offsets") != Json::array({begin, end})) {
    throw refuse("data_offsets", fmt::format("must be [{},{}]", begin, end));
  }
  array.values = read_values(payload.substr(begin, end - begin), array.type);
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (!std::isfinite(array.values[i])) {
      throw propagator::InputError(source, name, fmt::format("value {}", i), fmt::format("{}", array.values[i]),
                                   "must be finite");
    }
  }
  begin = end;
  return array;
}

// The checked header length: the file is whole up to the payload and opens as our writer opens it.
std::uint64_t header_length(std::string_view bytes, const std::string& source) {
  const auto refuse = [&](const std::string& field, std::uint64_t value, const std::string& rule) {
    return propagator::InputError(source, "", field, fmt::format("{} bytes", value), rule);
  };
  if (bytes.size() < checksum_at + n_digits + 1)
    throw refuse("size", bytes.size(), "too short: cut off or not a weights file");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > max_header_bytes)
    throw refuse("header length", length, fmt::format("must be at most {}", max_header_bytes));
  if (length > bytes.size() - length_bytes) {
    throw refuse("size", bytes.size(),
                 fmt::format("the header alone takes {}: the file is cut off", length + length_bytes));
  }
  if (bytes.substr(length_bytes, opening.size()) != opening) {
    throw propagator::InputError(source, "header", "", "",
                                 "does not begin with a checksum: not a file of this program");
  }
  return length;
}

}  // namespace

std::string safetensors_bytes(const Safetensors& content) {
  Json header;
  header["__metadata__"] = Json::object();
  header["__metadata__"]["checksum"] = std::string(n_digits, '0');
  for (const auto& [key, value] : content.metadata) header["__metadata__"][key] = value;
  std::string payload;
  for (const NamedArray& array : content.arrays) {
    if (n_values(array.shape) != static_cast<std::int64_t>(array.values.size()) || header.contains(array.name)) {
      throw std::invalid_argument(
          fmt::format("safetensors_bytes: array {}: {} values: must match its shape, the name be unique", array.name,
                      array.values.size()));
    }
    const std::size_t begin = payload.size();
    append_values(array, payload);
    header[array.name] = {{"dtype", array.type == StoredType::f32 ? "F32" : "F64"},
                          {"shape", array.shape},
                          {"data_offsets", {begin, payload.size()}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();
  if (length > max_header_bytes) {
    throw std::invalid_argument(
        fmt::format("safetensors_bytes: header of {} bytes: at most {}", length, max_header_bytes));
  }
  std::string bytes(length_bytes, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  bytes += text + payload;
  bytes.replace(checksum_at, n_digits, checksum_of(bytes));
  return bytes;
}

Safetensors parse_safetensors(std::string_view bytes, const std::string& source) {
  const std::uint64_t length = header_length(bytes, source);
  const std::string stored(bytes.substr(checksum_at, n_digits)), computed = checksum_of(bytes);
  if (stored != computed) {
    throw propagator::InputError(source, "", "checksum", printable(stored),
                                 "the content gives " + computed + ": the file is cut off or damaged");
  }
  const Json header = parse_header(bytes.substr(length_bytes, length), source);
  const std::string_view payload = bytes.substr(length_bytes + length);
  Safetensors content;
  std::uint64_t begin = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      content.arrays.push_back(parse_array(name, entry, payload, begin, source));
      continue;
    }
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) throw propagator::InputError(source, "__metadata__", key, value.dump(), "must be a text");
      content.metadata[key] = value.get<std::string>();
    }
  }
  if (begin != payload.size()) {
    throw propagator::InputError(source, "", "size", fmt::format("{} bytes", bytes.size()),
                                 fmt::format("the arrays end at {}", length_bytes + length + begin));
  }
  content.metadata.erase("checksum");
  return content;
}

void write_safetensors(const std::string& path, const Safetensors& content) {
  data::write_file_atomically(path, safetensors_bytes(content));
}

Safetensors read_safetensors(const std::string& path) {
  return parse_safetensors(data::read_whole_file(path, max_file_bytes), path);
}

}  // namespace fmnet
