// Reads the fields of a settings structure from a TOML text, and refuses what it does not understand.
//
// A settings structure is described once, by a function that names every field in turn,
//
//   template <class Visitor> void visit(Visitor& v, Settings& s) {
//     v.table("training");
//     v.integer("batch_size", s.batch_size, 1, 4096);
//     ...
//   }
//
// and that description serves reading (here) and writing (toml_writer.h). Rules, each broken one an InputError
// "file:line:column: table.key = value: rule":
//
//   * every field must be there: a default that nobody sees is a choice that nobody made;
//   * a key that no field asked for is refused, with the keys that the table may have;
//   * the type must be right (a whole number stands for a real one, never the reverse) and the value inside its range.
//
// Numbers are read by toml++, which does not depend on the locale. Files above 1 MB and
// lines above 4096 characters are refused.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "fmnet/choice.h"

namespace fmnet {

class TomlReader {
 public:
  // `text` is the document, `source` the name of its file for the messages.
  TomlReader(const std::string& text, std::string source);

  static constexpr bool is_reading = true;

  void table(const std::string& name);  // the fields that follow belong to [name]; "" is the top level
  bool has(const std::string& key);     // whether the current table holds the key (which then counts as known)
  void number(const std::string& key, double& value, double low, double high);  // low <= value <= high
  void integer(const std::string& key, std::int64_t& value, std::int64_t low, std::int64_t high);
  void integer(const std::string& key, int& value, int low, int high);
  void natural(const std::string& key, std::uint64_t& value);  // 0 .. 2^63 - 1
  void flag(const std::string& key, bool& value);
  void text(const std::string& key, std::string& value);                 // printable, not empty, <= 4096 bytes
  void texts(const std::string& key, std::vector<std::string>& values);  // one or more, each as text() takes it
  void numbers(const std::string& key, std::vector<double>& values, std::size_t count);
  const toml::array& rows(const std::string& key);  // an array, checked by the caller
  template <class Enum>
  void choice(const std::string& key, Enum& value, const Choices<Enum>& choices) {
    std::string name;
    text(key, name);
    if (!choices.find(name, value)) fail(key, "\"" + name + "\"", "must be one of " + choices.names());
  }

  // Every key of the document was asked for, or InputError.
  void refuse_unknown_keys() const;

  // InputError at the place of `key` (of the table when the key is absent).
  [[noreturn]] void fail(const std::string& key, const std::string& value, const std::string& rule) const;

 private:
  const toml::node& required(const std::string& key);
  std::string checked_text(const std::string& key, const toml::node& node) const;
  std::string place(const toml::node* node) const;
  std::string full_name(const std::string& key) const;

  std::string source_;
  toml::table root_;
  const toml::table* current_;
  std::string current_name_;
  std::vector<std::pair<std::string, std::set<std::string>>> known_;  // table -> its keys, in order of the description
};

}  // namespace fmnet
