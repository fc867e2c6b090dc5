// Names of an enumeration in configuration files: one table serves reading and writing.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fmnet {

template <class Enum>
class Choices {
 public:
  Choices(std::initializer_list<std::pair<Enum, std::string>> entries) : entries_(entries) {}

  bool find(const std::string& name, Enum& value) const {
    for (const auto& [candidate, candidate_name] : entries_) {
      if (candidate_name != name) continue;
      value = candidate;
      return true;
    }
    return false;
  }

  const std::string& name(Enum value) const {
    for (const auto& entry : entries_) {
      if (entry.first == value) return entry.second;
    }
    throw std::invalid_argument("Choices::name: value " + std::to_string(static_cast<int>(value)) + " has no name");
  }

  std::string names() const {  // "a", "b", "c"
    std::string list;
    for (const auto& entry : entries_) list += (list.empty() ? "\"" : ", \"") + entry.second + "\"";
    return list;
  }

 private:
  std::vector<std::pair<Enum, std::string>> entries_;
};

}  // namespace fmnet
