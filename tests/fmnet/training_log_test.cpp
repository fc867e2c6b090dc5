#include "fmnet/training_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "data/atomic_file.h"
#include "fmnet/progress.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/input_error.h"

namespace {

using fmnet::LogRow;

TEST(TrainingLog, RowsComeBackAndThoseBeyondTheCheckpointAreCut) {
  const std::string path = support::empty_directory("log") + "/training_log.tsv";
  const fmnet::TrainingLog log(path, 0);
  log.append({100, 1, 1.0 / 3.0, {}, 400.0});
  log.append({150, 1, 0.25, fmnet::Validation{0.2, 0.5, 12.5}, 400.0});
  log.append({200, 2, 0.125, {}, 400.0});
  ASSERT_EQ(fmnet::read_training_log(path).size(), 3u);
  EXPECT_EQ(fmnet::read_training_log(path)[0].training_loss, 1.0 / 3.0);
  EXPECT_EQ(fmnet::read_training_log(path)[1].validation->kagan_median_deg, 12.5);
  const fmnet::TrainingLog resumed(path, 150);
  EXPECT_EQ(fmnet::read_training_log(path).size(), 2u);
  const fmnet::TrainingLog anew(path, 0);
  EXPECT_EQ(fmnet::read_training_log(path).size(), 0u);
}

TEST(TrainingLog, ARowCutOffInTheMiddleIsDropped) {
  const std::string path = support::empty_directory("torn_log") + "/training_log.tsv";
  data::write_file_atomically(path, fmnet::log_header() + fmnet::log_line({100, 1, 0.5, {}, 1.0}) + "200\t1\t0.");
  const fmnet::TrainingLog resumed(path, 300);
  EXPECT_EQ(fmnet::read_training_log(path).size(), 1u);
}

TEST(TrainingLog, RefusesWhatIsNoLog) {
  const std::string path = support::empty_directory("bad_log") + "/training_log.tsv";
  data::write_file_atomically(path, "hello\n");
  EXPECT_EQ(support::input_error([&] { fmnet::read_training_log(path); }),
            path + ": line 1: not the heading of a training log");
  data::write_file_atomically(path, fmnet::log_header() + "1\t2\n");
  EXPECT_EQ(support::input_error([&] { fmnet::read_training_log(path); }),
            path + ": line 2: must hold 7 numbers apart by tabs");
}

TEST(TrainingLog, AMissingDirectoryIsAnOutputError) {
  EXPECT_THROW(fmnet::TrainingLog("/nowhere/at/all.tsv", 0), propagator::OutputError);
}

TEST(Progress, DurationsAreToldInTheirOwnUnit) {
  EXPECT_EQ(fmnet::duration_text(45.4), "45 s");
  EXPECT_EQ(fmnet::duration_text(723.0), "12 min 03 s");
  EXPECT_EQ(fmnet::duration_text(61500.0), "17 h 05 min");
  EXPECT_EQ(fmnet::duration_text(3.0 * 86400 + 4 * 3600), "3 d 04 h");
  EXPECT_EQ(fmnet::duration_text(std::numeric_limits<double>::infinity()), "-");
}

TEST(Progress, TheLineTellsEpochStepLossRateAndTimeLeft) {
  EXPECT_EQ(fmnet::progress_text({3, 50, 12000, 49208, 0.01234, 412.2, 61500.0}),
            "epoch 3/50  step 12000/49208  loss 0.01234  412 samples/s  17 h 05 min left");
}

}  // namespace
