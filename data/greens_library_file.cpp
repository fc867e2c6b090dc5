// The file of a Green's library (docs/file_formats.md) and the description of what a library was made from.
//
//   8 bytes  "FMNETGRL"
//   4 bytes  format version, little-endian
//   4 bytes  size H of the header, little-endian
//   H bytes  JSON: what the library was made from
//   4 x 8 bytes for each pair: distance_km, azimuth_deg, back_azimuth_deg, p_time_s (float64, little-endian)
//   the series: float32, little-endian
//   32 bytes SHA-256 of everything before
#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "data/greens_library.h"
#include "data/growing_file.h"
#include "propagator/errors.h"

namespace data {
namespace {

using nlohmann::json;
using propagator::InputError;

static_assert(std::endian::native == std::endian::little, "the file holds the bytes of this machine's numbers");

constexpr std::string_view library_magic = "FMNETGRL";
constexpr std::uint32_t library_format_version = 2;
constexpr std::size_t fixed_bytes = 16;  // magic, version, header size
constexpr std::size_t path_numbers = 4;
constexpr std::uint64_t largest_file_bytes = std::uint64_t{1} << 32;
constexpr const char* how_to_make = "make the library with `fmnet greens --config CONFIG`";

// Names of the values of enumerations, in the order of the values.
constexpr const char* phase_names[] = {"one_way", "zero_phase"};
constexpr const char* attenuation_names[] = {"constant_q", "constant_q_real_shear_modulus"};
constexpr const char* side_names[] = {"above", "below"};
constexpr const char* rule_names[] = {"converged", "fk"};

template <class Enum, std::size_t n>
std::string name_of(Enum value, const char* const (&names)[n]) {
  return names[static_cast<std::size_t>(value)];
}

template <class Enum, std::size_t n>
Enum value_of(const json& j, const char* const (&names)[n]) {
  const auto name = j.get<std::string>();
  for (std::size_t i = 0; i < n; ++i) {
    if (name == names[i]) return static_cast<Enum>(i);
  }
  throw std::invalid_argument("unknown name " + name);
}

// JSON has no infinity: an elastic layer's Q is the string "inf".
json quality_json(double q) { return std::isinf(q) ? json("inf") : json(q); }
double quality(const json& j) { return j.is_string() ? std::numeric_limits<double>::infinity() : j.get<double>(); }

json describe(const propagator::GreensSettings& g) {
  return {{"n_samples", g.n_samples},
          {"dt_s", g.dt_s},
          {"first_sample_s", g.first_sample_s},
          {"lead_samples", g.lead_samples},
          {"window_s", g.window_s},
          {"damping", g.damping},
          {"taper", g.taper},
          {"min_frequency_hz", g.min_frequency_hz},
          {"max_frequency_hz", g.max_frequency_hz},
          {"receiver_depth_km", g.receiver_depth_km},
          {"attenuation", name_of(g.attenuation, attenuation_names)},
          {"source_side", name_of(g.source_side, side_names)},
          {"free_surface", g.free_surface},
          {"wavenumbers",
           {{"rule", name_of(g.wavenumbers.rule, rule_names)},
            {"tolerance", g.wavenumbers.tolerance},
            {"fk_step", g.wavenumbers.fk_step},
            {"fk_limit", g.wavenumbers.fk_limit},
            {"fk_max_slowness", g.wavenumbers.fk_max_slowness}}}};
}

propagator::GreensSettings greens_settings(const json& j) {
  propagator::GreensSettings g;
  g.n_samples = j.at("n_samples");
  g.dt_s = j.at("dt_s");
  g.first_sample_s = j.at("first_sample_s");
  g.lead_samples = j.at("lead_samples");
  g.window_s = j.at("window_s");
  g.damping = j.at("damping");
  g.taper = j.at("taper");
  g.min_frequency_hz = j.at("min_frequency_hz");
  g.max_frequency_hz = j.at("max_frequency_hz");
  g.receiver_depth_km = j.at("receiver_depth_km");
  g.attenuation = value_of<propagator::AttenuationLaw>(j.at("attenuation"), attenuation_names);
  g.source_side = value_of<propagator::InterfaceSide>(j.at("source_side"), side_names);
  g.free_surface = j.at("free_surface");
  const json& w = j.at("wavenumbers");
  g.wavenumbers.rule = value_of<propagator::WavenumberRule>(w.at("rule"), rule_names);
  g.wavenumbers.tolerance = w.at("tolerance");
  g.wavenumbers.fk_step = w.at("fk_step");
  g.wavenumbers.fk_limit = w.at("fk_limit");
  g.wavenumbers.fk_max_slowness = w.at("fk_max_slowness");
  return g;
}

json describe(const PreprocessSettings& p) {
  return {{"low_hz", p.low_hz},
          {"high_hz", p.high_hz},
          {"order", p.order},
          {"phase", name_of(p.phase, phase_names)},
          {"quantity", p.quantity == Quantity::velocity ? "velocity" : "displacement"},
          {"dt_s", p.dt_s},
          {"n_samples", p.n_samples},
          {"before_p_s", p.before_p_s}};
}

PreprocessSettings preprocess_settings(const json& j) {
  PreprocessSettings p;
  p.low_hz = j.at("low_hz");
  p.high_hz = j.at("high_hz");
  p.order = j.at("order");
  p.phase = value_of<FilterPhase>(j.at("phase"), phase_names);
  p.quantity = j.at("quantity") == "velocity" ? Quantity::velocity : Quantity::displacement;
  p.dt_s = j.at("dt_s");
  p.n_samples = j.at("n_samples");
  p.before_p_s = j.at("before_p_s");
  return p;
}

json describe(const propagator::LayeredModel& model, const std::vector<Station>& stations,
              const std::vector<Place>& places, const GreensLibrarySettings& settings) {
  json layers = json::array();
  for (const propagator::Layer& l : model.layers()) {
    layers.push_back({{"thickness_km", l.thickness_km},
                      {"vp_km_s", l.vp_km_s},
                      {"vs_km_s", l.vs_km_s},
                      {"density_g_cm3", l.density_g_cm3},
                      {"q_p", quality_json(l.q_p)},
                      {"q_s", quality_json(l.q_s)}});
  }
  json station_table = json::array();
  for (const Station& s : stations) {
    station_table.push_back({{"network", s.network},
                             {"code", s.code},
                             {"latitude_deg", s.latitude_deg},
                             {"longitude_deg", s.longitude_deg},
                             {"elevation_m", s.elevation_m}});
  }
  json place_table = json::array();
  for (const Place& p : places) {
    place_table.push_back(
        {{"latitude_deg", p.latitude_deg}, {"longitude_deg", p.longitude_deg}, {"depth_km", p.depth_km}});
  }
  return {{"model", layers},
          {"stations", station_table},
          {"places", place_table},
          {"greens", describe(settings.greens)},
          {"preprocess", describe(settings.preprocess)},
          {"margin", settings.margin}};
}

propagator::LayeredModel layered_model(const json& j) {
  std::vector<propagator::Layer> layers;
  for (const json& l : j) {
    layers.push_back({l.at("thickness_km"), l.at("vp_km_s"), l.at("vs_km_s"), l.at("density_g_cm3"),
                      quality(l.at("q_p")), quality(l.at("q_s"))});
  }
  return propagator::LayeredModel(std::move(layers));
}

std::vector<Station> station_table(const json& j) {
  std::vector<Station> stations;
  for (const json& s : j) {
    stations.push_back(
        {s.at("network"), s.at("code"), s.at("latitude_deg"), s.at("longitude_deg"), s.at("elevation_m")});
  }
  return stations;
}

std::vector<Place> place_table(const json& j) {
  std::vector<Place> places;
  for (const json& p : j) places.push_back({p.at("latitude_deg"), p.at("longitude_deg"), p.at("depth_km")});
  return places;
}

template <class T>
T number_at(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

[[noreturn]] void refuse(const std::string& path, const std::string& place, const std::string& field,
                         const std::string& value, const std::string& rule) {
  throw InputError(path, place, field, value, rule + "; " + how_to_make);
}

// The checks that need no knowledge of the contents: magic, version, checksum. Returns the header.
json checked_header(const std::string& path, std::string_view bytes) {
  if (bytes.size() < fixed_bytes + sha256_size_bytes) {
    refuse(path, "", "size", fmt::format("{} bytes", bytes.size()), "too short for a Green's library");
  }
  if (bytes.substr(0, library_magic.size()) != library_magic) refuse(path, "byte 0", "", "", "not a Green's library");
  const auto version = number_at<std::uint32_t>(bytes, 8);
  if (version != library_format_version) {
    refuse(path, "byte 8", "version", std::to_string(version), fmt::format("expected {}", library_format_version));
  }
  const std::string_view body = bytes.substr(0, bytes.size() - sha256_size_bytes);
  if (sha256_bytes(body) != bytes.substr(body.size())) {
    refuse(path, fmt::format("byte {}", body.size()), "", "",
           "the checksum does not agree: the file is damaged or cut short");
  }
  const auto header_bytes = number_at<std::uint32_t>(bytes, 12);
  if (header_bytes > body.size() - fixed_bytes) {
    refuse(path, "byte 12", "header size", std::to_string(header_bytes), "beyond the end of the file");
  }
  const std::string_view text = body.substr(fixed_bytes, header_bytes);
  return json::parse(text.begin(), text.end());
}

struct Difference {
  std::string field, held, wanted;
};

// The first place where two descriptions differ; false when they are equal.
bool differ(const json& held, const json& wanted, const std::string& field, Difference& difference) {
  if (held == wanted) return false;
  const bool same_kind = held.type() == wanted.type() && held.size() == wanted.size();
  if (same_kind && held.is_object()) {
    for (const auto& [key, value] : held.items()) {
      if (!wanted.contains(key)) break;
      if (differ(value, wanted.at(key), field.empty() ? key : field + "." + key, difference)) return true;
    }
  }
  if (same_kind && held.is_array()) {
    for (std::size_t i = 0; i < held.size(); ++i) {
      if (differ(held[i], wanted[i], fmt::format("{}[{}]", field, i), difference)) return true;
    }
  }
  const auto brief = [](const json& j) { return j.is_array() ? fmt::format("{} entries", j.size()) : j.dump(); };
  difference = {field, brief(held), brief(wanted)};
  return true;
}

}  // namespace

std::string GreensLibrary::made_from() const { return describe(model_, stations_, places_, settings_).dump(); }

void GreensLibrary::save(const std::string& path) const {
  const std::string header = made_from();
  std::string bytes;
  bytes.reserve(fixed_bytes + header.size() + paths_.size() * path_numbers * sizeof(double) +
                series_.size() * sizeof(float) + sha256_size_bytes);
  bytes += library_magic;
  append_bytes(bytes, library_format_version);
  append_bytes(bytes, static_cast<std::uint32_t>(header.size()));
  bytes += header;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    append_bytes(bytes, paths_[i].distance_km);
    append_bytes(bytes, paths_[i].azimuth_deg);
    append_bytes(bytes, paths_[i].back_azimuth_deg);
    append_bytes(bytes, p_times_s_[i]);
  }
  bytes.append(reinterpret_cast<const char*>(series_.data()), series_.size() * sizeof(float));
  bytes += sha256_bytes(bytes);
  write_file_atomically(path, bytes);
}

GreensLibrary GreensLibrary::load(const std::string& path) {
  std::string bytes;
  try {
    bytes = read_whole_file(path, largest_file_bytes);
  } catch (const InputError& error) {
    throw InputError(error.what(), "", "", "", how_to_make);
  }
  return parse(bytes, path);
}

GreensLibrary GreensLibrary::parse(std::string_view bytes, const std::string& source) {
  try {
    const json header = checked_header(source, bytes);
    const GreensLibrarySettings settings{greens_settings(header.at("greens")),
                                         preprocess_settings(header.at("preprocess")), header.at("margin")};
    std::vector<Station> stations = station_table(header.at("stations"));
    std::vector<Place> places = place_table(header.at("places"));

    // Sizes are compared before memory is taken; doubles hold these products without overflow.
    check(settings.preprocess);
    const std::size_t offset = fixed_bytes + number_at<std::uint32_t>(bytes, 12);
    const double n_values =
        (static_cast<double>(settings.preprocess.n_samples) + 2.0 * settings.margin) * n_double_couple_series;
    const double pair_bytes = path_numbers * sizeof(double) + n_values * sizeof(float);
    const double wanted = static_cast<double>(stations.size()) * static_cast<double>(places.size()) * pair_bytes;
    if (settings.margin < 0 || wanted != static_cast<double>(bytes.size() - offset - sha256_size_bytes)) {
      refuse(source, fmt::format("byte {}", offset), "size of tables and series",
             fmt::format("{}", bytes.size() - offset - sha256_size_bytes), fmt::format("expected {} bytes", wanted));
    }
    GreensLibrary library(layered_model(header.at("model")), std::move(stations), std::move(places), settings);
    const char* next = bytes.data() + offset;
    const auto read_double = [&next] {
      double value;
      std::memcpy(&value, next, sizeof value);
      next += sizeof value;
      return value;
    };
    for (std::size_t i = 0; i < library.paths_.size(); ++i) {
      Path& p = library.paths_[i];
      p.distance_km = read_double();
      p.azimuth_deg = read_double();
      p.back_azimuth_deg = read_double();
      library.p_times_s_[i] = read_double();
    }
    std::memcpy(library.series_.data(), next, library.series_.size() * sizeof(float));
    return library;
  } catch (const json::exception& error) {
    refuse(source, fmt::format("byte {}", fixed_bytes), "header", error.what(), "not the header of a Green's library");
  } catch (const std::invalid_argument& error) {
    refuse(source, fmt::format("byte {}", fixed_bytes), "header", error.what(), "not what a library is made from");
  }
}

void require_made_from(const GreensLibrary& library, const std::string& path, const propagator::LayeredModel& model,
                       const std::vector<Station>& stations, const std::vector<Place>& places,
                       const GreensLibrarySettings& settings) {
  const json held = describe(library.model(), library.stations(), library.places(), library.settings());
  Difference difference;
  if (differ(held, describe(model, stations, places, settings), "", difference)) {
    refuse(path, "header", difference.field, difference.held,
           fmt::format("the configuration has {}: this library was made from something else", difference.wanted));
  }
}

}  // namespace data
