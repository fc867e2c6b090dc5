// Bytes that are no UTF-8, in names that others choose: 0xE9 is an e with an accent in Latin-1.
#include <gtest/gtest.h>

#include <filesystem>

#include "data/atomic_file.h"
#include "data/records/picks.h"
#include "fmnet/manifest.h"
#include "tests/support/input_error.h"
#include "tests/support/program.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace {

TEST(ForeignBytes, BecomeTheReplacementCharacterInJson) {
  EXPECT_EQ(fmnet::json_text("caf\xE9", -1), "\"caf\xEF\xBF\xBD\"");
  EXPECT_EQ(fmnet::json_text({{"caf\xE9", 1}}, -1), "{\"caf\xEF\xBF\xBD\":1}");
  EXPECT_EQ(fmnet::json_text("caf\xC3\xA9", -1), "\"caf\xC3\xA9\"") << "what is UTF-8 stays as it is";
}

TEST(ForeignBytes, InTheNamesOfAStepItsFolderAndItsFilesKeepNothingFromBeingUpToDate) {
  const support::TemporaryFolder folder;
  const std::string directory = folder.path() + "/caf\xE9";
  const fmnet::Step step{"greens \xE9.bin", fmnet::step_key({{"a", "b"}}), {"\xE9.bin"}, {"/section"}};
  int n_runs = 0;
  const auto run = [&] {
    return fmnet::run_step(directory, step, {false, "fmnet greens --output caf\xE9/\xE9.bin"}, [&] {
      data::write_file_atomically(directory + "/\xE9.bin", std::to_string(++n_runs));
      fmnet::write_metrics(directory, "section", {{"event", "\xE9"}});
      return true;
    });
  };
  EXPECT_EQ(run(), fmnet::StepEnd::done);
  EXPECT_EQ(run(), fmnet::StepEnd::up_to_date);
  data::write_file_atomically(directory + "/\xE9.bin", "changed");
  EXPECT_EQ(run(), fmnet::StepEnd::done);
  EXPECT_EQ(run(), fmnet::StepEnd::up_to_date);
  EXPECT_EQ(fmnet::read_manifest(directory)["steps"].size(), 1u);
  EXPECT_EQ(fmnet::read_metrics(directory)["section"]["event"], "\xEF\xBF\xBD");
}

TEST(ForeignBytes, InAFolderOfResultsAreNoMatterToTheProgram) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  const support::TemporaryFolder folder;
  const std::string draw = "figure architecture --output 'caf\xE9'";
  const support::Outcome first = support::fmnet(folder.path(), draw), second = support::fmnet(folder.path(), draw);
  EXPECT_EQ(first.status, 0) << first.errors;
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.errors, "figure architecture: up to date\n");
}

TEST(ForeignBytes, InACodeOfAPickAreRefusedWithTheirPlace) {
  const auto message = [](const std::string& text) {
    return support::input_error([&] { data::parse_picks(text, "f"); });
  };
  const std::string rule = ": must be 1 to 8 characters of A-Z a-z 0-9 . _ -";
  EXPECT_EQ(message("CI CLC P 2019-07-06T03:19:55\nBK CM\xE9 P 2019-07-06T03:19:55"),
            "f: line 2: station = CM?" + rule);
  EXPECT_EQ(message("B\xE9 CMB P 2019-07-06T03:19:55"), "f: line 1: network = B?" + rule);
  EXPECT_EQ(message("BK ABCDEFGHI P 2019-07-06T03:19:55"), "f: line 1: station = ABCDEFGHI" + rule);
}

}  // namespace
