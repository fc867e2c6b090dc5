// A prediction as JSON and text, P times from picks, and what a prediction reads.
#include "fmnet/prediction_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "data/random.h"
#include "fmnet/checkpoint.h"
#include "fmnet/commands/predict_command.h"
#include "fmnet/plane_json.h"
#include "tests/support/temporary_folder.h"

namespace {

using fmnet::Config;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const data::Event small_event = {"byron", 0, 37.8187, -121.7568, 12.0};

Config byron_experiment() { return fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml"); }

fmnet::RecordsPrediction found_prediction() {
  fmnet::RecordsPrediction found;
  found.prediction.plane = {10.0, 20.0, 30.0};
  found.prediction.auxiliary = {40.0, 50.0, 60.0};
  for (std::size_t i = 0; i < found.prediction.curves.size(); ++i) found.prediction.curves[i] = static_cast<float>(i);
  found.prediction.features.fill(0.0f);
  found.window.p_time_s = {8.0, 9.5};
  found.window.n_stations_used = 2;
  found.delay_s = 7.0;
  return found;
}

TEST(PredictionJson, PlanesAndCurvesStandUnderTheirOwnNames) {
  const json prediction = prediction_json(byron_experiment(), small_event, found_prediction());
  EXPECT_EQ(prediction["plane"], fmnet::plane_json({10.0, 20.0, 30.0}));
  EXPECT_EQ(prediction["auxiliary_plane"], fmnet::plane_json({40.0, 50.0, 60.0}));
  // Value i of curve c is number 3 i + c of the network's answer.
  const char* names[] = {"strike", "dip", "rake"};
  for (int c = 0; c < 3; ++c) {
    const json& curve = prediction["curves"][names[c]];
    ASSERT_EQ(curve.size(), 128u);
    EXPECT_EQ(curve[0], c);
    EXPECT_EQ(curve[100], 300 + c);
  }
}

TEST(PredictionJson, PIsPWhateverTheDelayAndTheWindowBeginsBeforeIt) {
  const Config config = byron_experiment();
  const json prediction = prediction_json(config, small_event, found_prediction());
  EXPECT_EQ(prediction["p_time_s"], json({8.0, 9.5}));
  const double before_s = config.preprocess.before_p_s;
  EXPECT_EQ(prediction["window_begin_s"], json({8.0 + 7.0 - before_s, 9.5 + 7.0 - before_s}));
  EXPECT_EQ(prediction["delay_s"], 7.0);
}

TEST(PredictionJson, TheLineNamesTheCorrelationAndCountsTheWarnings) {
  json prediction = prediction_json(byron_experiment(), small_event, found_prediction());
  prediction["trust"] = {{"fit", {{"mean_correlation", 0.857}}}, {"warnings", {"one"}}};
  EXPECT_EQ(fmnet::one_line(prediction),
            "byron: strike 10, dip 20, rake 30 (other plane 40/50/60); 2 of 12 stations; window 7 s later than P; mean "
            "cross-correlation with the records 0.86, 1 warning");
}

// Three-component noise without metadata at one station, a sensor of an unwanted kind at another, nothing at the other ten.
TEST(PredictRecords, TooFewStationsAreCountedByKindOfReasonAndEachChannelIsTold) {
  const support::TemporaryFolder folder;
  const Config config = byron_experiment();
  const std::string weights = folder.path() + "/weights.safetensors";
  fmnet::save_weights(weights, fmnet::FmNet(1), config, 1);
  data::RecordFiles files;
  data::RandomStream random(3, 0, 0);
  for (const auto& [station, band] : {std::pair("CMB", "BH"), std::pair("FARB", "LH")}) {
    for (const char component : {'E', 'N', 'Z'}) {
      data::Trace trace;
      trace.network = "BK";
      trace.station = station;
      trace.location = "00";
      trace.channel = std::string(band) + component;
      trace.start_ns = -400'000'000'000;
      trace.dt_s = 0.05;
      trace.quantity = data::Quantity::counts;
      trace.samples.resize(16000);
      for (double& x : trace.samples) x = std::round(1000.0 * random.normal());
      files.sensors[{"BK", station, "00", band}][trace.channel].records.push_back(trace);
    }
  }
  const fmnet::Predictor predictor(weights, config);
  try {
    predict_records(predictor, config, files, {small_event, theoretical_p_times(config, small_event), 0.0, false},
                    "there");
    FAIL() << "no error";
  } catch (const fmnet::TooFewStations& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "there: usable stations = 0: must be at least 9 (records.min_stations; --force does with fewer); channels "
        "left out: LH is not one of BH, HH, HN (records.channels) 3, no metadata 3, no record 10");
    EXPECT_EQ(error.window.channels.size(), 16u);
    EXPECT_THAT(fmnet::channel_table(error.window), HasSubstr("BK.CMB     00.BHE   left out: no metadata"));
  }
}

TEST(PickedTimes, AreThePicksWhereTheNetworkKnowsTheStationAndTheoryElsewhere) {
  const Config config = byron_experiment();
  const std::vector<double> theory_s = theoretical_p_times(config, small_event);
  const auto at = [](double time_s) { return std::llround(time_s * 1e9); };
  const fmnet::PickedTimes times =
      picked_times(config, small_event,
                   {{config.stations[0].network, config.stations[0].code, at(theory_s[0] + 2.5)},
                    {config.stations[4].network, config.stations[4].code, at(theory_s[4] + 4.0)},
                    {"XX", "ABC", at(3.0)}});
  EXPECT_NEAR(times.p_time_s[0], theory_s[0] + 2.5, 1e-8);
  EXPECT_EQ(times.p_time_s[1], theory_s[1]);
  EXPECT_EQ(std::count(times.is_picked.begin(), times.is_picked.end(), true), 2);
  EXPECT_TRUE(times.is_picked[0] && times.is_picked[4]);
  EXPECT_THAT(times.strangers, ElementsAre("XX.ABC"));
  EXPECT_THAT(times.warnings, ElementsAre("the pick of " + config.stations[4].network + "." + config.stations[4].code +
                                          " is 4.0 s later than P of the velocity model"));
  const fmnet::PickedTimes none = picked_times(config, small_event, {});
  EXPECT_EQ(none.p_time_s, theory_s);
  EXPECT_THAT(none.warnings, IsEmpty());
}

TEST(ChecksumsOfRecords, AreThoseOfTheFilesThatAreReadAndOfNothingElse) {
  const support::TemporaryFolder folder;
  folder.write("a.mseed", "one");
  folder.write("waveforms/b.SAC", "two");
  folder.write("stations/c.xml", "<FDSNStationXML/>");
  const std::string inputs = fmnet::checksums_of_records(folder.path());
  EXPECT_THAT(inputs,
              testing::MatchesRegex("a.mseed [0-9a-f]+\nstations/c.xml [0-9a-f]+\nwaveforms/b.SAC [0-9a-f]+\n"));
  EXPECT_THAT(inputs,
              HasSubstr("a.mseed 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"));  // sha256sum
  folder.write("notes.txt", "not a record");
  folder.write("out/prediction.json", "{}");
  std::filesystem::resize_file(folder.write("large", ""), std::uintmax_t{20} << 30);  // a hole: no space is taken
  folder.write("prediction.xml", "<q:quakeml xmlns:q='http://quakeml.org/xmlns/quakeml/1.2'/>");
  EXPECT_EQ(fmnet::checksums_of_records(folder.path()), inputs);
  folder.write("waveforms/b.SAC", "other");
  EXPECT_NE(fmnet::checksums_of_records(folder.path()), inputs);
}

}  // namespace
