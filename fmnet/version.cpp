#include "fmnet/version.h"

#include <omp.h>

#include <cstdlib>
#include <fstream>

#include "autodiff/real.h"

namespace fmnet {
namespace {

std::string compiler() {
#if defined(__clang__)
  return std::string("clang ") + __clang_version__;
#else
  return std::string("gcc ") + __VERSION__;
#endif
}

std::string instructions() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__)
  return "AVX2";
#else
  return "baseline";
#endif
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  }
  return "";
}

}  // namespace

BuildAndMachine build_and_machine() {
  const char* source = std::getenv("FMNET_SOURCE_VERSION");
  return {source != nullptr ? source : "",
          compiler(),
          sizeof(autodiff::Real) == sizeof(double) ? "double" : "float",
          instructions(),
          processor(),
          omp_get_max_threads()};
}

}  // namespace fmnet
