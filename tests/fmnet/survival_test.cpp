// What may happen to a training on its way: it is killed, stopped and moved, its disk is full, nobody hears it, its numbers
// overflow.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <thread>

#include "data/atomic_file.h"
#include "data/random.h"
#include "fmnet/interrupt.h"
#include "fmnet/progress.h"
#include "fmnet/trainer.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/toy_experiment.h"

namespace {

namespace fs = std::filesystem;
using fmnet::Config;
using fmnet::Trainer;

std::string bytes_of(const std::string& path) { return data::read_whole_file(path, 1 << 26); }

// Twelve epochs of one step on two samples, a checkpoint after every one.
Config short_training() {
  Config config = support::toy_config();
  config.training.n_samples = 2;
  config.training.batch_size = 2;
  config.training.n_validation = 1;
  config.training.epochs = 12;
  return config;
}

Trainer trainer_of(const Config& config, const data::Dataset& dataset) {
  return Trainer(
      config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
}

constexpr const char* killed_directory = "FMNET_TEST_KILLED_DIRECTORY";

// Not a test: what the process that KillsAtRandomMoments kills does.
TEST(Killed, DISABLED_Training) {
  const char* directory = std::getenv(killed_directory);
  if (directory == nullptr) GTEST_SKIP() << "run by KillsAtRandomMoments";
  const Config config = short_training();
  fmnet::train(config, support::toy_dataset(config), {directory, false, -1});
}

pid_t start_training(const std::string& directory) {
  const pid_t child = fork();
  if (child != 0) return child;
  setenv(killed_directory, directory.c_str(), 1);
  setenv("OMP_NUM_THREADS", "1", 1);
  if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(1);
  execl("/proc/self/exe", "fmnet_tests", "--gtest_filter=Killed.DISABLED_Training", "--gtest_also_run_disabled_tests",
        nullptr);
  _exit(1);
}

// 1000 kills: FMNET_TEST_KILLS=1000 build/release/bin/fmnet_tests --gtest_filter='*KillsAtRandomMoments'
TEST(Trainer, KillsAtRandomMomentsLoseAtMostTheStepsSinceTheLastCheckpoint) {
  const Config config = short_training();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string whole = support::empty_directory("never_killed");
  const auto start = std::chrono::steady_clock::now();
  fmnet::train(config, dataset, {whole, false, -1});
  const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - start;

  const char* wanted = std::getenv("FMNET_TEST_KILLS");
  const int n_kills = wanted == nullptr ? 6 : std::atoi(wanted);
  std::string directory = support::empty_directory("killed");
  data::RandomStream random(17, 0);
  std::int64_t step_before = 0;
  int n_finished = 0, n_resumed = 0;
  for (int kill_number = 0; kill_number < n_kills; ++kill_number) {
    const pid_t child = start_training(directory);
    // Every second one is let live to its first checkpoint, however slow the machine.
    for (int i = 0; kill_number % 2 == 0 && i < 6000 && !fmnet::has_state(directory); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::this_thread::sleep_for(duration * random.uniform(0.0, 1.0) + std::chrono::milliseconds(50));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (!fmnet::has_state(directory)) continue;  // killed before the first checkpoint
    ++n_resumed;
    // A row of the log is written after each step and before its checkpoint.
    const std::vector<fmnet::LogRow> log = fmnet::read_training_log(directory + "/training_log.tsv");
    const std::int64_t last_told = log.empty() ? 0 : log.back().step;
    Trainer trainer = trainer_of(config, dataset);
    std::string message;
    ASSERT_NO_THROW(trainer.resume(directory, message)) << "kill " << kill_number;
    ASSERT_GE(trainer.state().step, step_before) << "kill " << kill_number;
    ASSERT_GE(trainer.state().step, last_told - 1) << "kill " << kill_number;
    step_before = trainer.state().step;
    if (step_before < 12) continue;
    ++n_finished;
    ASSERT_TRUE(bytes_of(fmnet::state_path(directory)) == bytes_of(fmnet::state_path(whole))) << "kill " << kill_number;
    directory = support::empty_directory("killed");
    step_before = 0;
  }
  EXPECT_GT(n_resumed, 0);
  RecordProperty("trainings_finished", n_finished);
  fmnet::train(config, dataset, {directory, false, -1});
  EXPECT_TRUE(bytes_of(fmnet::state_path(directory)) == bytes_of(fmnet::state_path(whole)));
  for (const auto& entry : fs::directory_iterator(directory)) {
    EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::HasSubstr(".tmp.")));
  }
}

// The state is copied into another folder, and the training goes on there, three steps.
TEST(Trainer, GoesOnFromACopyOfItsStateAtTwentyRandomStepsToTheBit) {
  Config config = short_training();
  config.training.epochs = 40;
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string home = support::empty_directory("home");
  std::vector<std::string> states;
  {
    Trainer trainer = trainer_of(config, dataset);
    for (int step = 0; step <= 27; ++step) {
      trainer.save(home);
      states.push_back(bytes_of(fmnet::state_path(home)));
      trainer.step();
    }
  }
  data::RandomStream random(3, 0);
  for (int i = 0; i < 20; ++i) {
    const auto at = static_cast<std::size_t>(random.below(25));
    const std::string away = support::empty_directory("away");
    data::write_file_atomically(fmnet::state_path(away), states[at]);
    Trainer trainer = trainer_of(config, dataset);
    std::string message;
    trainer.resume(away, message);
    for (int step = 0; step < 3; ++step) trainer.step();
    trainer.save(away);
    EXPECT_TRUE(bytes_of(fmnet::state_path(away)) == states[at + 3]) << "from step " << at;
  }
}

TEST(Trainer, AStateCopiedWithItsLogIsGoneOnWithInAnotherFolder) {
  const Config config = short_training();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string whole = support::empty_directory("stayed"), moved = support::empty_directory("moved");
  fmnet::train(config, dataset, {whole, false, 6});
  fs::copy_file(fmnet::state_path(whole), fmnet::state_path(moved));
  fs::copy_file(whole + "/training_log.tsv", moved + "/training_log.tsv");
  fmnet::train(config, dataset, {whole, false, -1});
  fmnet::train(config, dataset, {moved, false, -1});
  EXPECT_TRUE(bytes_of(fmnet::state_path(moved)) == bytes_of(fmnet::state_path(whole)));
  const auto log = fmnet::read_training_log(moved + "/training_log.tsv");
  ASSERT_EQ(log.size(), 12u);
  EXPECT_EQ(log.front().step, 1);
  EXPECT_LT(fs::file_size(fmnet::state_path(whole)), 9u << 20);
}

TEST(Trainer, AFullDiskLeavesBothStatesAsTheyWere) {
  const Config config = short_training();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::string directory = support::empty_directory("full_disk");
  Trainer trainer = trainer_of(config, dataset);
  trainer.save(directory);
  trainer.step();
  trainer.save(directory);
  const std::string last = bytes_of(fmnet::state_path(directory));
  const std::string previous = bytes_of(fmnet::previous_state_path(directory));
  trainer.step();
  // A limit on the size of files makes write() fail part of the way, as a full disk does.
  struct rlimit former = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit = {1 << 20, former.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_THROW(trainer.save(directory), propagator::OutputError);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &former), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_TRUE(bytes_of(fmnet::state_path(directory)) == last);
  EXPECT_TRUE(bytes_of(fmnet::previous_state_path(directory)) == previous);
}

// While `work` runs, stderr is the file at `path`, or closed where that is null.
template <class Work>
void with_stderr_at(const char* path, const Work& work) {
  const int kept = dup(STDERR_FILENO);
  ASSERT_GE(kept, 0);
  if (path == nullptr) {
    close(STDERR_FILENO);
  } else {
    const int file = open(path, O_WRONLY);
    dup2(file, STDERR_FILENO);
    close(file);
  }
  bool threw = false;
  try {
    work();
  } catch (...) {
    threw = true;
  }
  dup2(kept, STDERR_FILENO);
  close(kept);
  std::clearerr(stderr);
  EXPECT_FALSE(threw);
}

TEST(Progress, IsLostWhereNobodyHearsItAndTheWorkGoesOn) {
  for (const char* path : {static_cast<const char*>(nullptr), "/dev/full"}) {
    with_stderr_at(path, [] {
      fmnet::ProgressLine line(true);
      line.keep("kept");
      std::this_thread::sleep_for(std::chrono::milliseconds(600));  // until it is time to show one
      line.show("shown");
      const auto progress = fmnet::shown_progress(line, "work");
      progress(0.5);
      progress(1.0);
    });
  }
}

TEST(Trainer, GoesOnWhereItsProgressCannotBeWritten) {
  const Config config = short_training();
  const std::string directory = support::empty_directory("unheard");
  fmnet::TrainingOutcome outcome{};
  with_stderr_at("/dev/full", [&] {
    outcome = fmnet::train(config, support::toy_dataset(config), {directory, true, 2});
  });
  EXPECT_EQ(outcome.n_steps, 2);
  EXPECT_TRUE(fmnet::has_state(directory));
}

// How a process ends that receives these signals one after the other while a guard lives; 0 where it lives on.
int signal_that_ends(const std::vector<int>& signals, bool ignored_before) {
  const pid_t child = fork();
  if (child == 0) {
    if (ignored_before) std::signal(SIGINT, SIG_IGN);
    const fmnet::InterruptGuard guard;
    for (const int number : signals) std::raise(number);
    _exit(fmnet::interrupt_requested() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

TEST(InterruptGuard, TheSecondSignalOfEitherKindEndsTheProgram) {
  EXPECT_EQ(signal_that_ends({SIGINT}, false), 0);
  EXPECT_EQ(signal_that_ends({SIGTERM}, false), 0);
  EXPECT_EQ(signal_that_ends({SIGINT, SIGINT}, false), SIGINT);
  EXPECT_EQ(signal_that_ends({SIGINT, SIGTERM}, false), SIGTERM);
  EXPECT_EQ(signal_that_ends({SIGTERM, SIGINT}, false), SIGINT);
}

TEST(InterruptGuard, LeavesASignalAloneThatIsIgnored) {
  EXPECT_EQ(signal_that_ends({SIGINT, SIGINT}, true), -1) << "a request, or an end";
  EXPECT_EQ(signal_that_ends({SIGINT, SIGTERM}, true), 0);
}

TEST(Trainer, AFolderThatCannotBeMadeIsAnErrorOfOutput) {
  const Config config = short_training();
  const std::string directory = support::empty_directory("unwritable");
  data::write_file_atomically(directory + "/file", "");
  EXPECT_THROW(fmnet::train(config, support::toy_dataset(config), {directory + "/file/inside", false, -1}),
               propagator::OutputError);
}

TEST(FmNet, TheFirstNumberThatIsNotFiniteIsFound) {
  using autodiff::Real;
  const auto place = [](const std::string& name, Real value) {
    fmnet::FmNet network(3);
    for (autodiff::Parameter& p : network.parameters()) {
      if (p.name == name) p.variable.mutable_value().fill(value);
    }
    autodiff::Tensor x({2, 48, 128, 1});
    for (autodiff::Index i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(i % 7);
    return network.first_not_finite(autodiff::Variable(x));
  };
  EXPECT_EQ(place("", 0), "");
  EXPECT_EQ(place("conv03.weight", std::numeric_limits<Real>::quiet_NaN()), "conv03.weight");
  EXPECT_EQ(place("conv02.weight", std::numeric_limits<Real>::max()), "the output of stage 2");
  EXPECT_EQ(place("conv16.bias", std::numeric_limits<Real>::infinity()), "conv16.bias");
}

}  // namespace
