#include "fmnet/commands/train_command.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "autodiff/ops/mse_loss.h"
#include "fmnet/trainer.h"
#include "tests/support/empty_directory.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Config;

// The mean loss of the validation samples, one by one, with the initial weights.
double loss_before_training(const Config& config, const data::Dataset& dataset) {
  fmnet::FmNet network(config.seed, config.network.running_variance);
  network.set_execution({true, config.training.convolution});
  network.eval();
  const autodiff::RecordingOff recording_off;
  double sum = 0.0;
  for (std::int64_t i = 0; i < config.training.n_validation; ++i) {
    const data::Sample sample = unseen_sample(dataset, config, fmnet::UnseenKind::validation, i);
    fmnet::Batch one = fmnet::make_batch([&](std::int64_t) { return sample; }, {0}, config.label);
    sum += autodiff::mse_loss(network.forward(autodiff::Variable(std::move(one.waveforms))), std::move(one.labels))
               .value()[0];
  }
  return sum / static_cast<double>(config.training.n_validation);
}

TEST(TrainCommand, ItsMetricsAreTheEndOfTheLogAndTheLossBeforeTraining) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string folder = support::empty_directory("train_command") + "/";
  dataset.synthesizer().library().save(folder + "greens.bin");
  ASSERT_EQ(run_train(config, folder + "greens.bin", folder, {}), fmnet::StepEnd::done);
  const nlohmann::json told = fmnet::read_metrics(folder).at("training");
  const auto number = [&told](const char* key) { return told.at(key).get<double>(); };

  const fmnet::LogRow last = fmnet::read_training_log(folder + "training_log.tsv").back();
  ASSERT_TRUE(last.validation);
  EXPECT_EQ(number("last_training_loss"), last.training_loss);
  EXPECT_EQ(number("last_validation_loss"), last.validation->loss);
  EXPECT_EQ(number("validation_share_20"), last.validation->kagan_share_20);
  EXPECT_EQ(number("samples_per_s"), last.samples_per_s);
  const double first_loss = loss_before_training(config, dataset);
  EXPECT_NEAR(number("first_validation_loss"), first_loss, 1e-5 * first_loss) << "a few roundings in single precision";
  EXPECT_NEAR(number("validation_reduction"), first_loss / last.validation->loss,
              1e-5 * number("validation_reduction"));
  EXPECT_GT(std::abs(first_loss - last.validation->loss), 1e-4 * first_loss) << "eight steps change the loss";

  EXPECT_EQ(told.at("experiment"), config.name);
  EXPECT_EQ(number("grid_size"), 216);
  EXPECT_EQ(number("n_stations"), 11);
  EXPECT_EQ(number("n_samples"), 16);
  EXPECT_EQ(number("n_validation"), 6);
  EXPECT_EQ(number("batch_size"), 4);
  EXPECT_EQ(number("epochs"), 2);
  EXPECT_EQ(number("epochs_asked"), 2);
  EXPECT_EQ(number("n_steps"), 8);
  EXPECT_EQ(number("n_convolutions"), 16);
  EXPECT_EQ(number("n_trainable"), 350659);
  EXPECT_EQ(told.at("weights_bytes").get<std::uintmax_t>(), std::filesystem::file_size(folder + "weights.safetensors"));
  EXPECT_GT(number("share_of_time_on_samples"), 0.0);
  EXPECT_LT(number("share_of_time_on_samples"), 1.0);
}

}  // namespace
