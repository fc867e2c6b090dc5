// A library that is made in pieces: interrupted, killed, damaged on its way, and the same in the end.
#include "data/partial_spectra.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>

#include "data/atomic_file.h"
#include "propagator/errors.h"
#include "tests/support/far_field_library.h"
#include "tests/support/temporary_folder.h"

namespace {

using data::GreensLibrary;
using data::PartialSpectra;

class PartialLibrary : public testing::Test {
 protected:
  PartialLibrary() {
    settings_.greens.wavenumbers.tolerance = 1e-2;
    settings_.greens.max_frequency_hz = 0.15;
  }

  // Computes with what is kept under `key`, and stops before the chunk number n_before_stop (-1: never) that is not kept yet.
  // Returns the bytes of the library's file, or nothing where it was interrupted.
  std::string compute(const std::string& key, int n_before_stop, int* n_computed, double wait_s = 0.0,
                      bool flush = true) {
    PartialSpectra partial(path_, key, wait_s);
    std::atomic<int> n = 0;
    const auto stop = [&] { return n_before_stop >= 0 && n >= n_before_stop; };
    try {
      const GreensLibrary library =
          compute_in_pieces(support::half_space(), stations_, places_, settings_, partial, stop, [&](double) { ++n; });
      *n_computed = n;
      library.save(folder_.path() + "/library");
      return data::read_whole_file(folder_.path() + "/library", 1 << 24);
    } catch (const propagator::Interrupted&) {
      if (flush) partial.flush();
      *n_computed = n;
      return "";
    }
  }

  std::string partial_bytes() const { return data::read_whole_file(path_, 1 << 26); }

  support::TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/library.partial";
  data::GreensLibrarySettings settings_ = support::far_field_settings();
  std::vector<data::Station> stations_ = support::ring_of_stations(2, 35.8, -117.6);
  // Two groups: depths 5 and 12 at the same places, depth 8 at another.
  std::vector<data::Place> places_ = {{35.7, -117.6, 5.0}, {35.7, -117.6, 12.0}, {35.9, -117.5, 8.0}};
};

TEST_F(PartialLibrary, GoesOnWhereItWasInterruptedToTheSameBytes) {
  int n_whole = 0;
  const std::string whole = compute("key", -1, &n_whole);
  GreensLibrary::compute(support::half_space(), stations_, places_, settings_).save(folder_.path() + "/in_one_go");
  EXPECT_EQ(data::read_whole_file(folder_.path() + "/in_one_go", 1 << 24), whole);
  std::filesystem::remove(path_);
  ASSERT_GE(n_whole, 4);
  int n_done = 0, n = 0;
  for (const int n_before_stop : {2, 1}) {
    EXPECT_EQ(compute("key", n_before_stop, &n), "");
    EXPECT_GE(n, n_before_stop);
    n_done += n;
  }
  EXPECT_EQ(PartialSpectra(path_, "key").n_taken_up(), n_done);
  EXPECT_EQ(compute("key", -1, &n), whole);
  EXPECT_EQ(n, n_whole - n_done);
}

// Killed: nothing is flushed, but what was written stays; half a chunk at the end is cut off.
TEST_F(PartialLibrary, KilledWhileWritingLosesThatChunkAlone) {
  int n_whole = 0, n = 0;
  const std::string whole = compute("key", -1, &n_whole);
  std::filesystem::remove(path_);
  EXPECT_EQ(compute("key", 2, &n, 0.0, false), "");
  const std::string bytes = partial_bytes();
  data::write_file_atomically(path_, bytes.substr(0, bytes.size() - 7));
  EXPECT_EQ(PartialSpectra(path_, "key").n_taken_up(), n - 1);
  int n_again = 0;
  EXPECT_EQ(compute("key", -1, &n_again), whole);
  EXPECT_EQ(n_again, n_whole - (n - 1));
}

TEST_F(PartialLibrary, ADamagedChunkAndAllBehindItAreComputedAgain) {
  int n_whole = 0, n = 0;
  const std::string whole = compute("key", -1, &n_whole);
  std::string bytes = partial_bytes();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  data::write_file_atomically(path_, bytes);
  EXPECT_LT(PartialSpectra(path_, "key").n_taken_up(), n_whole);
  EXPECT_EQ(compute("key", -1, &n), whole);
  EXPECT_GE(n, 1);
}

TEST_F(PartialLibrary, OfOtherSettingsIsNotUsed) {
  int n_whole = 0, n = 0;
  const std::string whole = compute("key", -1, &n_whole);
  EXPECT_EQ(PartialSpectra(path_, "other").n_taken_up(), 0);
  EXPECT_EQ(compute("other", -1, &n), whole);
  EXPECT_EQ(n, n_whole);
  EXPECT_EQ(PartialSpectra(path_, "key").n_taken_up(), 0) << "the file belongs to the other now";
}

// A limit on the size of files makes the first writing fail part of the way, as a full disk does.
TEST_F(PartialLibrary, WhatAFailedWritingLeftWaitingIsWrittenWithTheNextChunk) {
  const Eigen::ArrayXXcd first = Eigen::ArrayXXcd::Random(20, 3), second = Eigen::ArrayXXcd::Random(4, 3);
  {
    PartialSpectra partial(path_, "key", 0.0);
    const propagator::ChunkKeeper keeper = partial.keeper(0, {});
    struct rlimit former = {};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &former), 0);
    std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {100, former.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_THROW(keeper.keep(0, first), propagator::OutputError);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &former), 0);
    std::signal(SIGXFSZ, SIG_DFL);
    keeper.keep(1, second);
  }
  PartialSpectra partial(path_, "key");
  EXPECT_EQ(partial.n_taken_up(), 2);
  Eigen::ArrayXXcd sums;
  ASSERT_TRUE(partial.keeper(0, {}).fetch(0, sums));
  EXPECT_TRUE((sums == first).all());
  ASSERT_TRUE(partial.keeper(0, {}).fetch(1, sums));
  EXPECT_TRUE((sums == second).all());
}

TEST_F(PartialLibrary, WritesNothingBeforeItsTime) {
  int n = 0;
  compute("key", -1, &n, 1000.0);
  EXPECT_FALSE(std::filesystem::exists(path_));
  compute("key", 1, &n, 1000.0);
  EXPECT_TRUE(std::filesystem::exists(path_)) << "but what an interruption finds";
}

}  // namespace
