#include "fmnet/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "fmnet/claims.h"
#include "fmnet/manifest.h"
#include "fmnet/version.h"
#include "propagator/errors.h"
#include "tests/support/input_error.h"
#include "tests/support/temporary_folder.h"

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class ResultFolder : public testing::Test {
 protected:
  ResultFolder() { fs::create_directories(fs::path(folder_) / "figures"); }
  void write(const std::string& file, const std::string& text) const { temporary_.write(file, text); }
  const support::TemporaryFolder temporary_;
  const std::string folder_ = temporary_.path();
};

using Report = ResultFolder;
using Manifest = ResultFolder;

TEST(Base64, EqualsTheExamplesOfRfc4648) {
  EXPECT_EQ(fmnet::base64(""), "");
  EXPECT_EQ(fmnet::base64("f"), "Zg==");
  EXPECT_EQ(fmnet::base64("fo"), "Zm8=");
  EXPECT_EQ(fmnet::base64("foo"), "Zm9v");
  EXPECT_EQ(fmnet::base64("foob"), "Zm9vYg==");
  EXPECT_EQ(fmnet::base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(fmnet::base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(fmnet::base64(std::string("\xff\xfe\x00", 3)), "//4A");
}

TEST(EscapedHtml, NoTextCanBecomeATag) {
  EXPECT_EQ(fmnet::escaped_html("<b a=\"1\" c='2'>&\x01"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
}

TEST_F(Report, NeedsNoOtherFileNoScriptAndNoNetwork) {
  write("figures/loss.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  write("figures/loss.caption", "Loss\nBoth <fall> & flatten.\n");
  fmnet::write_report(folder_);
  const std::string page = data::read_whole_file(folder_ + "/report.html", 1 << 20);
  EXPECT_THAT(page, HasSubstr("Both &lt;fall&gt; &amp; flatten."));
  EXPECT_THAT(page, HasSubstr(fmnet::base64("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  // Whatever is loaded lies inside the page.
  const std::regex source("src=\"(?!data:)");
  EXPECT_FALSE(std::regex_search(page, source));
}

TEST_F(Report, EscapesWhatTheStepsWroteDown) {
  fmnet::write_metrics(folder_, "training", {{"experiment", "<script>alert(1)</script>"}});
  EXPECT_THAT(fmnet::report_page(folder_), Not(HasSubstr("<script>")));
}

TEST_F(Report, IsAFunctionOfTheFilesAlone) {
  fmnet::write_metrics(folder_, "training", {{"experiment", "one"}});
  EXPECT_EQ(fmnet::report_page(folder_), fmnet::report_page(folder_));
}

TEST_F(Report, SaysPlainlyThatTheRealEventWasNotPredicted) {
  fmnet::write_metrics(folder_, "training", {{"experiment", "one"}});
  const std::string page = fmnet::report_page(folder_);
  EXPECT_THAT(page, HasSubstr("the real event was not predicted: no records were given"));
  EXPECT_THAT(page, HasSubstr("data/ridgecrest/fetch_records.sh"));
}

TEST_F(Report, OfAFolderWithoutResultsIsRefused) {
  EXPECT_THROW(fmnet::write_report(folder_), propagator::InputError);
  EXPECT_FALSE(fs::exists(folder_ + "/report.html"));
}

TEST_F(Report, ADamagedMetricsFileIsRefusedByName) {
  write("metrics.json", "{\"training\": ");
  EXPECT_THROW(fmnet::report_page(folder_), propagator::InputError);
}

TEST(Claims, TellWhetherATrainingIsDone) {
  const auto word_of = [](int epochs, int asked) {
    const json metrics = {{"training",
                           {{"epochs", epochs},
                            {"epochs_asked", asked},
                            {"first_validation_loss", 0.3},
                            {"last_training_loss", 0.04},
                            {"last_validation_loss", 0.03}}}};
    std::string word;
    for (const fmnet::Claim& c : fmnet::compared_claims(metrics)) {
      if (c.claim.find("epochs") != std::string::npos) word = c.word;
    }
    return word;
  };
  EXPECT_THAT(word_of(26, 50), HasSubstr("not finished: 26 of 50 epochs so far"));
  EXPECT_THAT(word_of(50, 50), HasSubstr("same number of epochs"));
  EXPECT_THAT(word_of(2, 2), HasSubstr("fewer epochs: a preset of limited cost"));
  EXPECT_THAT(word_of(60, 60), HasSubstr("more epochs over fewer samples"));
}

TEST(Claims, GiveOurValuesBesideThePapers) {
  const json metrics = {{"training",
                         {{"n_samples", 2000},
                          {"grid_size", 787320},
                          {"n_convolutions", 16},
                          {"n_trainable", 350659},
                          {"epochs", 3},
                          {"epochs_asked", 3},
                          {"first_validation_loss", 0.3},
                          {"last_training_loss", 0.04},
                          {"last_validation_loss", 0.03}}},
                        {"evaluation",
                         {{"on_grid",
                           {{"n", 972},
                            {"share_good", 0.25},
                            {"share_low", 0.22},
                            {"share_high", 0.28},
                            {"median_kagan_deg", 41.25},
                            {"network_ms", 0.7}}}}},
                        {"prediction",
                         {{"strike_deg", 231.0},
                          {"dip_deg", 80.0},
                          {"rake_deg", -8.0},
                          {"kagan_deg", 19.0},
                          {"n_stations", 11},
                          {"delay_s", 7.0},
                          {"event", "20190706T031953"},
                          {"network", "toy"}}}};
  std::string all;
  for (const fmnet::Claim& c : fmnet::compared_claims(metrics))
    all += c.claim + "|" + c.paper + "|" + c.ours + "|" + c.word + "\n";
  EXPECT_THAT(all, HasSubstr("2,000 of a grid of 787,320"));
  EXPECT_THAT(all, HasSubstr("16 convolutions, 350,659 trainable numbers|same"));
  EXPECT_THAT(all, HasSubstr("training loss 0.04 in the last"));
  EXPECT_THAT(all, HasSubstr("10.0 times smaller"));
  EXPECT_THAT(all, HasSubstr("48 times: 48 x 128 values to 128|same"));
  EXPECT_THAT(all, HasSubstr("in an earth that was not trained for, with picking errors and missing stations|not "
                             "reported|not in this folder|the step has not been run here"));
  EXPECT_THAT(all, HasSubstr("972 events: 25.0 % (95 % interval 22.0 to 28.0 %), median 41.2 degrees"));
  EXPECT_THAT(all, HasSubstr("|0.7 ms|faster"));
  EXPECT_THAT(all,
              HasSubstr("231/80/-8 from 11 stations by the network toy, windows 7 s later than P, Kagan angle 19.0 "
                        "degrees|agrees within 20 degrees"));
}

TEST(StepOfFile, TwoFilesOfOneKindInAFolderAreTwoSteps) {
  EXPECT_EQ(fmnet::step_of_file("greens", "out/full/greens.bin"), "greens");
  EXPECT_EQ(fmnet::step_of_file("greens", "out/full/greens_local.bin"), "greens greens_local.bin");
  EXPECT_EQ(fmnet::step_of_file("greens", "out/full/greens.lib"), "greens greens.lib");
}

TEST_F(Manifest, AStepIsUpToDateUntilAnInputOrAnOutputChanges) {
  write("weights", "abc");
  const fmnet::Step step{"train", fmnet::step_key({{"config", "x"}}), {"weights"}};
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, step));
  fmnet::record_step(folder_, step, "fmnet train", 1.5);
  EXPECT_TRUE(fmnet::is_up_to_date(folder_, step));
  fs::last_write_time(fs::path(folder_) / "weights", fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_TRUE(fmnet::is_up_to_date(folder_, step)) << "a date is no change";
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, {"train", fmnet::step_key({{"config", "y"}}), {"weights"}}));
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, {"evaluate", step.key, {"weights"}}));
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, {"train", step.key, {"weights", "log"}}));
  write("weights", "abd");
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, step));
  fs::remove(fs::path(folder_) / "weights");
  EXPECT_FALSE(fmnet::is_up_to_date(folder_, step));
}

TEST_F(Manifest, KeepsTheOtherSteps) {
  write("a", "1");
  write("b", "2");
  fmnet::record_step(folder_, {"first", "k1", {"a"}}, "one", 1.0);
  fmnet::record_step(folder_, {"second", "k2", {"b"}}, "two", 2.0);
  EXPECT_TRUE(fmnet::is_up_to_date(folder_, {"first", "k1", {"a"}}));
  EXPECT_TRUE(fmnet::is_up_to_date(folder_, {"second", "k2", {"b"}}));
  EXPECT_EQ(fmnet::read_manifest(folder_)["steps"]["first"]["command"], "one");
}

// Forty changes by eight programs at a time: an entry that one of them reads and another writes in between would be lost.
TEST_F(Manifest, ProgramsThatWorkInOneFolderAtATimeLoseNoEntry) {
  write("a", "1");
  std::vector<pid_t> children;
  for (int child = 0; child < 8; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      for (int i = 0; i < 5; ++i) {
        const std::string name = std::to_string(5 * child + i);
        fmnet::change_metrics(folder_, "evaluation", [&name](json& all) { all["set" + name] = 1; });
        fmnet::record_step(folder_, {"step " + name, "k", {"a"}}, "c", 1.0);
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = -1;
    waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(fmnet::read_metrics(folder_)["evaluation"].size(), 40u);
  EXPECT_EQ(fmnet::read_manifest(folder_)["steps"].size(), 40u);
}

TEST_F(Manifest, AFilesChecksumIsThatOfItsBytesAndAMissingOneNamesItsMaker) {
  const std::string bytes(3'000'001, 'x');  // some blocks and a part of one
  write("large", bytes);
  EXPECT_EQ(fmnet::file_sha256(folder_ + "/large"), data::sha256_hex(bytes));
  write("empty", "");
  EXPECT_EQ(fmnet::file_sha256(folder_ + "/empty"), data::sha256_hex(""));
  EXPECT_THROW(fmnet::file_sha256(folder_), propagator::InputError);
  const auto message = [&](const std::string& file) {
    return support::input_error([&] { fmnet::file_sha256(folder_ + "/" + file); });
  };
  const std::pair<const char*, const char*> makers[] = {{"greens.bin", "greens"},
                                                        {"weights.safetensors", "train"},
                                                        {"prediction.json", "predict"},
                                                        {"evaluation_x.tsv", "evaluate"},
                                                        {"learning_rates.tsv", "learning_rates"},
                                                        {"training_log.tsv", "train"},
                                                        {"search_waveforms.tsv", "search"},
                                                        {"search_agreement.tsv", "search_agreement"}};
  for (const auto& [file, maker] : makers) {
    EXPECT_THAT(message(file),
                testing::EndsWith(std::string("No such file or directory: `fmnet ") + maker + "` makes it"));
  }
  EXPECT_THAT(message("other"), testing::EndsWith("No such file or directory"));
}

TEST(StepKey, TellsInputsApartThatReadTheSameWhenJoined) {
  EXPECT_NE(fmnet::step_key({{"a", "bc"}}), fmnet::step_key({{"ab", "c"}}));
  EXPECT_NE(fmnet::step_key({{"a", "b"}, {"c", "d"}}), fmnet::step_key({{"a", "b:c d"}}));
  EXPECT_EQ(fmnet::step_key({{"a", "b"}}), fmnet::step_key({{"a", "b"}}));
}

TEST(Version, IsTheOneOfTheBuildFile) {
  const std::string build = data::read_whole_file(FMNET_SOURCE_DIR "/CMakeLists.txt", 1 << 20);
  EXPECT_THAT(build, HasSubstr(std::string("project(fmnet VERSION ") + fmnet::version + " "));
}

}  // namespace
