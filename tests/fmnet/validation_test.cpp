#include <gtest/gtest.h>

#include <stdexcept>

#include "fmnet/trainer.h"
#include "tests/support/toy_experiment.h"

namespace {

// In evaluation mode the running averages stand in the place of the batch's own: the next loss would be another.
TEST(TrainerValidation, LeavesTheNetworkInTrainingModeAlsoWhereItThrows) {
  const fmnet::Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::vector<data::Sample> sound = unseen_samples(dataset, config, fmnet::UnseenKind::validation, 2);
  const std::vector<data::Sample> broken = {{data::Waveforms::Zero(3, 3), {30.0, 40.0, 50.0}, 0}};
  const auto second_loss = [&](const std::vector<data::Sample>& samples) {
    fmnet::Trainer trainer(
        config, [&dataset](std::int64_t i) { return dataset.sample(i); }, dataset.size());
    trainer.step();
    if (samples.size() == 1) {
      EXPECT_THROW(trainer.validate(samples), std::runtime_error);
    } else if (samples.size() == 2) {
      trainer.validate(samples);
    }
    return trainer.step();
  };
  const double undisturbed = second_loss({});
  EXPECT_EQ(second_loss(sound), undisturbed);
  EXPECT_EQ(second_loss(broken), undisturbed);
}

}  // namespace
