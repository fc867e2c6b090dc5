// Writes the fields of a settings structure as canonical TOML: the counterpart of toml_reader.h, driven by the same
// description of the structure. One field a line in the order of the description, numbers in the shortest form that
// reads back to the same bits, no comments: equal settings give equal text, so that texts can be compared and hashed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/choice.h"

namespace fmnet {

// The shortest decimal that reads back as `value`, always with a point, an exponent, inf or nan as TOML asks for reals.
std::string toml_number(double value);

class TomlWriter {
 public:
  static constexpr bool is_reading = false;

  void table(const std::string& name);
  void number(const std::string& key, const double& value, double low, double high);
  void integer(const std::string& key, const std::int64_t& value, std::int64_t low, std::int64_t high);
  void integer(const std::string& key, const int& value, int low, int high);
  void natural(const std::string& key, const std::uint64_t& value);
  void flag(const std::string& key, const bool& value);
  void text(const std::string& key, const std::string& value);
  void texts(const std::string& key, const std::vector<std::string>& values);
  void numbers(const std::string& key, const std::vector<double>& values, std::size_t count);
  void line(const std::string& key, const std::string& right_hand_side);
  template <class Enum>
  void choice(const std::string& key, const Enum& value, const Choices<Enum>& choices) {
    text(key, choices.name(value));
  }

  const std::string& result() const { return result_; }

 private:
  std::string result_;
};

}  // namespace fmnet
