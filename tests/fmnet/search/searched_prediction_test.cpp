#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmnet/commands/prediction_file.h"
#include "fmnet/commands/search_command.h"
#include "fmnet/plane_json.h"
#include "tests/support/input_error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/toy_experiment.h"

namespace {

// The rows and features of another network would be searched for among those of this one.
TEST(SearchedPrediction, MustBeOfTheWeightsWhoseFeaturesAreSearched) {
  const support::TemporaryFolder folder;
  fmnet::SearchInputs inputs;
  inputs.config = support::toy_config();
  inputs.weights_path = folder.write("weights.safetensors", "one network");
  inputs.library_path = folder.path() + "/greens.bin";
  const auto message = [&](const std::string& weights_sha256) {
    const nlohmann::json prediction = {{"event", {{"id", "e"}}},
                                       {"network", "toy"},
                                       {"weights_sha256", weights_sha256},
                                       {"plane", fmnet::plane_json({10.0, 20.0, 30.0})},
                                       {"features", std::vector<double>(128, 0.0)},
                                       {"waveforms", fmnet::waveforms_json(data::Waveforms::Zero(48, 128))}};
    const std::string path = folder.write("prediction.json", prediction.dump());
    return support::input_error([&] { fmnet::run_search(inputs, {path, 0}, folder.path() + "/out", {}); });
  };
  const std::string ours = fmnet::file_sha256(inputs.weights_path);
  EXPECT_EQ(message("abc"), folder.path() + "/prediction.json: weights_sha256 = abc: must be that of " +
                                inputs.weights_path + ", " + ours + ": predict the event with these weights first");
  EXPECT_THAT(message(ours), testing::HasSubstr("greens.bin")) << "goes on to the library, which is not there";
}

}  // namespace
