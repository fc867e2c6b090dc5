#include "fmnet/toml_writer.h"

#include <fmt/format.h>

namespace fmnet {

std::string toml_number(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

void TomlWriter::line(const std::string& key, const std::string& right_hand_side) {
  result_ += key + " = " + right_hand_side + "\n";
}

void TomlWriter::table(const std::string& name) {
  if (!name.empty()) result_ += (result_.empty() ? "[" : "\n[") + name + "]\n";
}

void TomlWriter::number(const std::string& key, const double& value, double, double) { line(key, toml_number(value)); }

void TomlWriter::integer(const std::string& key, const std::int64_t& value, std::int64_t, std::int64_t) {
  line(key, std::to_string(value));
}

void TomlWriter::integer(const std::string& key, const int& value, int, int) { line(key, std::to_string(value)); }

void TomlWriter::natural(const std::string& key, const std::uint64_t& value) { line(key, std::to_string(value)); }

void TomlWriter::flag(const std::string& key, const bool& value) { line(key, value ? "true" : "false"); }

void TomlWriter::text(const std::string& key, const std::string& value) { line(key, "\"" + value + "\""); }

void TomlWriter::texts(const std::string& key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "\"" : ", \"") + value + "\"";
  line(key, "[" + list + "]");
}

void TomlWriter::numbers(const std::string& key, const std::vector<double>& values, std::size_t) {
  std::string list;
  for (const double value : values) list += (list.empty() ? "" : ", ") + toml_number(value);
  line(key, "[" + list + "]");
}

}  // namespace fmnet
