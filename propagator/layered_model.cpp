#include "propagator/layered_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "propagator/errors.h"

namespace propagator {

namespace {

constexpr std::size_t max_layers = 1000;
constexpr double same_depth_km = 1e-9;

struct BrokenRule {
  std::string field;
  double value;
  std::string rule;
};

// The first rule of the header that a layer breaks.
std::optional<BrokenRule> broken_rule(const Layer& layer, bool is_last) {
  const auto broken = [](const char* field, double value, std::string rule) {
    return std::optional<BrokenRule>({field, value, std::move(rule)});
  };
  const double smallest_vp = std::sqrt(4.0 / 3.0) * layer.vs_km_s;
  if (!std::isfinite(layer.thickness_km)) return broken("thickness_km", layer.thickness_km, "must be a finite number");
  if (is_last && layer.thickness_km != 0.0) {
    return broken("thickness_km", layer.thickness_km, "the last layer is the half-space and has thickness 0");
  }
  if (!is_last && !(layer.thickness_km > 0.0)) {
    return broken("thickness_km", layer.thickness_km, "must be positive in every layer but the last");
  }
  if (!(layer.vp_km_s > 0.0) || !std::isfinite(layer.vp_km_s)) {
    return broken("vp_km_s", layer.vp_km_s, "must be positive and finite");
  }
  if (layer.vs_km_s == 0.0) return broken("vs_km_s", 0.0, "liquid layers are not supported; vs must be positive");
  if (!(layer.vs_km_s > 0.0) || !std::isfinite(layer.vs_km_s)) {
    return broken("vs_km_s", layer.vs_km_s, "must be positive and finite");
  }
  if (!(layer.vp_km_s > smallest_vp)) {
    return broken("vs_km_s", layer.vs_km_s,
                  fmt::format("must be below sqrt(3)/2 vp = {:.6g} km/s (positive bulk modulus)",
                              layer.vp_km_s * std::sqrt(0.75)));
  }
  if (!(layer.density_g_cm3 > 0.0) || !std::isfinite(layer.density_g_cm3)) {
    return broken("density_g_cm3", layer.density_g_cm3, "must be positive and finite");
  }
  if (!(layer.q_p > 0.0)) return broken("q_p", layer.q_p, "must be positive (inf: elastic)");
  if (!(layer.q_s > 0.0)) return broken("q_s", layer.q_s, "must be positive (inf: elastic)");
  return std::nullopt;
}

// A line of the file that holds data, with its number counted from 1.
struct DataLine {
  int number;
  std::vector<std::string_view> words;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < line.size();) {
    while (i < line.size() && is_blank(line[i])) ++i;
    const std::size_t first = i;
    while (i < line.size() && !is_blank(line[i])) ++i;
    if (i > first) words.push_back(line.substr(first, i - first));
  }
  return words;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::string place_of(int line) { return fmt::format("line {}", line); }

double parse_number(std::string_view word, const std::string& source, int line, const char* field) {
  double value = 0.0;
  const std::from_chars_result result = std::from_chars(word.data(), word.data() + word.size(), value);
  if (result.ec != std::errc() || result.ptr != word.data() + word.size() || std::isnan(value)) {
    throw InputError(source, place_of(line), field, std::string(word), "must be a number");
  }
  return value;
}

constexpr std::array<const char*, 6> field_names = {"thickness_km",  "vp_km_s", "vs_km_s",
                                                    "density_g_cm3", "q_p",     "q_s"};

Layer parse_layer(const DataLine& line, const std::string& source) {
  std::array<double, 6> v;
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = parse_number(line.words[i], source, line.number, field_names[i]);
  return {v[0], v[1], v[2], v[3], v[4], v[5]};
}

// Columns 7 to 10 of MODEL.01: exponents of Q(f) and the reference frequencies.
void check_computer_programs_columns(const DataLine& line, const std::string& source) {
  constexpr std::array<const char*, 4> names = {"ETAP", "ETAS", "FREFP", "FREFS"};
  constexpr std::array<double, 4> expected = {0.0, 0.0, 1.0, 1.0};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (parse_number(line.words[6 + i], source, line.number, names[i]) != expected[i]) {
      throw InputError(source, place_of(line.number), names[i], std::string(line.words[6 + i]),
                       fmt::format("only {} is supported", expected[i]));
    }
  }
}

// Columns 5 and 6 of MODEL.01: up to 1 the number is 1/Q, above it is Q.
double quality_of_computer_programs(double q) { return q <= 1.0 && q >= 0.0 ? 1.0 / std::abs(q) : q; }

void check_computer_programs_header(const std::vector<std::string_view>& lines, const std::string& source) {
  constexpr std::array<const char*, 5> expected = {"ISOTROPIC", "KGS", "FLAT EARTH", "1-D", "CONSTANT VELOCITY"};
  if (lines.size() < 12) throw InputError(source, "", "", "", "MODEL.01 header of 12 lines is cut short");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::string found;
    for (const std::string_view word : words_of(lines[i + 2])) {
      if (!found.empty()) found += ' ';
      found += word;
    }
    if (found != expected[i]) {
      throw InputError(source, place_of(static_cast<int>(i) + 3), "header", found,
                       fmt::format("only \"{}\" is supported", expected[i]));
    }
  }
}

void throw_if_broken(const std::vector<Layer>& layers, const std::vector<DataLine>& lines, const std::string& source) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (const std::optional<BrokenRule> broken = broken_rule(layers[i], i + 1 == layers.size())) {
      throw InputError(source, place_of(lines[i].number), broken->field, fmt::format("{}", broken->value),
                       broken->rule);
    }
  }
}

}  // namespace

LayeredModel::LayeredModel(std::vector<Layer> layers) : layers_(std::move(layers)) {
  if (layers_.empty() || layers_.size() > max_layers) {
    throw std::invalid_argument(
        fmt::format("LayeredModel: {} layers: expected 1 to {}, the last the half-space", layers_.size(), max_layers));
  }
  double top = 0.0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (const std::optional<BrokenRule> broken = broken_rule(layers_[i], i + 1 == layers_.size())) {
      throw std::invalid_argument(
          fmt::format("LayeredModel: layer {}: {} = {}: {}", i + 1, broken->field, broken->value, broken->rule));
    }
    tops_km_.push_back(top);
    top += layers_[i].thickness_km;
  }
}

int LayeredModel::layer_at(double depth_km, InterfaceSide side) const {
  if (!(depth_km >= 0.0) || !std::isfinite(depth_km)) {
    throw std::invalid_argument(
        fmt::format("LayeredModel::layer_at: depth_km = {}: expected a finite depth >= 0", depth_km));
  }
  int i = n_layers() - 1;
  const double shift = side == InterfaceSide::below ? same_depth_km : -same_depth_km;
  while (i > 0 && tops_km_[static_cast<std::size_t>(i)] > depth_km + shift) --i;
  return i;
}

double LayeredModel::largest_vp_km_s() const {
  double largest = 0.0;
  for (const Layer& layer : layers_) largest = std::max(largest, layer.vp_km_s);
  return largest;
}

double LayeredModel::smallest_vs_km_s() const {
  double smallest = std::numeric_limits<double>::infinity();
  for (const Layer& layer : layers_) smallest = std::min(smallest, layer.vs_km_s);
  return smallest;
}

LayeredModel parse_layered_model(const std::string& text, const std::string& source) {
  const std::vector<std::string_view> lines = lines_of(text);
  const bool computer_programs = !lines.empty() && lines[0].substr(0, 8) == "MODEL.01";
  if (computer_programs) check_computer_programs_header(lines, source);
  const std::size_t n_columns = computer_programs ? 10 : 6;

  std::vector<DataLine> data;
  for (std::size_t i = computer_programs ? 12 : 0; i < lines.size(); ++i) {
    DataLine line{static_cast<int>(i) + 1, words_of(lines[i].substr(0, lines[i].find('#')))};
    if (line.words.empty()) continue;
    if (line.words.size() != n_columns) {
      throw InputError(source, place_of(line.number), "columns", fmt::format("{}", line.words.size()),
                       computer_programs ? "expected H VP VS RHO QP QS ETAP ETAS FREFP FREFS"
                                         : "expected thickness vp vs density Qp Qs");
    }
    data.push_back(std::move(line));
    if (data.size() > max_layers) {
      throw InputError(source, place_of(data.back().number), "", "", fmt::format("more than {} layers", max_layers));
    }
  }
  if (data.empty()) throw InputError(source, "", "", "", "no layers: expected lines of thickness vp vs density Qp Qs");

  std::vector<Layer> layers;
  for (const DataLine& line : data) {
    layers.push_back(parse_layer(line, source));
    if (computer_programs) {
      check_computer_programs_columns(line, source);
      Layer& layer = layers.back();
      layer.q_p = quality_of_computer_programs(layer.q_p);
      layer.q_s = quality_of_computer_programs(layer.q_s);
    }
  }
  throw_if_broken(layers, data, source);
  return LayeredModel(std::move(layers));
}

LayeredModel read_layered_model(const std::string& path) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
    throw InputError(path, "", "", "", "is a folder: expected a file of layers");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(path, "", "", "", "cannot be opened for reading");
  std::string text;
  std::array<char, 4096> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw InputError(path, "", "", "", "cannot be read to its end");
  return parse_layered_model(text, path);
}

}  // namespace propagator
