// Where other programs' output and real records lie, for the tests that compare with them.
//
//   const auto path = support::reference("fk_hk/hk");   // empty where the reference data are not at hand
//   if (path.empty()) GTEST_SKIP() << support::not_at_hand("fk_hk/hk");
//
// The folder is FMNET_REFERENCE_DIR (a CMake variable), overridden by an environment variable of the same name. With
// FMNET_REQUIRE_REFERENCE=1 in the environment a test that lacks its data fails instead of being passed over.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace support {

inline std::string reference_directory() {
  const char* from_environment = std::getenv("FMNET_REFERENCE_DIR");
  return from_environment != nullptr ? from_environment : FMNET_REFERENCE_DIR;
}

inline std::string reference(const std::string& relative) {
  const std::filesystem::path path = std::filesystem::path(reference_directory()) / relative;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

inline std::string not_at_hand(const std::string& relative) {
  const std::string text = "reference data not at hand: " + relative + " is not below " + reference_directory();
  const char* required = std::getenv("FMNET_REQUIRE_REFERENCE");
  if (required != nullptr && std::string(required) == "1") ADD_FAILURE() << text;
  return text;
}

}  // namespace support
