// The two ways in which a program of this project ends that are not its own fault.
//
// InputError: something that the user supplied - a file, a line in it, an option - breaks a rule. The program prints the
// message as one line and exits with status 2. The message names, in this order and leaving out what is empty,
//
//   <source>: <place>: <field> = <value>: <rule>
//
// for example  "model.txt: line 3: vs_km_s = 9.1: must be below sqrt(3)/2 vp = 5.19615 km/s (positive bulk modulus)".
//
// OutputError: a result cannot be written (disk full, no permission). Exit status 3; earlier results stay intact.
//
// A broken precondition of a function (a bug of the caller) is std::invalid_argument, a numerical failure is
// std::runtime_error; neither is one of these two.
#pragma once

#include <stdexcept>
#include <string>

namespace propagator {

class InputError : public std::runtime_error {
 public:
  InputError(const std::string& source, const std::string& place, const std::string& field, const std::string& value,
             const std::string& rule)
      : std::runtime_error(one_line(source, place, field, value, rule)) {}

 private:
  static std::string one_line(const std::string& source, const std::string& place, const std::string& field,
                              const std::string& value, const std::string& rule) {
    std::string line = source;
    const auto append = [&line](const std::string& separator, const std::string& part) {
      if (!part.empty()) line += (line.empty() ? "" : separator) + part;
    };
    append(": ", place);
    append(": ", field);
    append(field.empty() ? ": " : " = ", value);
    append(": ", rule);
    for (char& c : line) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    return line;
  }
};

class OutputError : public std::runtime_error {
 public:
  OutputError(const std::string& path, const std::string& what_failed, const std::string& reason)
      : std::runtime_error(path + ": " + what_failed + ": " + reason) {}
};

}  // namespace propagator
