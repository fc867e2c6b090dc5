// `fmnet learning_rates`: short trainings at several rates, and the results of them that come with a preset.
#include "fmnet/commands/learning_rates_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "data/atomic_file.h"
#include "fmnet/result_table.h"
#include "fmnet/trainer.h"
#include "fmnet/training_log.h"
#include "tests/support/empty_directory.h"
#include "tests/support/input_error.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Config;

// The mean of the labels is the best of all constants: nearby ones are worse by the square of their distance.
TEST(LearningRates, TheConstantAnswerIsTheMeanOfAllLabels) {
  const Config config = fmnet::read_config(FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest.toml");
  const data::TrainingGrid grid = config.training_grid();
  const auto loss_of = [&](double shift) {
    fmnet::LabelCurves mean{};
    for (std::int64_t m = 0; m < grid.n_mechanisms(); ++m) {
      const fmnet::LabelCurves label = label_curves(grid.mechanism(m), config.label);
      for (std::size_t i = 0; i < label.size(); ++i) mean[i] += label[i] / static_cast<double>(grid.n_mechanisms());
    }
    double loss = 0.0;
    for (std::int64_t m = 0; m < grid.n_mechanisms(); ++m) {
      const fmnet::LabelCurves label = label_curves(grid.mechanism(m), config.label);
      for (std::size_t i = 0; i < label.size(); ++i) loss += std::pow(label[i] - mean[i] - shift, 2);
    }
    return loss / static_cast<double>(grid.n_mechanisms()) / fmnet::LabelCurves().size();
  };
  EXPECT_NEAR(fmnet::constant_answer_loss(config), loss_of(0.0), 1e-12);
  EXPECT_NEAR(loss_of(0.1) - loss_of(0.0), 0.01, 1e-12);
  EXPECT_NEAR(fmnet::constant_answer_loss(config), 0.09645, 5e-6);
}

class LearningRateStudy : public testing::Test {
 protected:
  LearningRateStudy() : folder_(support::empty_directory("learning_rates")) {
    support::toy_dataset(config_).synthesizer().library().save(folder_ + "/greens.bin");
  }
  std::string text_of(const std::string& file) const { return data::read_whole_file(folder_ + "/" + file, 1 << 20); }

  const std::string folder_;
  const Config config_ = support::toy_config();
};

// Each row is what a training of that rate alone reaches.
TEST_F(LearningRateStudy, ARowIsTheTrainingAtItsRate) {
  ASSERT_EQ(run_learning_rates(config_, folder_ + "/greens.bin", {1e-2, 1e-3}, 8, folder_, {}), fmnet::StepEnd::done);
  const nlohmann::json points = fmnet::read_metrics(folder_).at("learning_rates");
  ASSERT_EQ(points.size(), 2u);
  const double rates[] = {1e-3, 1e-2};
  for (std::size_t i = 0; i < 2; ++i) {
    Config config = config_;
    config.training.adam.learning_rate = rates[i];
    config.training.n_samples = 8;
    config.training.epochs = 1;
    const std::string alone = folder_ + "/alone_" + std::to_string(i);
    train(config, support::toy_dataset(config), {alone});
    const std::vector<fmnet::LogRow> log = fmnet::read_training_log(alone + "/training_log.tsv");
    EXPECT_EQ(points[i]["learning_rate"].get<double>(), rates[i]);
    EXPECT_EQ(points[i]["training"].get<double>(), log.back().training_loss);
    EXPECT_EQ(points[i]["validation"].get<double>(), log.back().validation->loss);
    EXPECT_EQ(points[i]["samples"].get<int>(), 8);
    EXPECT_EQ(points[i]["constant"].get<double>(), fmnet::constant_answer_loss(config_));
  }
}

TEST_F(LearningRateStudy, ResultsThatComeWithAPresetAreThoseOfTheTrainings) {
  const std::string shipped = folder_ + "/shipped";
  ASSERT_FALSE(fmnet::has_learning_rates(shipped));
  run_learning_rates(config_, folder_ + "/greens.bin", {1e-3}, 8, shipped, {});
  ASSERT_TRUE(fmnet::has_learning_rates(shipped));
  ASSERT_EQ(run_shipped_learning_rates(config_, 8, shipped, folder_, {}), fmnet::StepEnd::done);
  EXPECT_EQ(text_of("learning_rates.tsv"), text_of("shipped/learning_rates.tsv"));
  EXPECT_EQ(text_of("learning_rates.toml"), text_of("shipped/learning_rates.toml"));
  EXPECT_EQ(run_shipped_learning_rates(config_, 8, shipped, folder_, {}), fmnet::StepEnd::up_to_date);
}

TEST_F(LearningRateStudy, ResultsOfAnotherConfigurationAreRefused) {
  const std::string shipped = folder_ + "/shipped";
  run_learning_rates(config_, folder_ + "/greens.bin", {1e-3}, 8, shipped, {});
  const std::string refusal =
      shipped +
      "/learning_rates.toml: is another configuration or number of samples than the preset's: `fmnet learning_rates "
      "--anew` trains";
  EXPECT_EQ(support::input_error([&] { run_shipped_learning_rates(config_, 12, shipped, folder_, {}); }), refusal);
  Config other = config_;
  other.label.standard_deviation_bins = 8.0;
  EXPECT_EQ(support::input_error([&] { run_shipped_learning_rates(other, 8, shipped, folder_, {}); }), refusal);
  EXPECT_FALSE(fmnet::has_learning_rates(folder_));
}

}  // namespace
