// What this program is, for `fmnet info`, the manifest and the report.
#pragma once

#include <string>

namespace fmnet {

inline constexpr const char* version = "0.1.0";  // as in CMakeLists.txt; a test compares them

struct BuildAndMachine {
  std::string
      source;  // the environment variable FMNET_SOURCE_VERSION, else `git describe` of the tree around the program; may be empty
  std::string compiler;      // name and version
  std::string real;          // "float" or "double": the scalar type of the network
  std::string instructions;  // "AVX-512", "AVX2" or "baseline": what the compiler was allowed to use
  std::string processor;     // model name that the system gives; may be empty
  int n_threads;             // that OpenMP would start
};

BuildAndMachine build_and_machine();

}  // namespace fmnet
