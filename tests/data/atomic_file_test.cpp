#include "data/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "propagator/errors.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using propagator::InputError;
using propagator::OutputError;

class AtomicFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  auto n_files() const { return std::distance(fs::directory_iterator(directory_), fs::directory_iterator()); }
  support::TemporaryFolder folder_;
  const fs::path directory_ = folder_.path();
};

TEST_F(AtomicFile, WhatIsWrittenIsRead) {
  const std::string bytes("zero \0 and more\n", 16);
  data::write_file_atomically(path("a"), bytes);
  EXPECT_EQ(data::read_whole_file(path("a"), 100), bytes);
  data::write_file_atomically(path("a"), "");
  EXPECT_EQ(data::read_whole_file(path("a"), 100), "");
  EXPECT_EQ(n_files(), 1);
}

TEST_F(AtomicFile, AnExistingFileKeepsItsMode) {
  data::write_file_atomically(path("a"), "one");
  ASSERT_EQ(chmod(path("a").c_str(), 0640), 0);
  data::write_file_atomically(path("a"), "two");
  struct stat status = {};
  ASSERT_EQ(stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
}

TEST_F(AtomicFile, AFailedWriteLeavesTheFormerFileAndNoOther) {
  data::write_file_atomically(path("a"), "former");
  // A limit on the size of files makes write() fail part of the way, as a full disk does.
  struct rlimit former = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {1000, former.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_THROW(data::write_file_atomically(path("a"), std::string(5000, 'x')), OutputError);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(data::read_whole_file(path("a"), 100), "former");
  EXPECT_EQ(n_files(), 1);
}

TEST_F(AtomicFile, ErrorsNameThePath) {
  const std::string error = support::error_of<OutputError>([&] { data::write_file_atomically(path("absent/a"), "x"); });
  EXPECT_NE(error.find("absent/a"), std::string::npos) << error;
  EXPECT_THROW(data::read_whole_file(path("absent"), 100), InputError);
  EXPECT_THROW(data::read_whole_file(directory_.string(), 100), InputError);
  data::write_file_atomically(path("long"), std::string(101, 'x'));
  EXPECT_THROW(data::read_whole_file(path("long"), 100), InputError);
}

}  // namespace
