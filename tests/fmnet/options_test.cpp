// Every option counts: what is given on the command line changes the result, excludes what it cannot go with, or is refused; and
// a result is up to date only where all that made it is the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "data/atomic_file.h"
#include "fmnet/manifest.h"
#include "tests/support/program.h"
#include "tests/support/shell.h"
#include "tests/support/small_experiment.h"

namespace {

using support::fmnet;
using support::Outcome;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string with_greens = " --greens greens.bin ", with_weights = with_greens + "--weights weights.safetensors ";

// One folder for all: two depths, a library, a network that was trained for one step.
class Options : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ =
        fs::path(testing::TempDir()) / ("fmnet_options_" + std::to_string(getpid()));  // ctest runs each test apart
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("c.toml", support::config_of_one_epicentre(2));
    write("p.toml", support::preset_of("c.toml", 2));
    ASSERT_EQ(fmnet(folder_, "greens --preset p.toml --output greens.bin").status, 0);
    ASSERT_EQ(fmnet(folder_, "train --preset p.toml --greens greens.bin --output .").status, 0);
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static void write(const std::string& file, const std::string& text) {
    data::write_file_atomically((folder_ / file).string(), text);
  }
  static std::string read(const std::string& file) {
    return data::read_whole_file((folder_ / file).string(), 64 << 20);
  }
  static void expect_refused(const std::string& arguments, const std::string& part) {
    const Outcome outcome = fmnet(folder_, arguments);
    EXPECT_EQ(outcome.status, 2) << arguments;
    EXPECT_THAT(outcome.errors, HasSubstr(part)) << arguments;
  }
  static void expect_done(const std::string& arguments) {
    const Outcome outcome = fmnet(folder_, arguments);
    EXPECT_EQ(outcome.status, 0) << arguments << "\n" << outcome.errors;
  }
  static bool is_up_to_date(const std::string& arguments) { return fmnet(folder_, arguments + " --check").status == 0; }

  static inline fs::path folder_;
};

// The preset takes every second place, one; the command line may ask for both.
TEST_F(Options, TheStepThroughThePlacesIsThePresetsUnlessItIsGiven) {
  const std::string features = "features --preset p.toml" + with_weights + "--features ";
  EXPECT_THAT(fmnet(folder_, features + "half.bin").errors, HasSubstr("features of 972 samples"));
  EXPECT_THAT(fmnet(folder_, features + "all.bin --place-step 1").errors, HasSubstr("features of 1944 samples"));
}

TEST_F(Options, ATrainingThatIsLongerThanAskedForIsRefused) {
  const std::string train = "train --preset p.toml" + with_greens + "--output longer --epochs ";
  expect_done(train + "2");
  expect_refused(train + "1", "longer/state.safetensors: step = 2: this training has 1 steps");
}

TEST_F(Options, LostWeightsComeBackFromTheState) {
  const std::string train = "train --preset p.toml" + with_greens + "--output lost";
  expect_done(train);
  const std::string weights = read("lost/weights.safetensors");
  fs::remove(folder_ / "lost/weights.safetensors");
  expect_done(train);
  EXPECT_EQ(read("lost/weights.safetensors"), weights);
}

// What a preset comes with is taken into an empty folder, or one with the same weights; never over a training of its own.
TEST_F(Options, ShippedWeightsReplaceNoTraining) {
  fs::create_directories(folder_ / "shipped");
  for (const char* file : {"weights.safetensors", "training_log.tsv"}) {
    fs::copy_file(folder_ / file, folder_ / "shipped" / file, fs::copy_options::overwrite_existing);
  }
  write("s.toml", support::preset_of("c.toml", 2) + "shipped = \"shipped\"\n");
  const std::string train = "train --preset s.toml" + with_greens + "--output ";
  expect_done(train + "taken");
  EXPECT_EQ(read("taken/weights.safetensors"), read("weights.safetensors"));
  expect_done(train + ".");
  expect_done("train --preset p.toml --seed 5" + with_greens + "--output own");
  const std::string own = read("own/weights.safetensors");
  expect_refused(train + "own", "own/state.safetensors: is a training of this folder's own");
  EXPECT_EQ(read("own/weights.safetensors"), own);
  EXPECT_EQ(fmnet(folder_, train + "stopped --stop-after 1").status, 0) << "one step is the whole training";
  EXPECT_TRUE(fs::exists(folder_ / "stopped/state.safetensors")) << "was trained, not taken";
}

TEST_F(Options, SamplesAndRatesOfATrainingFitTheGridAndTheBatch) {
  const std::string train = "train --preset p.toml" + with_greens + "--output sizes --samples ";
  expect_refused(train + "2000", "--samples = 2000: must be at most 1944 and not leave a last batch of one sample");
  expect_refused(train + "17", "--samples = 17: must be");
  const std::string rates = "learning_rates --preset p.toml" + with_greens + "--output rates ";
  expect_refused(rates + "--samples 17", "--samples = 17: must be");
  expect_refused(rates + "--rates 1e-3 1e-3", "--rates = 0.001: is given twice");
  expect_refused(rates + "--rates nan", "Value nan not in range 1e-09 to 1");
  expect_done(rates + "--rates 1e-3 --samples 16");
  expect_done(rates + "--rates 1e-3 --samples 32");
}

TEST_F(Options, PickingErrorsNeedAMarginAndFiniteNumbers) {
  const std::string evaluate = "evaluate --preset p.toml" + with_weights + "--output errors --set e --picking-error ";
  expect_refused(evaluate + "nan", "Value nan not in range 0 to 60");
  expect_refused(evaluate + "5",
                 "greens.bin: margin = 2: picking errors of 5 s need 15 samples: `fmnet greens --margin 15`");
  expect_done(evaluate + "0.5");
  EXPECT_FALSE(is_up_to_date(evaluate + "0.50000001")) << "another number, however close";
}

TEST_F(Options, AnEvaluationTellsAndKeepsItsOwnSetsOnly) {
  const std::string evaluate = "evaluate --preset p.toml" + with_weights + "--output sets ";
  expect_done(evaluate);
  const Outcome one = fmnet(folder_, evaluate + "--off-grid 0");
  EXPECT_THAT(one.output, HasSubstr("on_grid: "));
  EXPECT_THAT(one.output, testing::Not(HasSubstr("off_grid: ")));
  const auto evaluation = fmnet::read_metrics((folder_ / "sets").string()).at("evaluation");
  EXPECT_TRUE(evaluation.contains("on_grid"));
  EXPECT_FALSE(evaluation.contains("off_grid"));
  expect_refused(evaluate + "--set q --no-noise --snr 2 3", "excludes");
  expect_refused(evaluate + "--set q --snr 3 2", "--snr = 3 2: the highest ratio must be at least the lowest");
  expect_refused(evaluate + "--set q --drop 11", "--drop = 11: must be below the number of stations, 11");
  fs::remove(folder_ / "sets/metrics.json");
  EXPECT_FALSE(is_up_to_date(evaluate + "--off-grid 0")) << "its numbers are gone";
}

TEST_F(Options, WhatALabelIsMadeOfIsInItsKey) {
  write("drawn.toml", support::replaced_value(read("c.toml"), "plane", "\"as_drawn\""));
  const std::string label = " --output labels --mechanism ";
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  expect_done("figure label --config c.toml" + label + "270.0001/90/-10");
  EXPECT_TRUE(is_up_to_date("figure label --config c.toml" + label + "270.0001/90/-10"));
  EXPECT_FALSE(is_up_to_date("figure label --config c.toml" + label + "270.0004/90/-10"));
  EXPECT_FALSE(is_up_to_date("figure label --config drawn.toml" + label + "270.0001/90/-10"));
}

TEST_F(Options, AreRefusedWhereTheyWouldNotCount) {
  expect_refused("predict --config c.toml --weights w --records r --event 2019-07-06T03:19:53,35.7,-117.6,8 --check",
                 "--check: needs --output");
  expect_refused("doctor --weights w", "--weights requires --config");
  expect_refused("doctor --config c.toml --sac-unit m", "--sac-unit requires --records");
  expect_refused("figure mechanism_map --config c.toml --events e --mechanisms m --output o --prediction p",
                 "--prediction requires --event-id");
  expect_refused("search --preset p.toml" + with_weights + "--features f --output o --prediction p --no-noise",
                 "excludes");
  expect_refused(
      "evaluate_foreign --weights w --waveforms w --events e --stations s --picks p --dt 1 --quantity velocity "
      "--set b_on_grid --output o",
      "--set = b_on_grid: names that end in on_grid or off_grid");
  expect_refused("greens --preset p.toml --output .", "--output = .: is a folder");
  expect_refused("train --preset p.toml" + with_greens + "--output o --epochs 200000", "not in range 1 to 100000");
}

}  // namespace
