#include "fmnet/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/atomic_file.h"
#include "fmnet/predictor.h"
#include "fmnet/safetensors.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"
#include "tests/support/toy_experiment.h"

namespace {

using propagator::InputError;

// A file of weights whose content was changed before the checksum was computed.
template <class Change>
std::string error_after(const std::string& name, const Change& change) {
  const std::string path = support::empty_directory("checkpoint_" + name) + "/w.safetensors";
  fmnet::save_weights(path, fmnet::FmNet(5), support::toy_config(), 0);
  fmnet::Safetensors content = fmnet::read_safetensors(path);
  change(content);
  fmnet::write_safetensors(path, content);
  const std::string error = support::input_error([&] { fmnet::load_weights(path); });
  return error.starts_with(path) ? error.substr(path.size()) : error;
}

TEST(Weights, ComeBackWithTheirConfiguration) {
  const std::string path = support::empty_directory("weights") + "/w.safetensors";
  const fmnet::FmNet network(5);
  fmnet::save_weights(path, network, support::toy_config(), 42);
  const fmnet::Weights weights = fmnet::load_weights(path);
  EXPECT_EQ(weights.n_steps, 42);
  EXPECT_EQ(fmnet::training_toml(weights.config), fmnet::training_toml(support::toy_config()));
  EXPECT_FALSE(weights.network->is_training());
  const auto before = network.parameters(), after = weights.network->parameters();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].variable.value(), after[i].variable.value());
}

TEST(Weights, RefusesAMissingFile) {
  EXPECT_EQ(support::input_error([] { fmnet::load_weights("/nowhere/w.safetensors"); }),
            "/nowhere/w.safetensors: weights file does not exist: 'fmnet train' makes it");
}

TEST(Weights, RefusesAWrongShape) {
  EXPECT_EQ(error_after("shape",
                        [](fmnet::Safetensors& c) {
                          c.arrays[0].shape = {3, 3, 64, 1};
                        }),
            ": conv01.weight: shape = 3 x 3 x 64 x 1: must be 3 x 3 x 1 x 64");
}

TEST(Weights, RefusesAWrongNameAndAMissingArrayAndOneTooMany) {
  EXPECT_EQ(error_after("name", [](fmnet::Safetensors& c) { c.arrays[1].name = "bias"; }),
            ": array 2: name = bias: must be conv01.bias");
  EXPECT_EQ(error_after("missing", [](fmnet::Safetensors& c) { c.arrays.pop_back(); }),
            ": array bn15.running_variance is missing");
  EXPECT_EQ(error_after("more",
                        [](fmnet::Safetensors& c) {
                          c.arrays.push_back({"x", {1}, fmnet::StoredType::f32, {1.0}});
                        }),
            ": array 93: name = x: one array too many");
}

TEST(Weights, RefusesANegativeVariance) {
  EXPECT_EQ(error_after("variance", [](fmnet::Safetensors& c) { c.arrays.back().values[3] = -0.5; }),
            ": bn15.running_variance: value 3 = -0.5: a variance must not be negative");
}

TEST(Weights, RefusesAnotherKindOfFile) {
  EXPECT_EQ(error_after("format", [](fmnet::Safetensors& c) { c.metadata["format"] = "fmnet-training-state 1"; }),
            ": __metadata__: format = fmnet-training-state 1: must be fmnet-weights 1");
  EXPECT_EQ(error_after("metadata", [](fmnet::Safetensors& c) { c.metadata.erase("config"); }),
            ": __metadata__: key config is missing");
}

TEST(Weights, RefusesAConfigurationOfAnotherWorld) {
  const std::string path = support::empty_directory("wrong_config") + "/w.safetensors";
  fmnet::Config config = support::toy_config();
  config.preprocess.normalization = data::Normalization::trace;
  fmnet::save_weights(path, fmnet::FmNet(5), config, 0);
  config.preprocess.normalization = data::Normalization::sample;
  EXPECT_EQ(support::input_error([&] { fmnet::Predictor(path, config); }),
            path +
                ": made with another configuration: preprocess.normalization = \"trace\": the configuration in use has "
                "\"sample\"");
}

TEST(Weights, RefusesATruncatedFileAndAFlippedBit) {
  const std::string path = support::empty_directory("damage") + "/w.safetensors";
  fmnet::save_weights(path, fmnet::FmNet(5), support::toy_config(), 0);
  const std::string whole = data::read_whole_file(path, 1 << 24);
  data::write_file_atomically(path, whole.substr(0, whole.size() - 1));
  EXPECT_THAT(support::input_error([&] { fmnet::load_weights(path); }),
              testing::MatchesRegex(
                  ".*w.safetensors: checksum = [0-9a-f]+: the content gives [0-9a-f]+: the file is cut off or "
                  "damaged"));
  std::string flipped = whole;
  flipped[whole.size() - 100] = static_cast<char>(flipped[whole.size() - 100] ^ 4);
  data::write_file_atomically(path, flipped);
  EXPECT_THAT(support::input_error([&] { fmnet::load_weights(path); }),
              testing::EndsWith("the file is cut off or damaged"));
}

}  // namespace
