#include "fmnet/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <thread>

#include "autodiff/ops/mse_loss.h"
#include "data/atomic_file.h"
#include "fmnet/interrupt.h"
#include "fmnet/metrics.h"
#include "fmnet/predictor.h"
#include "fmnet/safetensors.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"
#include "tests/support/precision.h"
#include "tests/support/thread_count.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Config;
using fmnet::TrainingEnd;
using fmnet::TrainingOrder;

std::string weights_bytes(const std::string& directory) {
  return data::read_whole_file(fmnet::weights_path(directory), 1 << 24);
}

// The log without its last column, which is a rate.
std::string log_of(const std::string& directory) {
  std::string text;
  for (fmnet::LogRow row : fmnet::read_training_log(directory + "/training_log.tsv")) {
    row.samples_per_s = 0.0;
    text += fmnet::log_line(row);
  }
  return text;
}

// The network that a training of one step leaves behind.
std::shared_ptr<fmnet::FmNet> after_one_step(const Config& config, const std::string& directory) {
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  trainer.step();
  trainer.save(directory);
  return fmnet::load_weights(fmnet::weights_path(directory)).network;
}

// A copy of one of its buffers, which are gone with it.
autodiff::Tensor buffer_after_one_step(const Config& config, const std::string& name) {
  const auto network = after_one_step(config, support::empty_directory("buffer"));
  for (const autodiff::Buffer& b : network->buffers()) {
    if (b.name == name) return *b.tensor;
  }
  throw std::out_of_range("no buffer " + name);
}

// From m = v = 0 a first step has m = (1 - b1) g and v = (1 - b2) g^2, and moves a parameter, whatever b1, by
//
//   lr g / (|g| + eps)  in the paper's form,    lr g / (|g| + eps / sqrt(1 - b2))  in that of Keras
//
// (adam.h, equations 3 and 4). eps is large enough here to tell the forms apart. Ten roundings of the step, one of the sum.
TEST(Trainer, TheFirstStepIsThatOfTheConfigurationsAdamByHand) {
  Config config = support::toy_config();
  config.training.convolution = autodiff::kernels::ConvolutionMethod::direct;
  for (const autodiff::AdamForm form : {autodiff::AdamForm::keras, autodiff::AdamForm::paper}) {
    config.training.adam = {0.003, 0.8, 0.96, 1e-3, form};
    const data::Dataset dataset = support::toy_dataset(config);
    fmnet::FmNet network(config.seed, config.network.running_variance);
    const TrainingOrder order(dataset.size(), config.training.n_samples, config.training.batch_size, config.seed);
    fmnet::Batch batch =
        fmnet::make_batch([&dataset](std::int64_t i) { return dataset.sample(i); }, order.batch(0), config.label);
    autodiff::backward(autodiff::mse_loss(network.forward(autodiff::Variable(batch.waveforms)), batch.labels));

    const std::string directory = support::empty_directory("first_step");
    const auto before = network.parameters(), after = after_one_step(config, directory)->parameters();
    const double eps = form == autodiff::AdamForm::paper ? 1e-3 : 1e-3 / std::sqrt(1 - 0.96);
    for (std::size_t k = 0; k < before.size(); ++k) {
      SCOPED_TRACE(before[k].name);
      for (autodiff::Index i = 0; i < before[k].variable.value().size(); ++i) {
        const double p = before[k].variable.value()[i], g = before[k].variable.gradient()[i];
        ASSERT_NEAR(after[k].variable.value()[i], p - 0.003 * g / (std::abs(g) + eps),
                    support::epsilon * (std::abs(p) + 10 * 0.003));
      }
    }
    const fmnet::Safetensors state = fmnet::read_safetensors(fmnet::state_path(directory));
    const auto array = [&state](const std::string& name) {
      return std::find_if(state.arrays.begin(), state.arrays.end(), [&](const auto& a) { return a.name == name; })
          ->values;
    };
    for (std::size_t i = 0; i < 9 * 64; ++i) {
      const double g = before[0].variable.gradient()[static_cast<autodiff::Index>(i)];
      EXPECT_NEAR(array("adam.m.conv01.weight")[i], 0.2 * g, 4 * support::epsilon * std::abs(g));
      EXPECT_NEAR(array("adam.v.conv01.weight")[i], 0.04 * g * g, 4 * support::epsilon * g * g + 1e-40);
    }
  }
}

// Stage 7 leaves one pixel of each of the four samples: m = 4, and the corrected variances are those of the batch times 4/3 and
// 4/3 4 / (4 - 1.001). What is compared is the hundredth part of a variance beside 0.99, known to 1e-7.
TEST(Trainer, TheRunningVarianceIsTheConfigurations) {
  Config config = support::toy_config();
  const auto moved = [&config](autodiff::RunningVariance kind, std::size_t channel) {
    config.network.running_variance = kind;
    return static_cast<double>(buffer_after_one_step(config, "bn07.running_variance").data()[channel]) - 0.99;
  };
  const double V = moved(autodiff::RunningVariance::biased, 5);
  ASSERT_GT(V, 1e-4);
  EXPECT_NEAR(moved(autodiff::RunningVariance::unbiased, 5) / V, 4.0 / 3.0, 5e-3);
  EXPECT_NEAR(moved(autodiff::RunningVariance::keras2, 5) / V, 4.0 / 3.0 * 4.0 / 2.999, 5e-3);
}

// The methods round differently, from stage 2 on.
TEST(Trainer, ConvolvesByTheMethodOfTheConfiguration) {
  Config config = support::toy_config();
  const auto mean_of_stage_2 = [&config](autodiff::kernels::ConvolutionMethod method) {
    config.training.convolution = method;
    return buffer_after_one_step(config, "bn02.running_mean");
  };
  const autodiff::Tensor direct = mean_of_stage_2(autodiff::kernels::ConvolutionMethod::direct);
  ASSERT_EQ(direct.size(), 64);
  EXPECT_FALSE(direct == mean_of_stage_2(autodiff::kernels::ConvolutionMethod::winograd));
  EXPECT_TRUE(direct == mean_of_stage_2(autodiff::kernels::ConvolutionMethod::direct));
}

// Six samples in batches of four and two: a mean of the means of batches would weigh the last two double. Two samples are given
// the mechanism that the network finds, so that the share is a third.
TEST(Trainer, ValidationIsTheMeanLossAndTheKaganAnglesOfTheSamplesOneByOne) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  trainer.step();
  const std::string directory = support::empty_directory("validation");
  trainer.save(directory);
  const auto network = fmnet::load_weights(fmnet::weights_path(directory)).network;
  std::vector<data::Sample> samples = unseen_samples(dataset, config, fmnet::UnseenKind::off_grid, 6);
  double loss_sum = 0.0;
  std::vector<double> angles;
  const autodiff::RecordingOff recording_off;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const fmnet::SampleOf one = [&](std::int64_t) { return samples[i]; };
    const autodiff::Variable images(fmnet::make_batch(one, {0}, config.label).waveforms);
    const autodiff::Variable curves = network->forward(images);
    const propagator::FocalMechanism found = fmnet::decode_curves(fmnet::curves_of(curves.value(), 0), config.label);
    if (i == 1 || i == 5) samples[i].mechanism = found;
    loss_sum += autodiff::mse_loss(curves, fmnet::make_batch(one, {0}, config.label).labels).value()[0];
    angles.push_back(propagator::kagan_angle_deg(samples[i].mechanism, found));
  }
  const fmnet::KaganSummary summary = fmnet::summarize_kagan(angles);
  ASSERT_GE(summary.n_good, 2);
  ASSERT_LT(summary.n_good, 6);
  const fmnet::Validation validation = trainer.validate(samples);
  // Each loss is a Real of its own, one rounding; in the double build the sums of six and the quotient round as much.
  EXPECT_NEAR(validation.loss, loss_sum / 6.0, 8 * support::epsilon * loss_sum / 6.0);
  EXPECT_DOUBLE_EQ(validation.kagan_share_20, summary.share_good);
  EXPECT_DOUBLE_EQ(validation.kagan_median_deg, summary.median_deg);
}

TEST(Trainer, ATrainingStoppedTwiceIsTheSameToTheBitAsOneThatNeverStopped) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string whole = support::empty_directory("whole"), pieces = support::empty_directory("pieces");
  EXPECT_EQ(fmnet::train(config, dataset, {whole, false, -1}).end, TrainingEnd::finished);
  {
    const support::ThreadCount threads(1);
    EXPECT_EQ(fmnet::train(config, dataset, {pieces, false, 3}).end, TrainingEnd::interrupted);
  }
  {
    const support::ThreadCount threads(3);
    EXPECT_EQ(fmnet::train(config, dataset, {pieces, false, 2}).end, TrainingEnd::interrupted);
  }
  EXPECT_EQ(fmnet::train(config, dataset, {pieces, false, -1}).n_steps, 8);
  EXPECT_TRUE(weights_bytes(pieces) == weights_bytes(whole));
  EXPECT_EQ(log_of(pieces), log_of(whole));
  EXPECT_EQ(fmnet::read_training_log(whole + "/training_log.tsv").size(), 2u);
}

TEST(Trainer, ADamagedStateIsReplacedByTheOneBeforeItAndTheLogIsCutBackToIt) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string whole = support::empty_directory("undamaged"), damaged = support::empty_directory("damaged");
  fmnet::train(config, dataset, {whole, false, -1});
  fmnet::train(config, dataset, {damaged, false, 6});  // states after step 4 (end of epoch) and 6
  std::string bytes = data::read_whole_file(fmnet::state_path(damaged), 1 << 24);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  data::write_file_atomically(fmnet::state_path(damaged), bytes);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  std::string message;
  trainer.resume(damaged, message);
  EXPECT_EQ(trainer.state().step, 4);
  EXPECT_THAT(message, testing::HasSubstr("the file is cut off or damaged; going on from the state before it"));
  fmnet::train(config, dataset, {damaged, false, -1});
  EXPECT_TRUE(weights_bytes(damaged) == weights_bytes(whole));
  EXPECT_EQ(log_of(damaged), log_of(whole));
}

TEST(Trainer, TheMeanLossesAreThoseOfTheStepsSinceTheyWereLastAskedFor) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  const double a = trainer.step(), b = trainer.step(), c = trainer.step();
  EXPECT_DOUBLE_EQ(trainer.take_interval_loss(), (a + b + c) / 3.0);
  const double d = trainer.step();
  EXPECT_DOUBLE_EQ(trainer.take_epoch_loss(), (a + b + c + d) / 4.0);
  const double e = trainer.step();
  EXPECT_DOUBLE_EQ(trainer.take_interval_loss(), (d + e) / 2.0);
  EXPECT_DOUBLE_EQ(trainer.take_epoch_loss(), e);
  EXPECT_THROW(trainer.take_interval_loss(), std::invalid_argument);
  EXPECT_THROW(trainer.take_epoch_loss(), std::invalid_argument);
}

// The state of a training of 102 steps, 51 an epoch, after 98 of them: a mean loss of 1/2 since the last row of the log, of which
// there is none, and of 1/4 in the second epoch. Steps 99 to 102 end both means.
TEST(Trainer, ARowOfTheLogIsTheMeanOfAHundredStepsAndThatOfAnEpochOfItsOwn) {
  Config config = support::toy_config();
  config.training.n_samples = 204;
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("rows_of_the_log");
  {
    const fmnet::FmNet network(config.seed, config.network.running_variance);
    fmnet::save_state(directory, network, autodiff::Adam(network.parameters(), config.training.adam), config,
                      {98, 98 * 0.5, 47 * 0.25, 98, 47});
  }
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  ASSERT_EQ(trainer.steps_per_epoch(), 51);
  std::string message;
  trainer.resume(directory, message);
  const double a = trainer.step(), b = trainer.step(), c = trainer.step(), d = trainer.step();

  EXPECT_EQ(fmnet::train(config, dataset, {directory, false, -1}).n_steps, 102);
  const std::vector<fmnet::LogRow> rows = fmnet::read_training_log(directory + "/training_log.tsv");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].step, 100);
  EXPECT_EQ(rows[0].epoch, 2);
  EXPECT_FALSE(rows[0].validation);
  EXPECT_DOUBLE_EQ(rows[0].training_loss, (98 * 0.5 + a + b) / 100.0);
  EXPECT_EQ(rows[1].step, 102);
  EXPECT_TRUE(rows[1].validation);
  EXPECT_DOUBLE_EQ(rows[1].training_loss, (47 * 0.25 + a + b + c + d) / 51.0);
}

// A first step so large that the loss of the second is beyond Real, three steps before the end of the epoch.
TEST(Trainer, ACheckpointIsWrittenAtItsIntervalWithinAnEpoch) {
  Config config = support::toy_config();
  config.training.adam.learning_rate = support::real_is_double ? 1e200 : 1e30;
  const data::Dataset dataset = support::toy_dataset(config);
  const auto steps_saved = [&](double interval_s) {
    config.training.checkpoint_interval_s = interval_s;
    const std::string directory = support::empty_directory("interval");
    EXPECT_THAT(support::error_of<std::runtime_error>([&] {
                  fmnet::train(config, dataset, {directory, false, -1});
                }),
                testing::StartsWith("training: step 2: loss = "));
    if (!fmnet::has_state(directory)) return std::string("none");
    return fmnet::read_safetensors(fmnet::state_path(directory)).metadata.at("n_steps");
  };
  EXPECT_EQ(steps_saved(0.0), "1");
  EXPECT_EQ(steps_saved(3600.0), "none") << "an hour is not over";
}

std::string bytes_at(const std::string& path) { return data::read_whole_file(path, 1 << 24); }

void damage(const std::string& path) {
  std::string bytes = bytes_at(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  data::write_file_atomically(path, bytes);
}

// A program that is killed between the two renames of a checkpoint leaves state.previous alone: it must never be the damaged one.
TEST(Trainer, ADamagedStateIsMovedAsideAndNeverTakesThePlaceOfTheGoodOneBeforeIt) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("moved_aside");
  fmnet::train(config, dataset, {directory, false, 6});  // states after step 4 (end of epoch) and 6
  const std::string good = bytes_at(fmnet::previous_state_path(directory));
  damage(fmnet::state_path(directory));
  const std::string damaged = bytes_at(fmnet::state_path(directory));

  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  std::string message;
  trainer.resume(directory, message);
  EXPECT_THAT(message, testing::EndsWith("; the damaged one is now " + fmnet::damaged_state_path(directory)));
  EXPECT_FALSE(std::filesystem::exists(fmnet::state_path(directory)));
  EXPECT_TRUE(bytes_at(fmnet::damaged_state_path(directory)) == damaged);
  trainer.save(directory);
  EXPECT_TRUE(bytes_at(fmnet::previous_state_path(directory)) == good);

  damage(fmnet::state_path(directory));
  trainer.resume(directory, message);
  EXPECT_EQ(trainer.state().step, 4);
}

// Adam's step of infinite size: the loss of the step before it is finite.
TEST(Trainer, AWeightThatIsNotFiniteIsNotSavedAndTheLastGoodStateStays) {
  Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("infinite_weight");
  config.training.adam.learning_rate = std::numeric_limits<double>::infinity();
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  trainer.save(directory);
  const std::string state = bytes_at(fmnet::state_path(directory)), weights = weights_bytes(directory);
  trainer.step();
  EXPECT_THAT(support::error_of<std::runtime_error>([&] { trainer.save(directory); }),
              testing::MatchesRegex("safetensors_bytes: array conv01.weight: value 0 = .*: must be finite"));
  EXPECT_TRUE(bytes_at(fmnet::state_path(directory)) == state);
  EXPECT_TRUE(weights_bytes(directory) == weights);
  EXPECT_FALSE(std::filesystem::exists(fmnet::previous_state_path(directory)));
}

TEST(Trainer, AnInterruptWritesACheckpointAndReturns) {
  Config config = support::toy_config();
  config.training.epochs = 10000;
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("interrupted");
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    std::raise(SIGINT);
  });
  const fmnet::InterruptGuard outer;  // a signal that comes too early must not end the tests
  const fmnet::TrainingOutcome outcome = fmnet::train(config, dataset, {directory, false, -1});
  user.join();
  EXPECT_EQ(outcome.end, TrainingEnd::interrupted);
  EXPECT_TRUE(fmnet::has_state(directory));
  EXPECT_EQ(fmnet::load_weights(fmnet::weights_path(directory)).n_steps, outcome.n_steps);
}

TEST(Trainer, ALossThatIsNotFiniteStopsWithTheStep) {
  const Config config = support::toy_config();
  const fmnet::SampleOf broken = [](std::int64_t) {
    data::Waveforms rows = data::Waveforms::Constant(48, 128, std::numeric_limits<float>::quiet_NaN());
    return data::Sample{rows, {30.0, 40.0, 50.0}, 0};
  };
  fmnet::Trainer trainer(config, broken, 216);
  EXPECT_THAT(support::error_of<std::runtime_error>([&] { trainer.step(); }),
              testing::StartsWith("training: step 1: loss = nan: not finite; the first such number is in the input"));
}

TEST(Trainer, AFailingSampleIsNamed) {
  const Config config = support::toy_config();
  const fmnet::SampleOf broken = [](std::int64_t) -> data::Sample { throw std::runtime_error("no such place"); };
  fmnet::Trainer trainer(config, broken, 216);
  EXPECT_THAT(support::error_of<std::runtime_error>([&] { trainer.step(); }),
              testing::MatchesRegex("sample [0-9]+: no such place"));
}

TEST(Trainer, TheLossFallsOnSamplesThatAreRepeated) {
  Config config = support::toy_config();
  config.training.n_samples = 4;
  const data::Dataset dataset = support::toy_dataset(config);
  fmnet::Trainer trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
  const double first = trainer.step();
  double last = first;
  for (int i = 0; i < 15; ++i) last = trainer.step();
  EXPECT_LT(last, 0.5 * first);
}

TEST(Trainer, GoingOnWithAnotherConfigurationIsRefused) {
  Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("another");
  fmnet::train(config, dataset, {directory, false, 1});
  config.training.adam.learning_rate = 0.002;
  EXPECT_EQ(
      support::input_error([&] {
        fmnet::train(config, dataset, {directory, false, 1});
      }),
      fmnet::state_path(directory) +
          ": made with another configuration: training.learning_rate = 0.001: the configuration in use has 0.002");
}

}  // namespace
