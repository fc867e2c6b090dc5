// What a network was trained for is told by its weights, whatever grid the configuration in use has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "fmnet/commands/predict_command.h"
#include "fmnet/commands/serve_command.h"
#include "fmnet/trust/trust.h"
#include "tests/support/one_station_experiment.h"

namespace {

using nlohmann::json;
using testing::HasSubstr;

// Trained at latitudes 35.2 and 35.3, one depth; in use is a grid to 35.8, of three depths. The event at 35.7695 lies inside the one
// in use, 0.4695 degrees or 52 km north of the one trained on.
class TrainedRange : public testing::Test {
 protected:
  void SetUp() override {
    fmnet::Config trained = support::one_station_config();
    trained.grid.latitude_deg = {35.2, 0.1, 2};
    in_use_ = trained;
    in_use_.grid.latitude_deg.count = 7;
    in_use_.grid.depth_km.count = 3;
    weights_ = support::write_untrained_weights(folder_, trained);
    records_ = support::write_one_station(folder_);
  }
  static void expect_outside(const json& warnings) {
    EXPECT_THAT(warnings.dump(),
                HasSubstr("the epicentre lies 52 km outside the trained grid (latitude 35.2 to 35.3, longitude"));
  }
  support::TemporaryFolder folder_;
  fmnet::Config in_use_;
  std::string weights_, records_;
};

TEST_F(TrainedRange, IsThatOfTheWeightsInAnAnswerThatIsServed) {
  EXPECT_TRUE(fmnet::warnings_of_place(in_use_, support::mainshock()).empty());
  std::istringstream windows(records_ + " " + support::mainshock_text + "\n");
  std::ostringstream answers;
  ASSERT_EQ(fmnet::run_serve(in_use_, {weights_, "", 0.0, false}, windows, answers), 0) << answers.str();
  expect_outside(json::parse(answers.str())["warnings"]);
}

TEST_F(TrainedRange, IsThatOfTheWeightsInAPrediction) {
  const fmnet::PredictInputs inputs{weights_, records_, support::mainshock(), "", "", std::nullopt, false, 0.0};
  json prediction;
  fmnet::run_predict(in_use_, inputs, "", {}, [&prediction](const json& told) { prediction = told; });
  expect_outside(prediction["trust"]["warnings"]);
  EXPECT_EQ(prediction["trust"]["depths"].size(), 1u);
}

TEST_F(TrainedRange, HoldsTheGridAndTheDisturbancesAndNothingElse) {
  fmnet::Config trained = in_use_;
  trained.name = "trained";
  trained.seed = in_use_.seed + 1;
  trained.velocity_model.pop_back();
  trained.grid.depth_km = {3.0, 1.0, 5};
  trained.augment.max_station_shift_samples = 7;
  fmnet::Config expected = in_use_;
  expected.grid = trained.grid;
  expected.augment = trained.augment;
  const fmnet::Config judged_by = as_trained(in_use_, trained);
  EXPECT_EQ(to_toml(judged_by), to_toml(expected));
  EXPECT_EQ(lag_limits(judged_by).station, 7);
}

}  // namespace
