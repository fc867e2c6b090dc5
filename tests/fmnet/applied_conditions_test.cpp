#include <gtest/gtest.h>

#include "fmnet/test_events.h"
#include "tests/support/input_error.h"
#include "tests/support/toy_experiment.h"

namespace {

fmnet::Config training_without_noise() {
  fmnet::Config config = support::toy_config();
  config.augment.noise = false;
  return config;
}

TEST(AppliedConditions, TellTheNoiseThatIsReallyAdded) {
  const fmnet::Config noisy = support::toy_config(), quiet = training_without_noise();
  fmnet::TestConditions conditions;
  conditions.n_missing = 2;
  EXPECT_EQ(conditions_text(applied_conditions(conditions, noisy)), "noise, 2 stations missing");
  EXPECT_EQ(conditions_text(applied_conditions(conditions, quiet)), "no noise, 2 stations missing");
  conditions.noise = false;
  EXPECT_EQ(conditions_text(applied_conditions(conditions, noisy)), "no noise, 2 stations missing");
  const data::Dataset dataset = support::toy_dataset(quiet);
  EXPECT_FALSE(test_event(dataset, quiet, fmnet::UnseenKind::on_grid, {}, 0).snr);
}

TEST(AppliedConditions, RefuseARatioToANoiseThatThereIsNot) {
  fmnet::TestConditions conditions;
  conditions.snr_range = {2.0, 3.5};
  const fmnet::Config noisy = support::toy_config(), quiet = training_without_noise();
  EXPECT_EQ(conditions_text(applied_conditions(conditions, noisy)), "noise, signal-to-noise ratio 2 to 3.5");
  const std::string words =
      "--snr = 2 3.5: the configuration toy has augment.noise = false: there is no noise that it could scale";
  EXPECT_EQ(support::input_error([&] { applied_conditions(conditions, quiet); }), words);
  const data::Dataset dataset = support::toy_dataset(quiet);
  EXPECT_EQ(support::input_error([&] { test_event(dataset, quiet, fmnet::UnseenKind::on_grid, conditions, 0); }),
            words);
}

}  // namespace
