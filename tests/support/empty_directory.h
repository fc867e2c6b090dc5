// A directory for the files of a test, kept after it for a look at them. Tests run side by side, as programs of their own: what
// two of them wrote under one name they would take from each other, so each has a directory of its own name.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace support {

// <build directory>/test_output/<suite>.<test>/<name>, without what was there before.
inline std::string empty_directory(const std::string& name) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  const std::filesystem::path path = std::filesystem::path(FMNET_BINARY_DIR) / "test_output" /
                                     (std::string(test.test_suite_name()) + "." + test.name()) / name;
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

}  // namespace support
