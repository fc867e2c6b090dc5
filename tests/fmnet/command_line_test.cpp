// The program as its users meet it: exit status, the one line on stderr, and what it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "data/atomic_file.h"
#include "data/event.h"
#include "fmnet/checkpoint.h"
#include "fmnet/config_names.h"
#include "tests/support/program.h"
#include "tests/support/reference.h"
#include "tests/support/shell.h"
#include "tests/support/small_experiment.h"
#include "tests/support/temporary_folder.h"

namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

using support::fmnet;
using support::Outcome;

class CommandLine : public testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) const { temporary_.write(file, text); }
  // Exactly this line on stderr, this status, nothing on stdout.
  void expect_refused(const std::string& arguments, const std::string& line, int status = 2) const {
    const Outcome outcome = fmnet(folder_, arguments);
    EXPECT_EQ(outcome.errors, line + "\n") << "fmnet " << arguments;
    EXPECT_EQ(outcome.status, status) << "fmnet " << arguments;
    EXPECT_EQ(outcome.output, "") << "fmnet " << arguments;
  }
  const support::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(CommandLine, RefusesWhatItDoesNotKnow) {
  expect_refused("", "fmnet: A subcommand is required (see: fmnet --help)");
  expect_refused("trian", "fmnet: 'trian' is not known here (see: fmnet --help)");
  expect_refused("figure mop", "fmnet figure: 'mop' is not known here (see: fmnet figure --help)");
  expect_refused("train --colour red", "fmnet train: '--colour' is not known here (see: fmnet train --help)");
}

TEST_F(CommandLine, NamesTheOptionThatIsMissingOrWrong) {
  expect_refused("train --config a.toml", "fmnet train: --greens is required (see: fmnet train --help)");
  expect_refused("greens", "fmnet: --config FILE or --preset FILE must be given");
  expect_refused("greens --config a --preset b", "fmnet greens: --config excludes --preset (see: fmnet greens --help)");
  expect_refused("info --threads 0", "fmnet info: --threads: Value 0 not in range 1 to 1024 (see: fmnet info --help)");
  expect_refused("train --samples 0 --config a --greens b --output c",
                 "fmnet train: --samples: Value 0 not in range 1 to 1000000000 (see: fmnet train --help)");
  expect_refused("train --conv fft --config a --greens b --output c",
                 "fmnet train: --conv: fft not in {direct,winograd} (see: fmnet train --help)");
}

TEST_F(CommandLine, NamesTheFileThatIsMissing) {
  expect_refused("greens --config absent.toml", "fmnet: absent.toml: cannot open: No such file or directory");
  expect_refused("figure loss --log absent.tsv --output out",
                 "fmnet: absent.tsv: cannot open: No such file or directory");
  expect_refused("report --output absent",
                 "fmnet: --output = absent: must be a folder with results of the other commands");
}

TEST_F(CommandLine, SaysWhereAnInputIsOfAnotherKind) {
  write("c.toml", support::config_of_one_epicentre(1));
  write("p.toml", support::preset_of("c.toml", 1));
  expect_refused("greens --config p.toml", "fmnet: p.toml: is a preset: give it with --preset");
  expect_refused("greens --preset c.toml", "fmnet: c.toml: is a configuration: give it with --config");
  expect_refused("predict --config c.toml --weights w --records r --event nothere.json",
                 "fmnet: --event = nothere.json: no such file, and not \"time,latitude,longitude,depth_km\"");
  expect_refused("train --config c.toml --greens greens.bin --output out",
                 "fmnet: greens.bin: cannot open: No such file or directory: `fmnet greens` makes it");
  fs::create_directories(folder_ / "empty");
  expect_refused(
      "report --output empty",
      "fmnet: empty: results = none: nothing to report: `make reproduce` or the other commands fill a folder");
}

TEST_F(CommandLine, APlaceThatCannotBeWrittenToIsNoticedBeforeTheComputing) {
  write("c.toml", support::config_of_one_epicentre(1));
  const Outcome outcome = fmnet(folder_, "greens --config c.toml --output /proc/greens.bin");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.errors, HasSubstr("/proc/greens.bin.trial: cannot create"));
  EXPECT_THAT(outcome.errors, testing::Not(HasSubstr("Green's functions"))) << "no progress was shown";
}

TEST_F(CommandLine, TheManifestsCommandReadsBackInAShell) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  ASSERT_EQ(fmnet(folder_, "figure architecture --output 'it'\\''s out'").status, 0);
  EXPECT_EQ(data::read_whole_file((folder_ / "it's out/figures/architecture.command").string(), 1000),
            "fmnet figure architecture --output 'it'\\''s out'\n");
}

// Records of Byron without figures: the answer is printed and written all the same.
TEST_F(CommandLine, WithoutGnuplotThereIsAPredictionButNoFigure) {
  const std::string records = support::reference("byron_m44");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const Outcome outcome =
      fmnet(folder_,
            "predict --config " FMNET_SOURCE_DIR "/data/byron/byron.toml --weights " FMNET_SOURCE_DIR
            "/data/byron/weights/weights.safetensors --records '" +
                records + "' --event 2019-07-16T20:11:01.47,37.8187,-121.7568,12.38 --output out",
            "PATH=/nowhere ");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.output, HasSubstr("11 of 12 stations; mean cross-correlation"));
  EXPECT_THAT(outcome.errors, HasSubstr("gnuplot cannot be started"));
  for (const char* file : {"prediction.json", "prediction.xml", "metrics.json"}) {
    EXPECT_TRUE(fs::exists(folder_ / "out" / file)) << file;
  }
}

// Byron with four picks: one of a station that is used, one of a station without records, one 20 s late, one of no station.
TEST_F(CommandLine, APredictionTellsWhichPicksItUsed) {
  const std::string records = support::reference("byron_m44");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const std::string command = "predict --json --config " FMNET_SOURCE_DIR
                              "/data/byron/byron.toml --weights " FMNET_SOURCE_DIR
                              "/data/byron/weights/weights.safetensors --records '" +
                              records + "' --event 2019-07-16T20:11:01.47,37.8187,-121.7568,12.38";
  const auto plain = nlohmann::json::parse(fmnet(folder_, command).output);
  EXPECT_EQ(plain["p_from"], "velocity model");
  std::string without_records;
  for (const auto& c : plain["channels"]) {
    if (c["action"] == "left out") without_records = c["station"].get<std::string>();
  }
  ASSERT_EQ(without_records.substr(0, 3), "BK.");
  const auto pick = [](const std::string& station, double after_origin_s) {
    return station + " P " +
           data::format_utc(data::parse_utc_ns("2019-07-16T20:11:01.47") +
                            std::llround(1000.0 * after_origin_s) * 1'000'000) +
           "\n";
  };
  const double cmb_s = plain["p_time_s"][1].get<double>(), farb_s = plain["p_time_s"][5].get<double>();
  write("picks.txt", pick("BK CMB", cmb_s + 1.0) + pick("BK " + without_records.substr(3), 20.0) +
                         pick("BK FARB", farb_s + 20.0) + pick("XX ABC", 5.0));
  const auto picked = nlohmann::json::parse(fmnet(folder_, command + " --picks picks.txt").output);
  EXPECT_EQ(picked["p_from"], "picks at 2 of 11 stations, velocity model at the others");
  EXPECT_THAT(picked["notes"].dump(), HasSubstr("2 of 4 picks are used"));
  EXPECT_THAT(picked["notes"].dump(), HasSubstr("picks of stations that the network does not know: XX.ABC"));
  EXPECT_NEAR(picked["p_time_s"][1].get<double>(), cmb_s + 1.0, 1e-3);
  EXPECT_THAT(picked["trust"]["warnings"].dump(), HasSubstr("the pick of BK.FARB is 20.0 s later"));
}

TEST_F(CommandLine, RefusesValuesThatCannotBeRight) {
  const std::string rest = " --config a --weights b --records c";
  expect_refused("predict --event 2019-07-06T03:19:53,-117.6,35.7,8" + rest,
                 "fmnet: event: latitude_deg = -117.6: must lie in -90..90 (latitude comes before longitude)");
  const Outcome outcome =
      fmnet(folder_, "predict --reference 230/95/0 --event 2019-07-06T03:19:53,35.7,-117.6,8" + rest);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("fmnet: --reference: "));
  EXPECT_THAT(outcome.errors, HasSubstr("95"));
}

TEST_F(CommandLine, RefusesTablesOfAnotherKind) {
  write("log.tsv", "hello\n");
  expect_refused("figure loss --log log.tsv --output out", "fmnet: log.tsv: line 1: not the heading of a training log");
  write("table.tsv", "# event kagan_deg\n1 12.5\n");
  expect_refused("figure kagan_histogram --evaluation table.tsv --output out",
                 "fmnet: table.tsv: line 2: columns = 2: must be 16, as `fmnet evaluate` writes them");
  write("prediction.json", "[]");
  expect_refused("figure feature_of_prediction --prediction prediction.json --output out",
                 "fmnet: prediction.json: is not the prediction.json that `fmnet predict` writes");
  write("mechanisms.txt", "ci1 SCSN moment_tensor 1 230.8 82.8 -9.4 read\n");
  expect_refused("figure mechanisms --mechanisms mechanisms.txt --event-id ci2 --output out",
                 "fmnet: mechanisms.txt: event = ci2: has no mechanism in this file");
}

TEST_F(CommandLine, SaysThatADamagedManifestCanBeDeleted) {
  write("manifest.json", "{\"steps\": ");
  expect_refused("figure architecture --output .",
                 "fmnet: ./manifest.json: is not what the steps write: delete it, then they run again");
  write("manifest.json", R"({"steps": {"figure architecture": {"key": 7, "outputs": {}}}})");
  expect_refused("figure architecture --output .",
                 "fmnet: ./manifest.json: is not what the steps write: delete it, then they run again");
  write("metrics.json", R"({"search": 5})");
  expect_refused("figure search --output .",
                 "fmnet: ./metrics.json: is not what the steps write: delete it, then they run again");
  write("metrics.json", R"({"search": {}})");
  const Outcome outcome = fmnet(folder_, "figure search --output .");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("run the step that writes it again"));
}

TEST_F(CommandLine, ExitsWithThreeWhereNothingCanBeWritten) {
  write("file", "");
  const Outcome outcome = fmnet(folder_, "figure architecture --output file/inside");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.errors, "fmnet: file/inside: making the folder: Not a directory\n");
}

// A limit on the size of files makes write() fail part of the way, as a full disk does.
TEST_F(CommandLine, ATrainingWhoseDiskIsFullEndsWithThreeAndGoesOnLater) {
  write("c.toml", support::config_of_one_epicentre(1));
  ASSERT_EQ(fmnet(folder_, "greens --config c.toml --output greens.bin").status, 0);
  const std::string train = "train --config c.toml --greens greens.bin --output out --epochs 1";
  const Outcome full = fmnet(folder_, train, "trap '' XFSZ && ulimit -f 2000 && ");
  EXPECT_EQ(full.status, 3);
  EXPECT_THAT(full.errors, HasSubstr("fmnet: out/"));
  EXPECT_THAT(full.errors, HasSubstr("File too large"));
  EXPECT_FALSE(fs::exists(folder_ / "out/weights.safetensors"));
  EXPECT_EQ(fmnet(folder_, train).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "out/weights.safetensors"));
}

TEST_F(CommandLine, TheMethodOfConvolutionIsChosenAtRunTimeAndKeptWithTheWeights) {
  write("c.toml", support::config_of_one_epicentre(1));
  ASSERT_EQ(fmnet(folder_, "greens --config c.toml --output greens.bin").status, 0);
  const std::string train = "train --config c.toml --greens greens.bin --epochs 1 --samples 16 --output ";
  for (const char* method : {"direct", "winograd"}) {
    ASSERT_EQ(fmnet(folder_, train + method + " --conv " + method).status, 0);
    const fmnet::Weights weights = fmnet::load_weights((folder_ / method / "weights.safetensors").string());
    EXPECT_EQ(fmnet::convolution_method_names().name(weights.config.training.convolution), method);
  }
}

TEST_F(CommandLine, ExplainsItself) {
  EXPECT_THAT(fmnet(folder_, "--help").output, HasSubstr("Subcommands:"));
  const Outcome help = fmnet(folder_, "predict --help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.output, HasSubstr("--records"));
  EXPECT_EQ(fmnet(folder_, "--version").output, "fmnet 0.1.0\n");
}

TEST_F(CommandLine, InfoTellsTheNetworkOfThePaper) {
  const Outcome info = fmnet(folder_, "info");
  EXPECT_EQ(info.status, 0);
  EXPECT_THAT(info.output, HasSubstr("convolutions\t16\ntrainable numbers\t350659\nwith running averages\t352867\n"));
}

TEST_F(CommandLine, AStepThatIsUpToDateIsNotRepeated) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  EXPECT_EQ(fmnet(folder_, "figure architecture --output . --check").status, 1);
  EXPECT_FALSE(fs::exists(folder_ / "figures")) << "--check does nothing";
  const Outcome first = fmnet(folder_, "figure architecture --output .");
  EXPECT_EQ(first.status, 0);
  EXPECT_EQ(first.errors, "");
  const auto drawn_at = fs::last_write_time(folder_ / "figures/architecture.svg");
  const Outcome second = fmnet(folder_, "figure architecture --output .");
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.errors, "figure architecture: up to date\n");
  EXPECT_EQ(fs::last_write_time(folder_ / "figures/architecture.svg"), drawn_at);
  EXPECT_EQ(fmnet(folder_, "figure architecture --output . --check").status, 0);
}

TEST_F(CommandLine, AFigureOfAnotherProgramIsDrawnAgain) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  ASSERT_EQ(fmnet(folder_, "figure architecture --output .").status, 0);
  const std::string other =
      "cd '" + folder_.string() + "' && cp '" FMNET_BINARY_DIR "/bin/fmnet' other && printf x >> other && ./other ";
  EXPECT_EQ(support::shell(other + "figure architecture --output . --check").status, 1);
  EXPECT_EQ(support::shell(other + "figure architecture --output .").status, 0);
  EXPECT_EQ(support::shell(other + "figure architecture --output . --check").status, 0);
}

TEST_F(CommandLine, TheNetworksStagesAreThoseExpectedOfAReproduction) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  ASSERT_EQ(fmnet(folder_, "figure architecture --output .").status, 0);
  EXPECT_EQ(data::read_whole_file((folder_ / "figures/architecture.stages.tsv").string(), 1 << 16),
            data::read_whole_file(FMNET_SOURCE_DIR "/paper_repro/expected/architecture.stages.tsv", 1 << 16));
}

}  // namespace
