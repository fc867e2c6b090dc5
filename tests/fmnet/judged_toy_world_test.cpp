// What `fmnet evaluate`, `evaluate_foreign` and `search_agreement` write down, each number computed again by its definition. The
// world is the toy of tests/support; the network is trained for two epochs of it and read between the bins, so that it answers
// different events differently.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "data/npy.h"
#include "data/text_table.h"
#include "fmnet/commands/evaluate_command.h"
#include "fmnet/commands/search_agreement_command.h"
#include "fmnet/commands/search_command.h"
#include "fmnet/search/feature_file.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/waveform_search.h"
#include "fmnet/trainer.h"
#include "tests/support/toy_experiment.h"

namespace {

using propagator::FocalMechanism;
using propagator::kagan_angle_deg;

class JudgedToyWorld : public testing::Test {
 protected:
  JudgedToyWorld()
      : folder_(support::empty_directory(std::string("judged_") +
                                         testing::UnitTest::GetInstance()->current_test_info()->name()) +
                "/"),
        config_(three_places()),
        dataset_(support::toy_dataset(config_)) {
    dataset_.synthesizer().library().save(folder_ + "greens.bin");
    train(config_, dataset_, {folder_});
  }

  static fmnet::Config three_places() {
    fmnet::Config config = support::toy_config();
    config.grid.latitude_deg = {35.7, 0.1, 3};
    config.training.n_samples = 64;
    config.label.decoding = fmnet::PeakDecoding::parabola;
    return config;
  }

  fmnet::Predictor predictor() const { return {folder_ + "weights.safetensors", config_}; }

  // To the digits of the table: angles to a thousandth, of planes to a tenth of that.
  static void expect_mechanism(const FocalMechanism& found, const FocalMechanism& expected) {
    EXPECT_NEAR(found.strike_deg, expected.strike_deg, 6e-4);
    EXPECT_NEAR(found.dip_deg, expected.dip_deg, 6e-4);
    EXPECT_NEAR(found.rake_deg, expected.rake_deg, 6e-4);
  }
  void expect_row(const fmnet::EvaluatedEvent& row, const FocalMechanism& truth, const FocalMechanism& answer) const {
    const data::TrainingGrid grid = config_.training_grid();
    expect_mechanism(row.truth, truth);
    expect_mechanism(row.predicted, answer);
    EXPECT_NEAR(row.truth_to_grid_deg, fmnet::angle_to_grid_deg(grid, truth), 6e-5);
    EXPECT_NEAR(row.predicted_to_grid_deg, fmnet::angle_to_grid_deg(grid, answer), 6e-5);
    EXPECT_NEAR(row.kagan_deg, kagan_angle_deg(truth, answer), 6e-5);
  }

  std::string folder_;
  fmnet::Config config_;
  data::Dataset dataset_;
};

TEST_F(JudgedToyWorld, EachRowOfAnEvaluationIsThatOfItsEvent) {
  constexpr int n = 12;
  fmnet::EvaluationSet set;
  set.n_on_grid = set.n_off_grid = n;
  ASSERT_EQ(run_evaluate(config_, folder_ + "greens.bin", folder_ + "weights.safetensors", set, folder_, {}),
            fmnet::StepEnd::done);
  const fmnet::Predictor network = predictor();
  std::set<double> answers;
  for (const auto& [name, kind] :
       {std::pair("on_grid", fmnet::UnseenKind::on_grid), std::pair("off_grid", fmnet::UnseenKind::off_grid)}) {
    const auto rows = fmnet::read_evaluation(folder_ + fmnet::evaluation_file(name));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) {
      const fmnet::EvaluatedEvent& row = rows[static_cast<std::size_t>(i)];
      const data::Sample sample = fmnet::unseen_sample(dataset_, config_, kind, i);
      const FocalMechanism answer = network.predict(sample.waveforms).plane;
      expect_row(row, sample.mechanism, answer);
      EXPECT_EQ(row.name, std::to_string(i + 1));
      const data::Place place = dataset_.grid().place(sample.place);
      EXPECT_NEAR(row.latitude_deg, place.latitude_deg, 1e-4);
      EXPECT_NEAR(row.longitude_deg, place.longitude_deg, 1e-4);
      answers.insert(answer.strike_deg + answer.rake_deg);
    }
  }
  EXPECT_GT(answers.size(), 20u) << "a network that always answers the same would hide exchanged rows";
}

TEST_F(JudgedToyWorld, EachRowOfAForeignEvaluationIsThatOfItsEvent) {
  constexpr std::int64_t n_events = 6, n_samples = 500;
  const auto n_stations = static_cast<std::int64_t>(config_.stations.size());
  data::NpyArray array{{n_events, n_stations, 3, n_samples}, {}};
  std::string events = "event,latitude_deg,longitude_deg,depth_km,strike_deg,dip_deg,rake_deg\n",
              picks = "event,station,p_s\n", stations = "station,latitude_deg,longitude_deg\n";
  for (const data::Station& s : config_.stations) {
    stations += fmt::format("{},{},{}\n", s.code, s.latitude_deg, s.longitude_deg);
  }
  data::RandomStream random(5, 0, 0);
  for (int e = 0; e < n_events; ++e) {
    const double a = 0.9 * random.uniform(), b = 0.9 * random.uniform(), c = 0.9 * random.uniform();
    events += fmt::format("e{},35.7,-117.6,8,{:.3f},{:.3f},{:.3f}\n", e, 360.0 * a, 90.0 * b, 360.0 * c - 180.0);
    for (std::int64_t s = 0; s < n_stations; ++s) {
      picks += fmt::format("e{},{},250\n", e, config_.stations[static_cast<std::size_t>(s)].code);
    }
    const double angular = 2.0 * M_PI * (0.055 + 0.007 * e);
    for (std::int64_t k = 0; k < n_stations * 3 * n_samples; ++k) {
      const auto t = static_cast<double>(k % n_samples), trace = static_cast<double>(k / n_samples);
      array.values.push_back(static_cast<float>(t < 250.0 ? 0.0 : std::sin(angular * (t - 250.0) + trace * (e + 1.0))));
    }
  }
  const fmnet::ForeignPaths paths{folder_ + "w.npy", folder_ + "e.csv", folder_ + "s.csv", folder_ + "p.csv"};
  data::write_file_atomically(paths.waveforms, data::npy_bytes(array));
  data::write_file_atomically(paths.events, events);
  data::write_file_atomically(paths.stations, stations);
  data::write_file_atomically(paths.picks, picks);
  const double dt_s = config_.preprocess.dt_s;
  ASSERT_EQ(run_evaluate_foreign(folder_ + "weights.safetensors", paths, dt_s, config_.preprocess.quantity, "foreign",
                                 folder_, {}),
            fmnet::StepEnd::done);
  const auto rows = fmnet::read_evaluation(folder_ + fmnet::evaluation_file("foreign"));
  const auto given = fmnet::read_foreign_events(paths, dt_s, config_);
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(n_events));
  const fmnet::Predictor network = predictor();
  std::set<double> answers;
  for (std::size_t e = 0; e < rows.size(); ++e) {
    const FocalMechanism answer = network.predict(given[e].waveforms).plane;
    expect_row(rows[e], given[e].mechanism, answer);
    EXPECT_EQ(rows[e].name, fmt::format("e{}", e));
    answers.insert(answer.strike_deg + answer.rake_deg);
  }
  EXPECT_GT(answers.size(), 4u) << "a network that always answers the same would hide exchanged rows";
}

// Every second of three places: samples of the places 0 and 2.
class SearchedToyWorld : public JudgedToyWorld {
 protected:
  SearchedToyWorld() {
    inputs_.config = config_;
    inputs_.library_path = folder_ + "greens.bin";
    inputs_.weights_path = folder_ + "weights.safetensors";
    inputs_.features_path = folder_ + "features.bin";
    inputs_.place_step = 2;
    inputs_.conditions.picking_error_s = 0.5;
  }
  fmnet::SearchInputs inputs_;
};

TEST_F(SearchedToyWorld, ACandidateIsASampleOfTheGridAlsoWherePlacesArePassedOver) {
  const fmnet::SearchedSamples samples(inputs_);
  const std::int64_t n = config_.training_grid().n_mechanisms();
  ASSERT_EQ(samples.size(), 2 * n);
  for (const std::int64_t mechanism : {std::int64_t{0}, std::int64_t{17}, n - 1}) {
    EXPECT_EQ(samples.grid_sample(mechanism), mechanism);
    EXPECT_EQ(samples.grid_sample(n + mechanism), 2 * n + mechanism) << "the second place searched is the grid's third";
    const FocalMechanism found = samples.mechanism(n + mechanism), expected = dataset_.grid().mechanism(mechanism);
    expect_mechanism(found, expected);
  }
}

TEST_F(SearchedToyWorld, EachRowOfTheAgreementFollowsItsDefinition) {
  constexpr std::int64_t n_events = 5;
  ASSERT_EQ(run_features(inputs_, {}), fmnet::StepEnd::done);
  ASSERT_EQ(run_search_agreement(inputs_, n_events, folder_, {}), fmnet::StepEnd::done);
  const std::string table = data::read_whole_file(folder_ + "search_agreement.tsv", 1 << 20);
  const auto lines = data::table_lines(table);
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(n_events));

  const fmnet::SearchedSamples samples(inputs_);
  const std::vector<float> features = fmnet::read_feature_file(inputs_.features_path, samples.layout);
  const auto order_of = [](const std::vector<float>& misfits) {
    std::vector<std::size_t> order(misfits.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return misfits[a] < misfits[b]; });
    return order;
  };
  const auto mechanism_of = [&](std::size_t candidate) {
    const auto n = static_cast<std::size_t>(dataset_.grid().n_mechanisms());
    return dataset_.grid().mechanism(static_cast<std::int64_t>(candidate % n));
  };
  for (std::int64_t i = 0; i < n_events; ++i) {
    const data::Sample event = test_event(dataset_, config_, fmnet::UnseenKind::off_grid, inputs_.conditions, i).sample;
    const fmnet::Prediction answer = predictor().predict(event.waveforms);
    const auto by_waveform = order_of(fmnet::waveform_misfits(dataset_, {0, 2}, {event.waveforms}).front());
    const auto by_feature = order_of(fmnet::feature_misfits(features, {answer.features}).front());
    const FocalMechanism truth = event.mechanism, waveform = mechanism_of(by_waveform.front()),
                         feature = mechanism_of(by_feature.front());
    double nearest_of_ten = 180.0;
    for (std::size_t k = 0; k < 10; ++k) {
      nearest_of_ten = std::min(nearest_of_ten, kagan_angle_deg(waveform, mechanism_of(by_feature[k])));
    }
    const auto rank = std::find(by_feature.begin(), by_feature.end(), by_waveform.front()) - by_feature.begin() + 1;
    const double expected[] = {static_cast<double>(i + 1),
                               truth.strike_deg,
                               truth.dip_deg,
                               truth.rake_deg,
                               kagan_angle_deg(waveform, truth),
                               kagan_angle_deg(feature, truth),
                               kagan_angle_deg(answer.plane, truth),
                               kagan_angle_deg(waveform, feature),
                               nearest_of_ten,
                               static_cast<double>(rank)};
    const auto& columns = lines[static_cast<std::size_t>(i)].columns;
    ASSERT_EQ(columns.size(), std::size(expected));
    for (std::size_t k = 0; k < columns.size(); ++k) {
      // float32 of angles below 360: 2e-5.
      EXPECT_NEAR(data::parse_number(columns[k], -360.0, 1e6, {"", "", ""}), expected[k], 3e-5)
          << "event " << i << ", column " << k;
    }
  }
}

}  // namespace
