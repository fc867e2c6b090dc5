#include "fmnet/preset.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"
#include "tests/support/small_experiment.h"
#include "tests/support/temporary_folder.h"

namespace {

// One place has 972 samples; 17 leave a batch of one behind that of 16.
TEST(Preset, ANumberOfSamplesThatDoesNotFitIsToldWithThePresetsFile) {
  const support::TemporaryFolder folder;
  folder.write("c.toml", support::config_of_one_epicentre(1));
  for (const char* n : {"17", "973"}) {
    std::string text = support::preset_of("c.toml", 1);
    text.replace(text.find("\nn_samples = 16"), 15, std::string("\nn_samples = ") + n);
    const std::string path = folder.write("p.toml", text);
    EXPECT_EQ(support::input_error([&] { config_of(fmnet::read_preset(path)); }),
              path + ": n_samples = " + n + ": must be at most 972 and not leave a last batch of one sample");
  }
}

}  // namespace
