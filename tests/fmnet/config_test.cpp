#include "fmnet/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "data/atomic_file.h"
#include "fmnet/preset.h"
#include "propagator/errors.h"
#include "tests/support/input_error.h"

namespace {

using fmnet::Agreement;
using fmnet::Config;

const std::string region = FMNET_SOURCE_DIR "/data/ridgecrest/";

Config ridgecrest() { return fmnet::read_config(region + "ridgecrest.toml"); }

std::string shipped_text() { return data::read_whole_file(region + "ridgecrest.toml", 1 << 20); }

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = shipped_text();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// "c.toml:line:column" of the first character of `needle` in the shipped text after the same replacement.
std::string place(const std::string& needle, const std::string& from, const std::string& to, std::size_t skip = 0) {
  const std::string text = replaced(from, to);
  const std::size_t at = text.find(needle) + skip;
  const std::size_t line =
      1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
  return "c.toml:" + std::to_string(line) + ":" + std::to_string(at - text.rfind('\n', at)) + ": ";
}

std::string config_error(const std::string& from, const std::string& to) {
  const std::string text = replaced(from, to);
  return support::input_error([&] { fmnet::parse_config(text, "c.toml", region); });
}

TEST(Config, TheShippedExperimentIsThePapers) {
  const Config c = ridgecrest();
  EXPECT_EQ(c.stations.size(), 16u);
  EXPECT_EQ(c.training_grid().size(), 787320);
  EXPECT_EQ(c.training_grid().n_places(), 810);
  EXPECT_EQ(c.training.n_samples, 787320);
  EXPECT_EQ(c.training.epochs, 50);
  EXPECT_EQ(c.training.batch_size, 16);
  EXPECT_EQ(c.training.adam.learning_rate, 1e-3);
  EXPECT_EQ(c.preprocess.low_hz, 0.05);
  EXPECT_EQ(c.preprocess.high_hz, 0.1);
}

TEST(Config, TheStrongMotionExperimentDiffersInStationsAmplitudesAndAugmentationAlone) {
  const Config c = fmnet::read_config(region + "ridgecrest_strong_motion.toml");
  EXPECT_EQ(c.stations.size(), 11u);
  EXPECT_EQ(c.preprocess.normalization, data::Normalization::sample);
  EXPECT_EQ(c.augment.max_station_shift_samples, 2);
  EXPECT_EQ(c.augment.snr_min, 10.0);
  EXPECT_EQ(c.augment.drop_station_probability, 0.05);
  Config made_equal = c;
  made_equal.stations = ridgecrest().stations;
  made_equal.name = "ridgecrest";
  made_equal.preprocess.normalization = ridgecrest().preprocess.normalization;
  made_equal.augment = ridgecrest().augment;
  EXPECT_EQ(c.records.min_stations, 8);
  made_equal.records.min_stations = ridgecrest().records.min_stations;
  EXPECT_EQ(fmnet::to_toml(made_equal), fmnet::to_toml(ridgecrest()));
}

TEST(Config, AnotherRegionIsAnotherFolderOfText) {
  const Config c = fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml");
  EXPECT_EQ(c.stations.size(), 12u);
  EXPECT_EQ(c.velocity_model.size(), 7u);
  EXPECT_EQ(c.training_grid().size(), 787320);
  EXPECT_EQ(c.records.reading.preference.front(), "BH");
  EXPECT_EQ(c.records.min_stations, 9);
  EXPECT_EQ(fmnet::to_toml(fmnet::parse_config(fmnet::to_toml(c), "canonical", "/nowhere")), fmnet::to_toml(c));
}

TEST(Config, CanonicalTextReadsBackToTheSameAndNeedsNoFile) {
  Config c = ridgecrest();
  c.seed = 123456789012345;
  c.preprocess.low_hz = 0.1 / 3.0;  // no short decimal
  c.preprocess.phase = data::FilterPhase::zero_phase;
  c.velocity_model.back().q_p = std::numeric_limits<double>::infinity();
  const std::string text = fmnet::to_toml(c);
  EXPECT_EQ(fmnet::to_toml(fmnet::parse_config(text, "canonical", "/nowhere")), text);
}

TEST(Config, RefusesAnUnknownKey) {
  EXPECT_EQ(config_error("order = 4 ", "order = 4\npoles = 4 #"),
            place("poles = 4", "order = 4 ", "order = 4\npoles = 4 #", 8) +
                "unknown key preprocess.poles: may be one of before_p_s, high_hz, low_hz, normalization, order, "
                "phase, quantity, row_order");
}

TEST(Config, RefusesAnUnknownTable) {
  EXPECT_THAT(config_error("[label]", "[labels]"), "c.toml: table [label] is missing");
  EXPECT_THAT(support::input_error([] { fmnet::parse_config(shipped_text() + "[more]\n", "c.toml", region); }),
              testing::EndsWith("unknown key more: may be one of augment, greens, grid, label, name, network, "
                                "preprocess, records, seed, stations, training, velocity_model"));
}

TEST(Config, RefusesAWrongType) {
  EXPECT_EQ(config_error("order = 4 ", "order = \"4\" "),
            place("order = \"4\"", "order = 4 ", "order = \"4\" ", 8) +
                "preprocess.order = \"4\": must be a whole number, but is a text");
  EXPECT_EQ(config_error("order = 4 ", "order = 4.0 "),
            place("order = 4.0", "order = 4 ", "order = 4.0 ", 8) +
                "preprocess.order = 4.0: must be a whole number, but is a real number");
}

TEST(Config, RefusesAValueOutOfRange) {
  EXPECT_EQ(config_error("batch_size = 16", "batch_size = 1"),
            place("batch_size = 1", "batch_size = 16", "batch_size = 1", 13) +
                "training.batch_size = 1: must be from 2 to 4096");
  EXPECT_EQ(config_error("learning_rate = 0.001", "learning_rate = nan"),
            place("learning_rate = nan", "learning_rate = 0.001", "learning_rate = nan", 16) +
                "training.learning_rate = nan: must be from 1e-09 to 1");
}

TEST(Config, RefusesARateTooLowForTheBandOrTheHighestFrequency) {
  EXPECT_EQ(config_error("max_frequency_hz = 0.4", "max_frequency_hz = 1.2"),
            place("max_frequency_hz = 1.2", "max_frequency_hz = 0.4", "max_frequency_hz = 1.2", 19) +
                "greens.max_frequency_hz = 1.2: must not be above the Nyquist frequency of dt_s, 1 Hz");
  const std::string band = "high_hz = 0.1 ";
  std::string text = replaced("dt_s = 0.5 ", "dt_s = 1.0 ");
  text.replace(text.find(band), band.size(), "high_hz = 0.4 ");
  EXPECT_THAT(support::input_error([&] { fmnet::parse_config(text, "c.toml", region); }),
              testing::HasSubstr(": preprocess.high_hz = 0.4: must be at most 0.35 / greens.dt_s = 0.35 Hz"));
}

// A band that the Green's functions do not hold would be empty, or bent by their taper, without a word.
TEST(Config, RefusesGreensFunctionsThatEndBelowTheBand) {
  const std::string too_low = "max_frequency_hz = 0.14";  // the taper of 0.3 begins at 0.098 Hz, the band ends at 0.1
  EXPECT_EQ(
      config_error("max_frequency_hz = 0.4", too_low),
      place("high_hz = 0.1", "max_frequency_hz = 0.4", too_low, 10) +
          "preprocess.high_hz = 0.1: must be at most greens.max_frequency_hz (1 - greens.taper) = 0.098 Hz, where "
          "the taper of the Green's functions begins");
  EXPECT_EQ(config_error("max_frequency_hz = 0.4", "max_frequency_hz = 0.15"), "no error");
}

TEST(Config, RefusesAnUnknownChoice) {
  EXPECT_EQ(config_error("\"one_way\"", "\"causal\""),
            place("\"causal\"", "\"one_way\"", "\"causal\"") +
                "preprocess.phase = \"causal\": must be one of \"one_way\", \"zero_phase\"");
}

TEST(Config, RefusesAMissingKey) {
  EXPECT_EQ(config_error("order = 4 ", "# "),
            place("[preprocess]", "order = 4 ", "# ") + "key preprocess.order is missing");
}

TEST(Config, SaysHowRecordsAreReadAndJudged) {
  const Config c = ridgecrest();
  EXPECT_EQ(c.records.reading.preference, (std::vector<std::string>{"HN", "HH", "BH"}));
  EXPECT_TRUE(std::isinf(c.records.reading.response.water_level_db));
  EXPECT_EQ(c.records.min_stations, 12);
  EXPECT_EQ(config_error("\"HN\", \"HH\"", "\"HNZ\", \"HH\""),
            place("[\"HNZ\"", "\"HN\", \"HH\"", "\"HNZ\", \"HH\"") +
                "records.channels = \"HNZ\": must hold band and instrument codes, as \"HN\"");
  EXPECT_EQ(config_error("[0.01, 0.02, 0.2, 0.4]", "[0.01, 0.06, 0.2, 0.4]"),
            place("[0.01, 0.06", "[0.01, 0.02, 0.2, 0.4]", "[0.01, 0.06, 0.2, 0.4]") +
                "records.corners_hz = [0.01, 0.06, 0.2, 0.4]: the inner two must enclose the band 0.05-0.1 Hz");
  EXPECT_EQ(config_error("[0.01, 0.02, 0.2, 0.4]", "[0.02, 0.02, 0.2, 0.4]"),
            place("[0.02, 0.02", "[0.01, 0.02, 0.2, 0.4]", "[0.02, 0.02, 0.2, 0.4]") +
                "records.corners_hz = [0.02, 0.02, 0.2, 0.4]: must grow from 0.001 or more");
  EXPECT_EQ(config_error("min_stations = 12", "min_stations = 17"),
            place("min_stations = 17", "min_stations = 12", "min_stations = 17", 15) +
                "records.min_stations = 17: must be from 1 to 16");
}

TEST(Config, WhatATrainingDependsOnLeavesOutHowRecordsAreRead) {
  Config c = ridgecrest();
  const std::string text = fmnet::training_toml(c);
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("[records]")));
  EXPECT_EQ(fmnet::training_toml(fmnet::parse_training_toml(text, "weights")), text);
  EXPECT_EQ(fmnet::training_toml(fmnet::parse_training_toml(fmnet::to_toml(c), "weights")), text);
  c.records.reading.quality.min_snr = 5.0;
  EXPECT_EQ(fmnet::training_toml(c), text);
}

TEST(Config, RefusesAMissingStationFile) {
  EXPECT_THAT(config_error("stations_16.txt", "nowhere.txt"), testing::StartsWith(region + "nowhere.txt: "));
}

TEST(Config, RefusesAMissingConfiguration) {
  EXPECT_THAT(support::input_error([] { fmnet::read_config("/nowhere/c.toml"); }),
              testing::StartsWith("/nowhere/c.toml: "));
}

TEST(Config, RefusesExchangedBandEdgesAndAGridOutOfRange) {
  EXPECT_EQ(config_error("low_hz = 0.05", "low_hz = 0.2"), place("low_hz = 0.2", "low_hz = 0.05", "low_hz = 0.2", 9) +
                                                               "preprocess.low_hz = 0.2: must be below high_hz = 0.1");
  EXPECT_EQ(config_error("[10.0, 10.0, 9]", "[10.0, 10.0, 10]"),
            place("[10.0, 10.0, 10]", "[10.0, 10.0, 9]", "[10.0, 10.0, 10]") +
                "grid.dip_deg = [10, 10, 10]: [first, step, count]: values must be from 0 to 90");
  EXPECT_EQ(config_error("[35.4, 0.1, 9]", "[35.4, 1e-20, 9]"),
            place("[35.4, 1e-20, 9]", "[35.4, 0.1, 9]", "[35.4, 1e-20, 9]") +
                "grid.latitude_deg = [35.4, 1e-20, 9]: [first, step, count]: step must be 1e-09 or more");
}

TEST(Config, RefusesAGridThatCannotBeHeld) {
  // The shipped grid has 81 epicentres at 10 depths, and 12 strikes.
  std::string text = replaced("[35.4, 0.1, 9]", "[30.0, 0.001, 10000]");
  const auto replace = [&text](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  const auto error = [&text] { return support::input_error([&] { fmnet::parse_config(text, "c.toml", region); }); };
  replace("[-118.0, 0.1, 9]", "[-118.0, 0.001, 10000]");
  EXPECT_THAT(error(),
              testing::HasSubstr(": grid.depth_km = 10 values: the grid has 1e+09 places: must be at most 1e+07"));
  replace("[-118.0, 0.001, 10000]", "[-118.0, 0.1, 10]");
  replace("[30.0, 30.0, 12]", "[30.0, 0.01, 10000]");
  replace("[10.0, 10.0, 9]", "[10.0, 0.01, 1000]");
  EXPECT_THAT(error(),
              testing::HasSubstr(": grid.rake_deg = 9 values: the grid has 9e+13 samples: must be at most 1e+12"));
}

TEST(Config, RefusesWhatIsNoToml) {
  EXPECT_THAT(config_error("order = 4 ", "order = = "),
              testing::StartsWith(place("order = = ", "order = 4 ", "order = = ", 8) + "not valid TOML: "));
}

TEST(Config, AgreementForPredictionLooksAtInputAndLabelsOnly) {
  const Config a = ridgecrest();
  Config b = a;
  b.training.n_samples = 1000;
  b.augment.snr_min = 5.0;
  b.records.min_stations = 3;
  b.label.decoding = fmnet::PeakDecoding::parabola;
  EXPECT_EQ(support::input_error([&] { fmnet::require_agreement(a, "w", b, Agreement::prediction); }), "no error");
  EXPECT_EQ(support::input_error([&] { fmnet::require_agreement(a, "w", b, Agreement::training); }),
            "w: made with another configuration: augment.snr_min = 3.0: the configuration in use has 5.0");
  b.stations[2].code = "FURY";
  EXPECT_EQ(support::input_error([&] { fmnet::require_agreement(a, "w", b, Agreement::prediction); }),
            "w: made with another configuration: stations.list line 3 = \"CI FUR 36.467 -116.8632 -37\": the "
            "configuration in use has \"CI FURY 36.467 -116.8632 -37\"");
  b.stations.pop_back();
  b.stations[2].code = "FUR";
  EXPECT_THAT(support::input_error([&] { fmnet::require_agreement(a, "w", b, Agreement::prediction); }),
              testing::EndsWith("the configuration in use has nothing"));
}

TEST(Config, MoreEpochsOfTheSameTrainingAgree) {
  const Config a = ridgecrest();
  Config b = a;
  b.training.epochs = 60;
  b.training.checkpoint_interval_s = 30.0;
  b.name = "longer";
  EXPECT_EQ(support::input_error([&] { fmnet::require_agreement(a, "s", b, Agreement::training); }), "no error");
}

TEST(Preset, EveryShippedPresetGivesAConfiguration) {
  for (const std::string name : {"tiny", "quick", "full"}) {
    const fmnet::Preset preset = fmnet::read_preset(FMNET_SOURCE_DIR "/paper_repro/presets/" + name + ".toml");
    const Config c = fmnet::config_of(preset);
    EXPECT_EQ(preset.name, name);
    EXPECT_EQ(c.training.n_samples, preset.n_samples);
    EXPECT_EQ(fmnet::to_toml(fmnet::parse_config(fmnet::to_toml(c), name, "")), fmnet::to_toml(c));
  }
}

TEST(Preset, StrideKeepsTheCornersOfTheGrid) {
  const Config c = fmnet::config_of(fmnet::read_preset(FMNET_SOURCE_DIR "/paper_repro/presets/tiny.toml"));
  EXPECT_EQ(c.training_grid().n_places(), 3 * 3 * 3);
  EXPECT_DOUBLE_EQ(c.grid.latitude_deg.value(2), 36.2);
  EXPECT_DOUBLE_EQ(c.grid.depth_km.value(2), 18.0);
}

}  // namespace
