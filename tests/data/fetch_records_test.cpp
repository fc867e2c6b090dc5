// data/ridgecrest/fetch_records.sh without a network: its requests as it prints them, and its judgement of answers that a stand-in for curl
// gives (a script of that name, first in PATH).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using Outcome = support::ShellOutcome;

class FetchRecords : public testing::Test {
 protected:
  FetchRecords() { write("one_station.txt", "# a comment\nCI CLC 35.81574 -117.59751 775\r\n"); }

  void write(const std::string& name, const std::string& text) const { temporary_.write(name, text); }

  // The stand-in writes `body` where --output says and tells the status `code`; it counts its calls.
  void answer_with(const std::string& code, const std::string& shell_that_prints_the_body) {
    write("bin/curl", "#!/bin/sh\necho call >>'" + (folder_ / "calls").string() +
                          "'\nwhile [ $# -gt 0 ]; do [ \"$1\" = --output ] && file=$2; url=$1; shift; done\n{ " +
                          shell_that_prints_the_body + "; } >\"$file\"\nprintf " + code + "\n");
    fs::permissions(folder_ / "bin/curl", fs::perms::owner_all);
  }

  int n_calls() const {
    std::ifstream file(folder_ / "calls");
    int n = 0;
    for (std::string line; std::getline(file, line);) ++n;
    return n;
  }

  Outcome run(const std::string& arguments) const {
    return support::shell("PATH='" + (folder_ / "bin").string() +
                          "':\"$PATH\" bash '" FMNET_SOURCE_DIR "/data/ridgecrest/fetch_records.sh' " + arguments +
                          " 2>&1");
  }

  std::string get() const {
    return "--stations '" + (folder_ / "one_station.txt").string() + "' --bands HN --out '" +
           (folder_ / "out").string() + "'";
  }

  const support::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(FetchRecords, AsksForResponseAndThreeComponentsFrom300SecondsBeforeTo330After) {
  const Outcome outcome =
      run("--print-requests --stations '" + (folder_ / "one_station.txt").string() + "' --bands 'HN BH'");
  EXPECT_EQ(outcome.status, 0);
  const std::string base = "https://service.scedc.caltech.edu/fdsnws/",
                    window = "&start=2019-07-06T03:14:53&end=2019-07-06T03:25:23";
  std::string expected =
      base + "station/1/query?net=CI&sta=CLC&cha=HN?,BH?" + window + "&level=response&format=xml -> CI.CLC.xml\n";
  for (const std::string channel : {"HNE", "HNN", "HNZ", "BHE", "BHN", "BHZ"}) {
    expected += base + "dataselect/1/query?net=CI&sta=CLC&loc=--&cha=" + channel + window + "&nodata=404 -> CI.CLC.." +
                channel + ".mseed\n";
  }
  EXPECT_EQ(outcome.text, expected);
}

TEST_F(FetchRecords, AsksForTheMetadataOfTheChannelsThatAreAskedForAndForTheirLocation) {
  const Outcome outcome = run("--print-requests --stations '" + (folder_ / "one_station.txt").string() +
                              "' --bands EH --location 00 --origin 2019-07-16T20:11:01.47Z");
  const std::string base = "https://service.scedc.caltech.edu/fdsnws/",
                    window = "&start=2019-07-16T20:06:01&end=2019-07-16T20:16:31";
  std::string expected =
      base + "station/1/query?net=CI&sta=CLC&cha=EH?" + window + "&level=response&format=xml -> CI.CLC.xml\n";
  for (const std::string channel : {"EHE", "EHN", "EHZ"}) {
    expected += base + "dataselect/1/query?net=CI&sta=CLC&loc=00&cha=" + channel + window +
                "&nodata=404 -> CI.CLC.00." + channel + ".mseed\n";
  }
  EXPECT_EQ(outcome.text, expected);
}

TEST_F(FetchRecords, ALastLineWithoutItsEndIsAStation) {
  write("two.txt", "CI CLC 35.81574 -117.59751 775\nCI SLA 35.89095 -117.28332 1174");
  const Outcome outcome = run("--print-requests --bands HN --stations '" + (folder_ / "two.txt").string() + "'");
  EXPECT_NE(outcome.text.find("-> CI.SLA..HNZ.mseed"), std::string::npos) << outcome.text;
}

TEST_F(FetchRecords, ItsFolderIsFoundWhateverCdpathSays) {
  write("run",
        "cd '" FMNET_SOURCE_DIR "' && export CDPATH=. && bash data/ridgecrest/fetch_records.sh --print-requests");
  const Outcome outcome = support::shell("bash '" + (folder_ / "run").string() + "' 2>&1");
  EXPECT_EQ(outcome.status, 0) << outcome.text;
  EXPECT_EQ(outcome.text.rfind("https://", 0), 0U) << outcome.text;
}

TEST_F(FetchRecords, TakesTheTimeOfTheEventFromTheTableInAnyTimeZone) {
  const Outcome outcome = run("--print-requests --event ci38996632 --service http://localhost:1/x/");
  EXPECT_NE(outcome.text.find("http://localhost:1/x/station/1/query?net=CI&sta=CLC"), std::string::npos);
  EXPECT_NE(outcome.text.find("start=2019-08-22T20:44:50&end=2019-08-22T20:55:20"), std::string::npos);
  EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 11 * 10);
}

TEST_F(FetchRecords, TellsWhatIsWrongWithItsArgumentsAndReturns2) {
  const auto expect_refusal = [&](const std::string& arguments, const std::string& text) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.status, 2) << arguments;
    EXPECT_EQ(outcome.text.rfind("fetch_records.sh: " + text, 0), 0U) << outcome.text;
    EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1);
  };
  expect_refusal("", "--out DIR is needed");
  expect_refusal("--out", "--out: needs a value");
  expect_refusal("--frobnicate", "unknown argument '--frobnicate'");
  expect_refusal("--print-requests --event nothing", "--event nothing: not in ");
  expect_refusal("--print-requests --stations /nowhere/x", "--stations /nowhere/x: cannot be read as a file");
  expect_refusal("--print-requests --stations '" + folder_.string() + "'",
                 "--stations " + folder_.string() + ": cannot be read as a file");
  write("empty.txt", "# no station\n\n");
  expect_refusal("--print-requests --stations '" + (folder_ / "empty.txt").string() + "'",
                 "--stations " + (folder_ / "empty.txt").string() + ": holds no station");
  expect_refusal("--print-requests --bands ' '", "--bands: holds no channel");
  expect_refusal("--print-requests --location 000", "--location: '000' is neither -- nor two letters or digits");
  expect_refusal("--print-requests --origin yesterday",
                 "--origin: 'yesterday' is not a UTC time like 2019-07-06T03:19:53");
  expect_refusal("--print-requests --bands HNZ", "--bands: 'HNZ' is not two capital letters");
  EXPECT_EQ(run("--help").status, 0);
}

TEST_F(FetchRecords, KeepsSoundAnswersAndDoesNotAskForThemAgain) {
  answer_with("200",
              "case $url in *station*) echo '<FDSNStationXML></FDSNStationXML>';; *) printf '000001D %0120d' 0;; esac");
  EXPECT_EQ(run(get()).status, 0);
  for (const char* name : {"CI.CLC.xml", "CI.CLC..HNE.mseed", "CI.CLC..HNN.mseed", "CI.CLC..HNZ.mseed"}) {
    EXPECT_TRUE(fs::exists(folder_ / "out" / name)) << name;
  }
  EXPECT_EQ(n_calls(), 4);
  fs::resize_file(folder_ / "out/CI.CLC..HNN.mseed", 100);  // as if the disk had been full
  EXPECT_EQ(run(get()).status, 0);
  EXPECT_EQ(n_calls(), 5);
  EXPECT_EQ(fs::file_size(folder_ / "out/CI.CLC..HNN.mseed"), 128U);
}

TEST_F(FetchRecords, RefusesWebPagesEmptyAnswersAndErrors) {
  for (const char* body : {"echo '<html>maintenance</html>'", "true", "printf '000001D short'"}) {
    answer_with("200", body);
    const Outcome outcome = run(get());
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.text.find("CI.CLC..HNZ.mseed: the answer is no mseed (a web page, or cut short): https://"),
              std::string::npos);
    EXPECT_TRUE(fs::is_empty(folder_ / "out")) << "nothing half may stay";
  }
  answer_with("503", "echo busy");
  EXPECT_NE(run(get()).text.find("CI.CLC.xml: 503: https://"), std::string::npos);
  answer_with("404", "true");
  const Outcome none = run(get());
  EXPECT_EQ(none.status, 1);
  EXPECT_NE(none.text.find("CI.CLC: 0 records, response no\nfetch_records.sh: 1 stations are incomplete"),
            std::string::npos)
      << none.text;
}

}  // namespace
