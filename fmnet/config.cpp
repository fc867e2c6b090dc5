#include "fmnet/config.h"

#include <filesystem>
#include <map>
#include <sstream>

#include "data/atomic_file.h"
#include "fmnet/config_tables.h"
#include "fmnet/toml_reader.h"
#include "fmnet/toml_writer.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::uint64_t max_config_bytes = std::uint64_t{1} << 20;

// ---- stations and layers: the name of a file, or its lines ---------------------------------------------------------

std::string beside(const std::string& directory, const std::string& file) {
  return (std::filesystem::path(directory) / file).lexically_normal().string();
}

std::string joined_lines(TomlReader& reader, const std::string& key) {
  std::string text;
  for (const toml::node& node : reader.rows(key)) {
    if (!node.is_string()) reader.fail(key, "(list)", "must hold texts, one line of the table each");
    text += node.as_string()->get() + "\n";
  }
  return text;
}

void require_one_of(TomlReader& reader, const std::string& file_key, const std::string& list_key) {
  const bool file = reader.has(file_key), list = reader.has(list_key);
  if (file == list) reader.fail(file_key, file ? "and " + list_key : "nothing", "exactly one of the two must be given");
}

void read_station_table(TomlReader& reader, const std::string& source, const std::string& directory, Config& config) {
  reader.table("stations");
  require_one_of(reader, "file", "list");
  if (reader.has("list")) {
    config.stations = data::parse_stations(joined_lines(reader, "list"), source + ": stations.list");
  } else {
    std::string file;
    reader.text("file", file);
    config.stations = data::read_stations(beside(directory, file));
  }
  if (config.stations.size() > static_cast<std::size_t>(n_station_slots)) {
    reader.fail(reader.has("file") ? "file" : "list", fmt::format("{} stations", config.stations.size()),
                fmt::format("the network has {} slots", n_station_slots));
  }
}

void read_velocity_table(TomlReader& reader, const std::string& source, const std::string& directory, Config& config) {
  reader.table("velocity_model");
  require_one_of(reader, "file", "layers");
  if (reader.has("layers")) {
    const std::string text = joined_lines(reader, "layers");
    config.velocity_model = propagator::parse_layered_model(text, source + ": velocity_model.layers").layers();
  } else {
    std::string file;
    reader.text("file", file);
    config.velocity_model = propagator::read_layered_model(beside(directory, file)).layers();
  }
}

std::string list_of(const std::vector<std::string>& lines) {
  std::string list = "[\n";
  for (const std::string& line : lines) list += "  \"" + line + "\",\n";
  return list + "]";
}

void write_station_table(TomlWriter& writer, const Config& config) {
  std::vector<std::string> lines;
  for (const data::Station& s : config.stations) {
    lines.push_back(fmt::format("{} {} {} {} {}", s.network, s.code, s.latitude_deg, s.longitude_deg, s.elevation_m));
  }
  writer.table("stations");
  writer.line("list", list_of(lines));
}

void write_velocity_table(TomlWriter& writer, const Config& config) {
  std::vector<std::string> lines;
  for (const propagator::Layer& l : config.velocity_model) {
    lines.push_back(
        fmt::format("{} {} {} {} {} {}", l.thickness_km, l.vp_km_s, l.vs_km_s, l.density_g_cm3, l.q_p, l.q_s));
  }
  writer.table("velocity_model");
  writer.line("layers", list_of(lines));
}

// ---- the whole -----------------------------------------------------------------------------------------------------

template <class Visitor>
void visit_top(Visitor& v, Config& config) {
  v.table("");
  v.text("name", config.name);
  v.natural("seed", config.seed);
}

// Everything that a training depends on.
template <class Visitor>
void visit_training_tables(Visitor& v, Config& config) {
  visit_grid(v, config.grid);
  visit_greens(v, config.greens);
  visit_preprocess(v, config.preprocess, config.greens);
  visit_augment(v, config.augment);
  visit_label(v, config.label);
  visit_network(v, config.network);
  visit_training(v, config.training, config.training_grid().size());
}

template <class Visitor>
void visit_all_tables(Visitor& v, Config& config) {
  visit_training_tables(v, config);
  visit_records(v, config.records, config.preprocess, config.stations.size());
}

Config read_head(TomlReader& reader, const std::string& source, const std::string& directory) {
  Config config;
  visit_top(reader, config);
  read_station_table(reader, source, directory, config);
  read_velocity_table(reader, source, directory, config);
  return config;
}

TomlWriter write_head(Config& config) {
  TomlWriter writer;
  visit_top(writer, config);
  write_station_table(writer, config);
  write_velocity_table(writer, config);
  return writer;
}

// "table.key" -> value, for every line of a canonical text; the lines of a list are "table.list line 3".
std::vector<std::pair<std::string, std::string>> entries(const std::string& canonical) {
  std::vector<std::pair<std::string, std::string>> found;
  std::istringstream lines(canonical);
  std::string table, list;
  int in_list = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line == "]") continue;
    if (line.starts_with("  ")) {
      found.emplace_back(fmt::format("{} line {}", list, ++in_list), line.substr(2, line.size() - 3));
    } else if (line.front() == '[') {
      table = line.substr(1, line.size() - 2) + ".";
    } else {
      const std::size_t equals = line.find(" = ");
      const std::string key = table + line.substr(0, equals);
      if (line.ends_with("[")) {
        list = key;
        in_list = 0;
      } else {
        found.emplace_back(key, line.substr(equals + 3));
      }
    }
  }
  return found;
}

bool matters(const std::string& key, Agreement agreement) {
  if (agreement == Agreement::training) {
    return key != "name" && key != "training.epochs" && key != "training.checkpoint_interval_s";
  }
  if (key == "label.decoding") return false;
  for (const char* table : {"stations.", "preprocess.", "label.", "network."}) {
    if (key.starts_with(table)) return true;
  }
  return false;
}

std::map<std::string, std::string> entries_that_matter(const Config& config, Agreement agreement) {
  std::map<std::string, std::string> chosen;
  for (const auto& [key, value] : entries(training_toml(config))) {
    if (matters(key, agreement)) chosen.emplace(key, value);
  }
  return chosen;
}

}  // namespace

data::TrainingGrid Config::training_grid() const {
  return data::TrainingGrid(grid.latitude_deg, grid.longitude_deg, grid.depth_km, grid.strike_deg, grid.dip_deg,
                            grid.rake_deg);
}

propagator::LayeredModel Config::layered_model() const { return propagator::LayeredModel(velocity_model); }

data::GreensLibrarySettings Config::greens_library_settings() const {
  return {greens, preprocess, largest_shift_samples(augment)};
}

Config parse_config(const std::string& text, const std::string& source, const std::string& directory) {
  TomlReader reader(text, source);
  Config config = read_head(reader, source, directory);
  visit_all_tables(reader, config);
  reader.refuse_unknown_keys();
  return config;
}

Config parse_training_toml(const std::string& text, const std::string& source) {
  TomlReader reader(text, source);
  Config config = read_head(reader, source, "");
  visit_training_tables(reader, config);
  reader.table("");
  if (reader.has("records")) visit_records(reader, config.records, config.preprocess, config.stations.size());
  reader.refuse_unknown_keys();
  return config;
}

Config read_config(const std::string& path) {
  return parse_config(data::read_whole_file(path, max_config_bytes), path,
                      std::filesystem::path(path).parent_path().string());
}

std::string to_toml(const Config& config) {
  Config copy = config;
  TomlWriter writer = write_head(copy);
  visit_all_tables(writer, copy);
  return writer.result();
}

std::string training_toml(const Config& config) {
  Config copy = config;
  TomlWriter writer = write_head(copy);
  visit_training_tables(writer, copy);
  return writer.result();
}

void require_agreement(const Config& stored, const std::string& source, const Config& in_use, Agreement agreement) {
  const std::map<std::string, std::string> theirs = entries_that_matter(stored, agreement);
  const std::map<std::string, std::string> ours = entries_that_matter(in_use, agreement);
  const auto value_in = [](const std::map<std::string, std::string>& all, const std::string& key) {
    const auto found = all.find(key);
    return found == all.end() ? std::string("nothing") : found->second;
  };
  std::map<std::string, std::string> all = theirs;
  all.insert(ours.begin(), ours.end());
  for (const auto& entry : all) {
    const std::string was = value_in(theirs, entry.first), is = value_in(ours, entry.first);
    if (was == is) continue;
    throw propagator::InputError(source, "made with another configuration", entry.first, was,
                                 "the configuration in use has " + is);
  }
}

}  // namespace fmnet
