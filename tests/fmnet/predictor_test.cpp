#include "fmnet/predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/empty_directory.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Config;

TEST(Predictor, TellsBothPlanesAndTheFeaturesInTheOrderOfTheRecords) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string path = support::empty_directory("predictor") + "/w.safetensors";
  fmnet::FmNet network(5);
  fmnet::save_weights(path, network, config, 3);
  const fmnet::Predictor predictor(path, config);
  EXPECT_EQ(predictor.n_steps(), 3);
  std::vector<data::Waveforms> records;
  for (std::int64_t i = 0; i < 18; ++i) records.push_back(dataset.sample(i).waveforms);
  const std::vector<fmnet::Prediction> all = predictor.predict(records);
  const std::vector<fmnet::Features> features = predictor.encode(records);
  ASSERT_EQ(all.size(), records.size());
  for (const std::size_t i : {std::size_t{0}, std::size_t{17}}) {
    const fmnet::Prediction one = predictor.predict(records[i]);
    EXPECT_EQ(one.curves, all[i].curves);
    EXPECT_EQ(one.features, all[i].features);
    EXPECT_EQ(features[i], all[i].features);
    EXPECT_LT(propagator::kagan_angle_deg(one.plane, one.auxiliary), 1e-6);
    EXPECT_LE(std::abs(one.plane.rake_deg), 90.0);
  }
  EXPECT_NE(all[0].features, all[17].features);
  EXPECT_THROW(predictor.predict(data::Waveforms::Zero(47, 128)), std::invalid_argument);
}

TEST(Predictor, ReadsTheCurvesAsTheConfigurationInUseSays) {
  Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string path = support::empty_directory("predictor_decoding") + "/w.safetensors";
  fmnet::FmNet network(5);
  fmnet::save_weights(path, network, config, 3);
  const data::Waveforms record = dataset.sample(0).waveforms;
  const fmnet::Prediction by_bin = fmnet::Predictor(path, config).predict(record);
  config.label.decoding = fmnet::PeakDecoding::parabola;
  const fmnet::Prediction by_parabola = fmnet::Predictor(path, config).predict(record);
  EXPECT_EQ(by_bin.curves, by_parabola.curves);
  const propagator::FocalMechanism read = fmnet::decode_curves(by_bin.curves, config.label);
  EXPECT_EQ(by_parabola.plane.strike_deg, read.strike_deg);
  EXPECT_EQ(by_parabola.plane.rake_deg, read.rake_deg);
  EXPECT_NE(by_bin.plane.strike_deg, by_parabola.plane.strike_deg);
}

}  // namespace
