#include "fmnet/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::size_t max_bytes = 1 << 20;
constexpr std::size_t max_text = 4096;

std::string shown(const toml::node& node) {
  std::ostringstream text;
  if (node.is_string()) {
    text << '"' << node.as_string()->get() << '"';
  } else {
    node.visit([&text](const auto& value) { text << value; });
  }
  const std::string all = text.str();
  return all.size() <= 60 ? all : all.substr(0, 57) + "...";
}

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a real number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

// A key a.a.a... is a table in a table in a table, and toml++ descends into each by calling itself: a line without an end
// would exhaust the stack.
void refuse_long_lines(const std::string& text, const std::string& source) {
  std::size_t begin = 0;
  for (int line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > max_text) {
      throw propagator::InputError(source, fmt::format("line {}", line), "length", std::to_string(end - begin),
                                   fmt::format("must be at most {} characters", max_text));
    }
    begin = end + 1;
  }
}

}  // namespace

TomlReader::TomlReader(const std::string& text, std::string source) : source_(std::move(source)) {
  if (text.size() > max_bytes) {
    throw propagator::InputError(source_, "", "size", fmt::format("{} bytes", text.size()),
                                 fmt::format("a configuration has at most {} bytes", max_bytes));
  }
  refuse_long_lines(text, source_);
  try {
    root_ = toml::parse(text);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    throw propagator::InputError(fmt::format("{}:{}:{}", source_, begin.line, begin.column), "", "", "",
                                 "not valid TOML: " + std::string(error.description()));
  }
  current_ = &root_;
  known_.emplace_back("", std::set<std::string>());
}

void TomlReader::table(const std::string& name) {
  if (name.empty()) {
    current_ = &root_;
    current_name_.clear();
    return;
  }
  known_.front().second.insert(name);
  current_name_.clear();
  current_ = &root_;
  const toml::node* node = root_.get(name);
  if (node == nullptr) throw propagator::InputError(source_, "", "", "", "table [" + name + "] is missing");
  if (!node->is_table()) fail(name, shown(*node), "must be a table, but is " + type_name(*node));
  current_ = node->as_table();
  current_name_ = name;
  known_.emplace_back(name, std::set<std::string>());
}

bool TomlReader::has(const std::string& key) {
  (current_name_.empty() ? known_.front() : known_.back()).second.insert(key);
  return current_->contains(key);
}

const toml::node& TomlReader::required(const std::string& key) {
  if (!has(key)) {
    throw propagator::InputError(place(current_), "", "", "", "key " + full_name(key) + " is missing");
  }
  return *current_->get(key);
}

void TomlReader::number(const std::string& key, double& value, double low, double high) {
  const toml::node& node = required(key);
  const auto read = node.value<double>();
  if (!node.is_number() || !read) fail(key, shown(node), "must be a number, but is " + type_name(node));
  if (!(*read >= low && *read <= high)) fail(key, shown(node), fmt::format("must be from {} to {}", low, high));
  value = *read;
}

void TomlReader::integer(const std::string& key, std::int64_t& value, std::int64_t low, std::int64_t high) {
  const toml::node& node = required(key);
  if (!node.is_integer()) fail(key, shown(node), "must be a whole number, but is " + type_name(node));
  const std::int64_t read = node.as_integer()->get();
  if (read < low || read > high) fail(key, shown(node), fmt::format("must be from {} to {}", low, high));
  value = read;
}

void TomlReader::integer(const std::string& key, int& value, int low, int high) {
  std::int64_t wide = 0;
  integer(key, wide, std::int64_t{low}, std::int64_t{high});
  value = static_cast<int>(wide);
}

void TomlReader::natural(const std::string& key, std::uint64_t& value) {
  std::int64_t read = 0;
  integer(key, read, std::int64_t{0}, std::numeric_limits<std::int64_t>::max());
  value = static_cast<std::uint64_t>(read);
}

void TomlReader::flag(const std::string& key, bool& value) {
  const toml::node& node = required(key);
  if (!node.is_boolean()) fail(key, shown(node), "must be true or false, but is " + type_name(node));
  value = node.as_boolean()->get();
}

std::string TomlReader::checked_text(const std::string& key, const toml::node& node) const {
  if (!node.is_string()) fail(key, shown(node), "must be a text in quotes, but is " + type_name(node));
  const std::string read = node.as_string()->get();
  if (read.empty() || read.size() > max_text) {
    fail(key, shown(node), fmt::format("must have 1 to {} characters", max_text));
  }
  for (const char c : read) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '"' || c == '\\') {
      fail(key, "(text)", "must not hold control characters, quotes or backslashes");
    }
  }
  return read;
}

void TomlReader::text(const std::string& key, std::string& value) { value = checked_text(key, required(key)); }

void TomlReader::texts(const std::string& key, std::vector<std::string>& values) {
  const toml::array& array = rows(key);
  values.clear();
  for (const toml::node& node : array) values.push_back(checked_text(key, node));
  if (values.empty()) fail(key, "[]", "must hold at least one text");
}

void TomlReader::numbers(const std::string& key, std::vector<double>& values, std::size_t count) {
  const toml::array& array = rows(key);
  values.clear();
  for (const toml::node& node : array) {
    const auto read = node.value<double>();
    if (!node.is_number() || !read || !std::isfinite(*read)) fail(key, shown(node), "must hold finite numbers only");
    values.push_back(*read);
  }
  if (values.size() != count) fail(key, shown(array), fmt::format("must hold {} numbers", count));
}

const toml::array& TomlReader::rows(const std::string& key) {
  const toml::node& node = required(key);
  if (!node.is_array()) fail(key, shown(node), "must be an array, but is " + type_name(node));
  return *node.as_array();
}

void TomlReader::refuse_unknown_keys() const {
  for (const auto& [table_name, keys] : known_) {
    const toml::table& in = table_name.empty() ? root_ : *root_.get(table_name)->as_table();
    for (const auto& [key, node] : in) {
      if (keys.count(std::string(key.str())) != 0) continue;
      std::string allowed;
      for (const std::string& name : keys) allowed += (allowed.empty() ? "" : ", ") + name;
      const std::string name = (table_name.empty() ? "" : table_name + ".") + std::string(key.str());
      throw propagator::InputError(place(&node), "", "", "", "unknown key " + name + ": may be one of " + allowed);
    }
  }
}

void TomlReader::fail(const std::string& key, const std::string& value, const std::string& rule) const {
  const toml::node* node = current_->get(key);
  throw propagator::InputError(place(node != nullptr ? node : current_), "", full_name(key), value, rule);
}

std::string TomlReader::place(const toml::node* node) const {
  const auto& begin = node->source().begin;
  return begin.line == 0 ? source_ : fmt::format("{}:{}:{}", source_, begin.line, begin.column);
}

std::string TomlReader::full_name(const std::string& key) const {
  return current_name_.empty() ? key : current_name_ + "." + key;
}

}  // namespace fmnet
