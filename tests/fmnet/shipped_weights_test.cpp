// The weights that are shipped, on the records and on unseen samples that they were made for.
#include <gtest/gtest.h>

#include <filesystem>

#include "fmnet/records_prediction.h"
#include "fmnet/test_events.h"
#include "fmnet/training_log.h"
#include "tests/support/reference.h"

namespace {

using propagator::FocalMechanism;

struct Shipped {
  std::string config, weights;
};
const Shipped shipped_for_byron = {FMNET_SOURCE_DIR "/data/byron/byron.toml", FMNET_SOURCE_DIR "/data/byron/weights"};
const Shipped shipped_for_strong_motion = {FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest_strong_motion.toml",
                                           FMNET_SOURCE_DIR "/paper_repro/weights/quick"};
const Shipped shipped_for_the_paper = {FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest.toml",
                                       FMNET_SOURCE_DIR "/paper_repro/training/full"};

// The predictor refuses weights whose stations, preprocessing or labels are not those of the configuration.
fmnet::RecordsPrediction predicted(const Shipped& shipped, const std::string& records, const std::string& event_text,
                                   std::optional<double> delay_s) {
  const fmnet::Config config = fmnet::read_config(shipped.config);
  const fmnet::Predictor predictor(shipped.weights + "/weights.safetensors", config);
  const data::Event event = data::parse_event(event_text);
  const data::RecordFiles files = data::read_record_files(records, "", config.records.reading.skip_bad_records);
  return fmnet::predict_records(predictor, config, files,
                                {event, fmnet::theoretical_p_times(config, event), delay_s, false}, records);
}

TEST(ShippedWeights, AreSmallAndOfTheirConfigurations) {
  for (const Shipped& shipped : {shipped_for_byron, shipped_for_strong_motion, shipped_for_the_paper}) {
    const std::string path = shipped.weights + "/weights.safetensors";
    EXPECT_LT(std::filesystem::file_size(path), 2'000'000u);
    const fmnet::Weights weights = fmnet::load_weights(path);
    EXPECT_NO_THROW(fmnet::require_agreement(weights.config, path, fmnet::read_config(shipped.config),
                                             fmnet::Agreement::prediction));
  }
}

// 787,320 samples in batches of 16: 49,208 steps an epoch, the last of 8 samples. No row is missing, none stands twice.
TEST(ShippedWeights, OfThePapersExperimentHaveTheLogOfFiftyWholeEpochs) {
  constexpr std::int64_t steps_per_epoch = (787'320 + 15) / 16;
  std::int64_t expected_step = 100;
  int n_epochs = 0;
  for (const fmnet::LogRow& row : fmnet::read_training_log(shipped_for_the_paper.weights + "/training_log.tsv")) {
    if (row.validation) {
      EXPECT_EQ(row.step, ++n_epochs * steps_per_epoch);
      EXPECT_EQ(row.epoch, n_epochs);
    } else {
      EXPECT_EQ(row.step, expected_step);
      EXPECT_EQ(row.epoch, (row.step - 1) / steps_per_epoch + 1);
      expected_step += 100;
    }
  }
  EXPECT_EQ(n_epochs, 50);
  EXPECT_EQ(expected_step - 100, 2'460'400) << "a row each hundred steps, up to the last";
  EXPECT_EQ(fmnet::load_weights(shipped_for_the_paper.weights + "/weights.safetensors").n_steps, 2'460'400);
}

// The published mechanism is mttime's, from eight of the stations.
TEST(ShippedWeights, TellByronsMechanismFromItsRawRecords) {
  const std::string records = support::reference("byron_m44");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44");
  const fmnet::RecordsPrediction found =
      predicted(shipped_for_byron, records, "2019-07-16T20:11:01.47,37.8187,-121.7568,12.38", 0.0);
  EXPECT_EQ(found.window.n_stations_used, 11);
  const double angle_deg = propagator::kagan_angle_deg(found.prediction.plane, FocalMechanism{234.0, 71.0, -5.0});
  EXPECT_LE(angle_deg, 20.0);
  RecordProperty("kagan_deg", std::to_string(angle_deg));
}

// The window begins where the records themselves ask for it (trust/delay_scan.h), not where a catalogue says.
TEST(ShippedWeights, TellTheMechanismOfTheMw71FromItsRawRecords) {
  const std::string records = support::reference("ridgecrest_m71");
  if (records.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const fmnet::RecordsPrediction found =
      predicted(shipped_for_strong_motion, records, "2019-07-06T03:19:53.04,35.7695,-117.5993,8.0", std::nullopt);
  EXPECT_EQ(found.window.n_stations_used, 10);
  EXPECT_EQ(found.delay_s, 7.0);
  EXPECT_EQ(found.window.p_time_s,
            fmnet::theoretical_p_times(fmnet::read_config(shipped_for_strong_motion.config),
                                       data::parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0")))
      << "times of P, whatever the delay";
  const double angle_deg = propagator::kagan_angle_deg(found.prediction.plane, FocalMechanism{230.8, 82.8, -9.4});
  EXPECT_LE(angle_deg, 20.0);
  RecordProperty("kagan_deg", std::to_string(angle_deg));
}

// Waves of 27 places of the training's 810, with noise and shifts. Chance tells 1 in 100 to within 20 degrees; rows in another
// order, another scaling or curves read a few bins aside leave few.
TEST(ShippedWeights, TellUnseenEventsOfThePapersExperiment) {
  fmnet::Config config = fmnet::read_config(shipped_for_the_paper.config);
  config.grid.latitude_deg = {35.5, 0.3, 3};
  config.grid.longitude_deg = {-117.9, 0.3, 3};
  config.grid.depth_km = {4.0, 6.0, 3};
  const data::TrainingGrid grid = config.training_grid();
  const auto library = std::make_shared<const data::GreensLibrary>(data::GreensLibrary::compute(
      config.layered_model(), config.stations, grid.places(), config.greens_library_settings()));
  const data::Dataset dataset(library, grid, config.preprocess, config.augment, config.seed);
  const fmnet::Predictor predictor(shipped_for_the_paper.weights + "/weights.safetensors", config);
  constexpr int n = 128;
  for (const fmnet::UnseenKind kind : {fmnet::UnseenKind::on_grid, fmnet::UnseenKind::off_grid}) {
    int n_good = 0;
    for (int i = 0; i < n; ++i) {
      const data::Sample sample = fmnet::unseen_sample(dataset, config, kind, 7 * i);
      const FocalMechanism found = predictor.predict(sample.waveforms).plane;
      n_good += propagator::kagan_angle_deg(found, sample.mechanism) <= 20.0;
    }
    EXPECT_GE(n_good, n * 8 / 10);
  }
}

}  // namespace
