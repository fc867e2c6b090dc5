#include "fmnet/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <limits>
#include <set>
#include <thread>

#include "data/atomic_file.h"
#include "fmnet/interrupt.h"
#include "fmnet/predictor.h"
#include "propagator/errors.h"
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

TEST(TrainingOrder, AnEpochVisitsEachSampleOnceAndAllEpochsTheSameSamples) {
  const TrainingOrder order(972, 50, 16, 7);
  EXPECT_EQ(order.steps_per_epoch(), 4);
  std::set<std::int64_t> first, second;
  std::size_t n_visits = 0;
  for (std::int64_t step = 0; step < 4; ++step) {
    for (const std::int64_t i : order.batch(step)) first.insert(i);
    for (const std::int64_t i : order.batch(4 + step)) second.insert(i);
    n_visits += order.batch(step).size();
  }
  EXPECT_EQ(n_visits, 50u);
  EXPECT_EQ(first.size(), 50u);
  EXPECT_EQ(first, second);
  EXPECT_NE(order.batch(0), order.batch(4));
  EXPECT_EQ(order.batch(3).size(), 2u);
}

TEST(TrainingOrder, ValidationSamplesAreNotTrainedOn) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const TrainingOrder order(dataset.size(), config.training.n_samples, config.training.batch_size, config.seed);
  std::set<std::pair<std::int64_t, double>> trained;  // place and a number that tells the mechanisms apart
  const auto name = [](const data::Sample& s) {
    return std::make_pair(s.place, 1e6 * s.mechanism.strike_deg + 1e3 * s.mechanism.dip_deg + s.mechanism.rake_deg);
  };
  for (std::int64_t step = 0; step < order.steps_per_epoch(); ++step) {
    for (const std::int64_t i : order.batch(step)) trained.insert(name(dataset.sample(i)));
  }
  EXPECT_EQ(trained.size(), 16u);
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(trained.count(name(unseen_sample(dataset, config, fmnet::UnseenKind::validation, i))), 0u);
  }
}

TEST(UnseenSamples, OnTheGridEveryMechanismComesInTurnAndOffTheGridNone) {
  const Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  for (std::int64_t i = 0; i < 20; ++i) {
    const data::Sample on = unseen_sample(dataset, config, fmnet::UnseenKind::on_grid, i);
    EXPECT_LT(propagator::kagan_angle_deg(on.mechanism, dataset.grid().mechanism(i)), 1e-6);
    const data::Sample off = unseen_sample(dataset, config, fmnet::UnseenKind::off_grid, i);
    for (std::int64_t m = 0; m < dataset.grid().n_mechanisms(); ++m) {
      EXPECT_GT(propagator::kagan_angle_deg(off.mechanism, dataset.grid().mechanism(m)), 1e-3);
    }
  }
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
      support::error_of<propagator::InputError>([&] {
        fmnet::train(config, dataset, {directory, false, 1});
      }),
      fmnet::state_path(directory) +
          ": made with another configuration: training.learning_rate = 0.001: the configuration in use has 0.002");
}

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
