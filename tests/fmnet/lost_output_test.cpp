// What is printed and does not arrive: /dev/full takes nothing, as a full disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <sstream>

#include "fmnet/commands/serve_command.h"
#include "tests/support/error_of.h"
#include "tests/support/one_station_experiment.h"
#include "tests/support/program.h"

namespace {

using testing::HasSubstr;

class LostOutput : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    config_ = support::one_station_config();
    folder_.write("c.toml", to_toml(config_));
    support::write_untrained_weights(folder_, config_);
    support::write_one_station(folder_);
  }
  void expect_lost(const std::string& arguments, const std::string& words, const std::string& before = "") const {
    const support::Outcome outcome = support::fmnet(folder_.path(), arguments + " >/dev/full", before);
    EXPECT_EQ(outcome.status, 3) << arguments << "\n" << outcome.errors;
    EXPECT_THAT(outcome.errors, HasSubstr(words)) << arguments;
  }
  support::TemporaryFolder folder_;
  fmnet::Config config_;
};

TEST_F(LostOutput, OfACommandThatOnlyPrintsEndsWithThree) {
  const std::string words = "fmnet: standard output: writing: ";
  for (const char* arguments : {"info", "selftest"}) expect_lost(arguments, words + "No space left on device");
  for (const char* arguments : {"--help", "--version"}) expect_lost(arguments, words);
}

// One line waits in the buffer until the end, a hundred kilobytes do not.
TEST_F(LostOutput, OfAPredictionEndsWithThreeHoweverLongItIs) {
  const std::string predict =
      "predict --config c.toml --weights weights.safetensors --records records --event " + support::mainshock_text;
  ASSERT_EQ(support::fmnet(folder_.path(), predict).status, 0);
  expect_lost(predict, "fmnet: standard output: writing: ");
  expect_lost(predict + " --json", "fmnet: standard output: writing: ");
}

TEST_F(LostOutput, OfServedAnswersEndsWithThreeAtTheFirst) {
  expect_lost("serve --config c.toml --weights weights.safetensors", "fmnet: answers: writing: ", "echo nonsense | ");
  std::istringstream windows("nonsense\nnonsense\n");
  std::ostream nowhere(nullptr);
  const std::string weights = folder_.path() + "/weights.safetensors";
  EXPECT_THAT(support::error_of<propagator::OutputError>([&] {
                fmnet::run_serve(config_, {weights, "", 0.0, false}, windows, nowhere);
              }),
              testing::StartsWith("answers: writing: "));
  std::string left;
  std::getline(windows, left);
  EXPECT_EQ(left, "nonsense") << "the second window is not read";
}

TEST_F(LostOutput, WhereNothingIsPrintedNothingIsLost) {
  const support::Outcome outcome =
      support::fmnet(folder_.path(), "greens --config c.toml --output greens.bin >/dev/full");
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

}  // namespace
