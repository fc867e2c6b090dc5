// What `fmnet evaluate`, `evaluate_foreign` and `search_agreement` write down, each number computed again by its definition. The
// world is the toy of tests/support; the network is trained for two epochs of it and read between the bins, so that it answers
// different events differently.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "data/atomic_file.h"
#include "data/geodesy.h"
#include "data/npy.h"
#include "data/text_table.h"
#include "fmnet/commands/evaluate_command.h"
#include "fmnet/commands/search_agreement_command.h"
#include "fmnet/commands/search_command.h"
#include "fmnet/plane_json.h"
#include "fmnet/search/feature_file.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/waveform_search.h"
#include "fmnet/trainer.h"
#include "tests/support/empty_directory.h"
#include "tests/support/median.h"
#include "tests/support/stations_there.h"
#include "tests/support/toy_experiment.h"

namespace {

using propagator::FocalMechanism;
using propagator::kagan_angle_deg;

class JudgedToyWorld : public testing::Test {
 protected:
  JudgedToyWorld()
      : folder_(support::empty_directory("judged") + "/"),
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

  double snr_of(fmnet::UnseenKind kind, std::int64_t i) const {
    const std::uint64_t key = unseen_event(dataset_.grid(), config_, kind, i).key;
    const auto n_stations = static_cast<int>(config_.stations.size());
    return data::draw_augmentation(config_.augment, n_stations, config_.seed, key).snr;
  }

  // The table has two decimals of the distance, and four of the place, 11 m.
  void expect_place(const fmnet::EvaluatedEvent& row, const data::Place& place,
                    const data::Waveforms& waveforms) const {
    EXPECT_NEAR(row.latitude_deg, place.latitude_deg, 6e-5);
    EXPECT_NEAR(row.longitude_deg, place.longitude_deg, 6e-5);
    EXPECT_NEAR(row.depth_km, place.depth_km, 6e-4);
    std::vector<double> distances_km;
    for (const int slot : support::stations_there(waveforms, config_.preprocess)) {
      const data::Station& s = config_.stations[static_cast<std::size_t>(slot)];
      distances_km.push_back(
          data::geodesic(place.latitude_deg, place.longitude_deg, s.latitude_deg, s.longitude_deg).distance_km);
    }
    EXPECT_EQ(static_cast<std::size_t>(row.n_missing), config_.stations.size() - distances_km.size());
    EXPECT_NEAR(row.median_distance_km, support::median(distances_km), 6e-3);
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
  int n_missing = 0;
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
      expect_place(row, dataset_.grid().place(sample.place), sample.waveforms);
      EXPECT_NEAR(row.snr.value(), snr_of(kind, i), 6e-3);
      n_missing += row.n_missing;
      answers.insert(answer.strike_deg + answer.rake_deg);
    }
  }
  EXPECT_GT(n_missing, 0) << "a station in twenty is dropped";
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
  const auto place_of = [](int e) { return data::Place{35.6 + 0.03 * e, -117.7 + 0.05 * e, 6.0 + 1.5 * e}; };
  data::RandomStream random(5, 0, 0);
  for (int e = 0; e < n_events; ++e) {
    const double a = 0.9 * random.uniform(), b = 0.9 * random.uniform(), c = 0.9 * random.uniform();
    const data::Place at = place_of(e);
    events += fmt::format("e{},{},{},{},{:.3f},{:.3f},{:.3f}\n", e, at.latitude_deg, at.longitude_deg, at.depth_km,
                          360.0 * a, 90.0 * b, 360.0 * c - 180.0);
    for (std::int64_t s = e % 3; s < n_stations; ++s) {  // the first is, or the first two are, not picked
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
    expect_place(rows[e], place_of(static_cast<int>(e)), given[e].waveforms);
    EXPECT_EQ(rows[e].n_missing, static_cast<int>(e % 3));
    EXPECT_EQ(rows[e].snr, std::nullopt);
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
  // From the nearest to the farthest; of equal ones the lower number first.
  static std::vector<std::size_t> order_of(const std::vector<float>& misfits) {
    std::vector<std::size_t> order(misfits.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return misfits[a] < misfits[b]; });
    return order;
  }
  FocalMechanism mechanism_of(std::size_t candidate) const {
    const auto n = static_cast<std::size_t>(dataset_.grid().n_mechanisms());
    return dataset_.grid().mechanism(static_cast<std::int64_t>(candidate % n));
  }

  // An unseen event, the network's answer to it, and its misfits in both domains.
  struct Searched {
    data::Sample event;
    fmnet::Prediction answer;
    std::vector<float> by_waveform, by_feature;
  };
  Searched searched(std::int64_t i) const {
    const std::vector<float> features =
        fmnet::read_feature_file(inputs_.features_path, fmnet::SearchedSamples(inputs_).layout);
    const data::Sample event = test_event(dataset_, config_, fmnet::UnseenKind::off_grid, inputs_.conditions, i).sample;
    const fmnet::Prediction answer = predictor().predict(event.waveforms);
    return {event, answer, fmnet::waveform_misfits(dataset_, {0, 2}, {event.waveforms}).front(),
            fmnet::feature_misfits(features, {answer.features}).front()};
  }
  double nearest_of_ten_deg(const Searched& found) const {
    const FocalMechanism waveform = mechanism_of(order_of(found.by_waveform).front());
    double nearest = 180.0;
    for (std::size_t k = 0; k < 10; ++k) {
      nearest = std::min(nearest, kagan_angle_deg(waveform, mechanism_of(order_of(found.by_feature)[k])));
    }
    return nearest;
  }

  // Rank, sample of the grid, misfit, place and mechanism, nine digits each.
  void expect_table(const std::string& name, const std::vector<float>& misfits) const {
    const std::string text = data::read_whole_file(folder_ + name, 1 << 20);
    const auto lines = data::table_lines(text);
    const std::vector<std::size_t> order = order_of(misfits);
    ASSERT_EQ(lines.size(), order.size()) << name;
    const auto n = static_cast<std::size_t>(dataset_.grid().n_mechanisms());
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      const std::size_t place = 2 * (order[rank] / n);
      const data::Place at = dataset_.grid().place(static_cast<std::int64_t>(place));
      const FocalMechanism m = mechanism_of(order[rank]);
      const double expected[] = {static_cast<double>(rank + 1),
                                 static_cast<double>(place * n + order[rank] % n),
                                 static_cast<double>(misfits[order[rank]]),
                                 at.latitude_deg,
                                 at.longitude_deg,
                                 at.depth_km,
                                 m.strike_deg,
                                 m.dip_deg,
                                 m.rake_deg};
      ASSERT_EQ(lines[rank].columns.size(), std::size(expected));
      for (std::size_t k = 0; k < std::size(expected); ++k) {
        EXPECT_NEAR(data::parse_number(lines[rank].columns[k], -360.0, 1e6, {"", "", ""}), expected[k],
                    1e-8 * (1.0 + std::abs(expected[k])))
            << name << ", rank " << rank + 1 << ", column " << k;
      }
    }
  }
  void expect_domain(const nlohmann::json& told, const std::vector<float>& misfits, const Searched& found) const {
    const std::size_t best = order_of(misfits).front();
    const FocalMechanism mechanism = mechanism_of(best);
    EXPECT_EQ(told.at("misfit").get<float>(), misfits[best]);
    expect_mechanism(fmnet::plane_of(told.at("best")), mechanism);
    EXPECT_NEAR(told.at("kagan_to_network_deg").get<double>(), kagan_angle_deg(mechanism, found.answer.plane), 1e-9);
    EXPECT_NEAR(told.at("kagan_to_reference_deg").get<double>(), kagan_angle_deg(mechanism, found.event.mechanism),
                1e-9);
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

  for (std::int64_t i = 0; i < n_events; ++i) {
    const Searched found = searched(i);
    const auto by_waveform = order_of(found.by_waveform), by_feature = order_of(found.by_feature);
    const FocalMechanism truth = found.event.mechanism, waveform = mechanism_of(by_waveform.front()),
                         feature = mechanism_of(by_feature.front());
    const auto rank = std::find(by_feature.begin(), by_feature.end(), by_waveform.front()) - by_feature.begin() + 1;
    const double expected[] = {static_cast<double>(i + 1),
                               truth.strike_deg,
                               truth.dip_deg,
                               truth.rake_deg,
                               kagan_angle_deg(waveform, truth),
                               kagan_angle_deg(feature, truth),
                               kagan_angle_deg(found.answer.plane, truth),
                               kagan_angle_deg(waveform, feature),
                               nearest_of_ten_deg(found),
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

TEST_F(SearchedToyWorld, TheTablesAndTheMetricsOfASearchAreTheNearestSamplesOfBothDomains) {
  constexpr std::int64_t unseen = 3;
  ASSERT_EQ(run_features(inputs_, {}), fmnet::StepEnd::done);
  ASSERT_EQ(run_search(inputs_, {"", unseen}, folder_, {}), fmnet::StepEnd::done);
  const Searched found = searched(unseen);
  expect_table("search_waveforms.tsv", found.by_waveform);
  expect_table("search_features.tsv", found.by_feature);
  const std::vector<fmnet::FoundSample> read = fmnet::read_found_samples(folder_ + "search_features.tsv");
  const std::size_t farthest = order_of(found.by_feature).back();
  ASSERT_EQ(read.size(), found.by_feature.size());
  EXPECT_FLOAT_EQ(static_cast<float>(read.back().misfit), found.by_feature[farthest]);
  expect_mechanism(read.back().mechanism, mechanism_of(farthest));

  const nlohmann::json told = fmnet::read_metrics(folder_).at("search");
  EXPECT_EQ(told.at("event"), "synthetic event 4 off the grid");
  EXPECT_EQ(told.at("place_step"), 2);
  EXPECT_EQ(told.at("n_samples").get<std::size_t>(), found.by_feature.size());
  EXPECT_EQ(told.at("feature_bytes").get<std::size_t>(), 4 * fmnet::n_features * found.by_feature.size());
  EXPECT_EQ(told.at("library_bytes").get<std::uintmax_t>(), std::filesystem::file_size(inputs_.library_path));
  expect_mechanism(fmnet::plane_of(told.at("reference")), found.event.mechanism);
  expect_domain(told.at("waveforms"), found.by_waveform, found);
  expect_domain(told.at("features"), found.by_feature, found);
  EXPECT_NEAR(told.at("nearest_of_ten_deg").get<double>(), nearest_of_ten_deg(found), 1e-9);
}

}  // namespace
