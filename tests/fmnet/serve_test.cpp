// `fmnet serve`, `selftest` and `doctor` as functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "fmnet/checkpoint.h"
#include "fmnet/commands/doctor_command.h"
#include "fmnet/commands/serve_command.h"
#include "fmnet/selftest.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string byron_config = FMNET_SOURCE_DIR "/data/byron/byron.toml";
const std::string byron_event = "2019-07-16T20:11:01.47,37.8187,-121.7568,12.38";

class Serve : public testing::Test {
 protected:
  void SetUp() override {
    config_ = fmnet::read_config(byron_config);
    weights_ = folder_.path() + "/weights.safetensors";
    fmnet::save_weights(weights_, fmnet::FmNet(1), config_, 17);
  }
  std::vector<json> answers(const std::string& lines, int n_errors) const {
    std::istringstream input(lines);
    std::ostringstream output;
    EXPECT_EQ(fmnet::run_serve(config_, {weights_, "", 0.0, false}, input, output), n_errors);
    std::vector<json> all;
    std::istringstream text(output.str());
    for (std::string line; std::getline(text, line);) all.push_back(json::parse(line));
    return all;
  }
  support::TemporaryFolder folder_;
  fmnet::Config config_;
  std::string weights_;
};

TEST_F(Serve, AnswersEveryLineAlsoThoseThatItCannotUnderstand) {
  const auto all =
      answers("/no/such " + byron_event + "\n\n  \nnonsense\n/no/such 2019-07-16T20:11:01,-121.7,37.8,12\r\n", 3);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]["error"], "/no/such: is not a directory with records");
  EXPECT_EQ(all[0]["records"], "/no/such");
  EXPECT_THAT(all[1]["error"].get<std::string>(), HasSubstr("must be: FOLDER time,latitude,longitude,depth_km"));
  EXPECT_THAT(all[2]["error"].get<std::string>(), HasSubstr("latitude comes before longitude"));
}

TEST_F(Serve, GivesTheSameMechanismForTheSameRecords) {
  const std::string records = support::reference("byron_m44");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  // Above sea level counts as at the surface; an event on the other side of the earth is one line's error.
  const std::string above = "2019-07-16T20:11:01.47,37.8187,-121.7568,-0.3",
                    far = "2019-07-16T20:11:01.47,-37.8,121.8,8";
  const auto all = answers(records + " " + byron_event + "\n" + records + " " + above + "\n" + records + " " + far +
                               "\n" + records + "\t" + byron_event,
                           1);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0]["plane"], all[3]["plane"]);
  EXPECT_TRUE(all[1].contains("plane"));
  EXPECT_THAT(all[2]["error"].get<std::string>(), HasSubstr("at most 2000 km"));
  EXPECT_EQ(all[0]["n_stations"], 11);
  EXPECT_GT(all[0]["latency_ms"].get<double>(), 0.0);
}

TEST_F(Serve, TheDoctorSeesWhatBelongsTogether) {
  const auto told = [](const std::vector<fmnet::Finding>& findings) {
    std::string text;
    const char* words[] = {"ok ", "note ", "PROBLEM "};
    for (const fmnet::Finding& f : findings) text += words[static_cast<int>(f.verdict)] + f.what + "\n";
    return text;
  };
  EXPECT_THAT(told(fmnet::run_doctor({byron_config, weights_, "", ""})),
              HasSubstr("ok weights: 17 steps, agree with the configuration"));
  const std::string other = FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest.toml";
  EXPECT_THAT(told(fmnet::run_doctor({other, weights_, "", ""})),
              testing::AllOf(HasSubstr("PROBLEM weights: "), HasSubstr("the weights are of the experiment byron, the "
                                                                       "configuration is of ridgecrest")));
  EXPECT_THAT(told(fmnet::run_doctor({byron_config, "", "/no/such", ""})), HasSubstr("PROBLEM records: /no/such: "));
}

TEST_F(Serve, TheDoctorCountsOnlyStationsThatCanBeUsed) {
  const std::string reference = support::reference("byron_m44");
  if (reference.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const auto last_of = [](const std::vector<fmnet::Finding>& findings) { return findings.back(); };
  const fmnet::Finding all = last_of(fmnet::run_doctor({byron_config, "", reference, ""}));
  EXPECT_EQ(all.verdict, fmnet::Verdict::ok);
  // Records alone, without their metadata.
  const fmnet::Finding bare = last_of(fmnet::run_doctor({byron_config, "", reference + "/waveforms", ""}));
  EXPECT_EQ(bare.verdict, fmnet::Verdict::problem);
  EXPECT_THAT(bare.what, HasSubstr("records: 0 of 12 stations can be used"));
  // Records that end before the event.
  const auto covered = [&](const std::string& text) {
    return last_of(fmnet::run_doctor({byron_config, "", reference, "", data::parse_event(text)}));
  };
  EXPECT_THAT(covered(byron_event).what, HasSubstr("event: 11 of 12 stations can be used"));
  EXPECT_THAT(covered("2019-07-16T23:11:01,37.8187,-121.7568,12.38").what, HasSubstr("event: 0 of 12 stations"));
}

TEST_F(Serve, AnEventOutsideOfTheTrainedGridIsAnsweredWithAWarning) {
  const std::string records = support::reference("byron_m44");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const auto all =
      answers(records + " " + byron_event + "\n" + records + " 2019-07-16T20:11:01.47,38.8,-121.7568,12", 0);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["warnings"], json::array());
  ASSERT_EQ(all[1]["warnings"].size(), 1u);
  EXPECT_THAT(all[1]["warnings"][0].get<std::string>(), HasSubstr("km outside the trained grid"));
}

TEST(SelfTest, PassesOnThisMachine) {
  for (const fmnet::SelfCheck& check : fmnet::run_selftest()) EXPECT_TRUE(check.passed()) << check.name << check.value;
}

}  // namespace
