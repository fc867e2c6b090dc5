#include "fmnet/commands/predict_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/atomic_file.h"
#include "data/text_table.h"
#include "tests/support/one_station_experiment.h"
#include "tests/support/shell.h"

namespace {

// Records of one station and a network that was never trained. The window begins 15 s before P + 7 s and has 128 samples of 1 s.
TEST(PredictCommand, DrawsAWindowThatIsCutLaterAtItsTimesAfterP) {
  if (!support::is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  const support::TemporaryFolder folder, results;
  const fmnet::Config config = support::one_station_config();
  fmnet::PredictInputs inputs;
  inputs.weights_path = support::write_untrained_weights(folder, config);
  inputs.records_path = support::write_one_station(folder);
  inputs.event = support::mainshock();
  inputs.delay_s = 7.0;
  double told_delay_s = 0.0;
  ASSERT_EQ(
      run_predict(config, inputs, results.path(), {},
                  [&](const nlohmann::json& prediction) { told_delay_s = prediction.at("delay_s").get<double>(); }),
      fmnet::StepEnd::done);
  EXPECT_EQ(told_delay_s, 7.0);

  const std::string figures = results.path() + "/figures/";
  for (const char* table : {"prediction.rows", "fit.east_records", "fit.north_records", "fit.up_synthetics"}) {
    const std::string text = data::read_whole_file(figures + table + ".tsv", 1 << 24);
    const auto lines = data::table_lines(text);
    const auto time_s = [](const data::TableLine& line) {
      return data::parse_number(line.columns.front(), -1e3, 1e3, {"", "", ""});
    };
    ASSERT_GE(lines.size(), 128u) << table;
    EXPECT_EQ(time_s(lines.front()), -8.0) << table;
    EXPECT_EQ(time_s(lines[127]), 119.0) << table;
  }
  for (const char* script : {"prediction.gp", "fit.gp"}) {
    EXPECT_THAT(data::read_whole_file(figures + script, 1 << 24), testing::HasSubstr("set xrange [-8:119]")) << script;
  }
}

}  // namespace
