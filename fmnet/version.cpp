#include "fmnet/version.h"

#include <omp.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

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

// What git says of the tree that the program lies in; empty outside of one.
std::string source_from_git() {
  std::error_code error;
  std::string folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
  if (error || folder.find('\'') != std::string::npos) return "";
  FILE* git = popen(("git -C '" + folder + "' describe --always --dirty 2>/dev/null").c_str(), "r");
  if (git == nullptr) return "";
  std::array<char, 128> text{};
  const std::size_t n = fread(text.data(), 1, text.size(), git);
  pclose(git);
  const std::string_view line(text.data(), n);
  return std::string(line.substr(0, line.find('\n')));
}

std::string source_version() {
  const char* given = std::getenv("FMNET_SOURCE_VERSION");
  if (given != nullptr) return given;
  static const std::string from_git = source_from_git();
  return from_git;
}

}  // namespace

BuildAndMachine build_and_machine() {
  return {source_version(), compiler(),  sizeof(autodiff::Real) == sizeof(double) ? "double" : "float",
          instructions(),   processor(), omp_get_max_threads()};
}

}  // namespace fmnet
