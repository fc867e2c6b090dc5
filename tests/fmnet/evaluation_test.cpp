#include "fmnet/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/atomic_file.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/test_events.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/input_error.h"
#include "tests/support/median.h"
#include "tests/support/stations_there.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::EvaluatedEvent;
using fmnet::UnseenKind;
using testing::HasSubstr;

EvaluatedEvent event_of(double depth_km, std::optional<double> snr, double kagan_deg) {
  return {"1", 35.7, -117.6, depth_km, 28.5, snr, 2, {30.0, 60.0, -70.0}, {210.0, 30.0, 90.0}, 4.5, 1.5, kagan_deg};
}

TEST(Evaluation, TheTableReadsBackToItself) {
  const std::string path = support::empty_directory("evaluation_table") + "/evaluation.tsv";
  const std::vector<EvaluatedEvent> events = {event_of(8.0, 12.5, 3.25), event_of(10.0, std::nullopt, 120.0)};
  data::write_file_atomically(path, fmnet::evaluation_table(events).text());
  const std::vector<EvaluatedEvent> again = fmnet::read_evaluation(path);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(fmnet::evaluation_table(again).text(), fmnet::evaluation_table(events).text());
  EXPECT_EQ(again[0].kagan_deg, 3.25);
  EXPECT_EQ(again[0].truth_to_grid_deg, 4.5);
  EXPECT_EQ(again[0].predicted_to_grid_deg, 1.5);
  EXPECT_EQ(again[0].snr, 12.5);
  EXPECT_EQ(again[1].snr, std::nullopt);
  data::write_file_atomically(path, "1 35.7 -117.6 8 28.5 12.5 2 30 60 -70 210 95 90 4.5 1.5 3\n");
  EXPECT_THAT(support::input_error([&] { fmnet::read_evaluation(path); }), HasSubstr("line 1: predicted_dip_deg = 95"));
}

// An event whose values are all different.
EvaluatedEvent numbered_event() {
  return {"1", 31.0, 32.0, 3.0, 4.0, 5.0, 6, {7.0, 8.0, 9.0}, {10.0, 11.0, 12.0}, 13.0, 14.0, 15.0};
}

TEST(Evaluation, EachValueStandsInTheColumnOfItsNameAndIsReadFromThere) {
  const std::string path = support::empty_directory("evaluation_columns") + "/evaluation.tsv";
  const std::string text = fmnet::evaluation_table({numbered_event()}).text();
  EXPECT_EQ(text,
            "# event\tlatitude_deg\tlongitude_deg\tdepth_km\tmedian_distance_km\tsnr\tn_missing\tstrike_deg\tdip_deg\t"
            "rake_deg\tpredicted_strike_deg\tpredicted_dip_deg\tpredicted_rake_deg\ttruth_to_grid_deg\t"
            "predicted_to_grid_deg\tkagan_deg\n"
            "1\t31.0000\t32.0000\t3.000\t4.00\t5.00\t6\t7.000\t8.000\t9.000\t10.000\t11.000\t12.000\t13.0000\t14.0000\t"
            "15.0000\n");
  data::write_file_atomically(path, text);
  const EvaluatedEvent e = fmnet::read_evaluation(path).front();
  EXPECT_EQ(e.name, "1");
  const double read[] = {e.latitude_deg,         e.longitude_deg,         e.depth_km,
                         e.median_distance_km,   e.snr.value(),           static_cast<double>(e.n_missing),
                         e.truth.strike_deg,     e.truth.dip_deg,         e.truth.rake_deg,
                         e.predicted.strike_deg, e.predicted.dip_deg,     e.predicted.rake_deg,
                         e.truth_to_grid_deg,    e.predicted_to_grid_deg, e.kagan_deg};
  EXPECT_THAT(read, testing::ElementsAre(31, 32, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

TEST(Evaluation, EachCriterionIsTheValueOfItsName) {
  std::vector<std::pair<std::string, double>> values;
  for (const fmnet::Criterion& c : fmnet::criteria()) values.emplace_back(c.name, c.value(numbered_event()).value());
  EXPECT_THAT(values, testing::ElementsAre(testing::Pair("depth_km", 3.0), testing::Pair("median_distance_km", 4.0),
                                           testing::Pair("snr", 5.0), testing::Pair("n_missing", 6.0),
                                           testing::Pair("strike_deg", 7.0), testing::Pair("dip_deg", 8.0),
                                           testing::Pair("truth_to_grid_deg", 13.0)));
}

TEST(Evaluation, FewValuesAreAClassEachAndManyArePartedAtQuartiles) {
  const fmnet::Criterion depth = fmnet::criteria().front();
  std::vector<EvaluatedEvent> events = {event_of(4.0, 5.0, 10.0), event_of(2.0, 5.0, 25.0), event_of(4.0, 5.0, 30.0)};
  const auto few = fmnet::classes_by(depth, events);
  ASSERT_EQ(few.size(), 2u);
  EXPECT_EQ(few[0].low, 2.0);
  EXPECT_EQ(few[1].within_20.n, 2);
  EXPECT_EQ(few[1].within_20.n_good, 1);
  events.clear();
  for (int i = 0; i < 100; ++i) events.push_back(event_of(0.1 * i, 5.0, i < 25 ? 10.0 : 40.0));
  const auto many = fmnet::classes_by(depth, events);
  ASSERT_EQ(many.size(), 4u);
  for (const fmnet::EvaluationClass& c : many) EXPECT_EQ(c.within_20.n, 25);
  EXPECT_EQ(many.front().within_20.n_good, 25);
  EXPECT_EQ(many.back().within_20.n_good, 0);
  EXPECT_NEAR(many.back().high, 9.9, 1e-12);
}

// 60 of 100 events at one depth, the others at depths of their own: all quartiles up to the second are that depth.
TEST(Evaluation, EqualValuesShareAClassAndNoClassIsEmpty) {
  std::vector<EvaluatedEvent> events;
  for (int i = 0; i < 100; ++i) events.push_back(event_of(i < 60 ? 10.0 : 10.0 + 0.1 * i, 5.0, 25.0));
  const auto classes = fmnet::classes_by(fmnet::criteria().front(), events);
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].within_20.n, 75);
  EXPECT_EQ(classes[1].within_20.n, 25);
  EXPECT_EQ(classes[0].low, 10.0);
  EXPECT_NEAR(classes[0].high, 17.4, 1e-12);
  EXPECT_NEAR(classes[1].low, 17.5, 1e-12);
}

TEST(Evaluation, EventsWithoutASignalToNoiseRatioHaveNoClassOfIt) {
  const fmnet::Criterion& snr = fmnet::criteria()[2];
  EXPECT_TRUE(fmnet::classes_by(snr, {event_of(2.0, std::nullopt, 1.0)}).empty());
  EXPECT_EQ(fmnet::classes_by(snr, {event_of(2.0, std::nullopt, 1.0), event_of(2.0, 7.0, 1.0)}).front().within_20.n, 1);
}

TEST(Evaluation, BothSharesAndTheirIntervalsStandInTheSummary) {
  const nlohmann::json s =
      fmnet::evaluation_summary({event_of(2.0, 7.0, 20.0), event_of(2.0, 7.0, 30.0), event_of(2.0, 7.0, 31.0)});
  EXPECT_DOUBLE_EQ(s["share_good"], 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(s["share_30"], 2.0 / 3.0);
  EXPECT_THAT(fmnet::summary_line(s), HasSubstr("1 of 3 within 20 degrees (33.3 %"));
  EXPECT_THAT(fmnet::summary_line(s), HasSubstr("66.7 % within 30"));
  EXPECT_EQ(s["by"]["n_missing"][0]["low"], 2.0);
  EXPECT_EQ(s["median_truth_to_grid_deg"], 4.5);
  EXPECT_EQ(s["median_predicted_to_grid_deg"], 1.5);
}

TEST(Evaluation, EachMedianIsThatOfItsOwnColumn) {
  std::vector<EvaluatedEvent> events;
  for (int i = 0; i < 5; ++i) {
    EvaluatedEvent e = event_of(2.0, 7.0, 10.0 + i);
    e.truth_to_grid_deg = 1.0 + i;
    e.predicted_to_grid_deg = 6.0 + 0.5 * i;
    events.push_back(e);
  }
  const nlohmann::json s = fmnet::evaluation_summary(events);
  EXPECT_EQ(s["median_kagan_deg"], 12.0);
  EXPECT_EQ(s["median_truth_to_grid_deg"], 3.0);
  EXPECT_EQ(s["median_predicted_to_grid_deg"], 7.0);
}

// 18.0119 is the smallest angle to the 972 mechanisms by another program, from the dot products of the three principal axes.
TEST(Evaluation, TheAngleToTheGridIsThatToItsNearestMechanism) {
  const data::TrainingGrid grid = data::paper_grid();
  EXPECT_NEAR(fmnet::angle_to_grid_deg(grid, {75.0, 90.0, 0.0}), 18.0119, 1e-4);
  // Zero on the grid, whichever plane is named: an arc tangent of some roundings of 1e-16, 1e-14 degrees each.
  const propagator::FocalMechanism on_grid{60.0, 40.0, -30.0};
  EXPECT_LE(fmnet::angle_to_grid_deg(grid, on_grid), 1e-11);
  EXPECT_LE(fmnet::angle_to_grid_deg(grid, propagator::auxiliary_plane(on_grid)), 1e-11);
}

class TestEvents : public testing::Test {
 protected:
  TestEvents() : config_(wide_margin()), dataset_(support::toy_dataset(config_)) { config_.augment.noise = false; }
  // Shifts up to 9 samples fit into the library.
  static fmnet::Config wide_margin() {
    fmnet::Config config = support::toy_config();
    config.augment.max_event_shift_samples = 9;
    return config;
  }
  fmnet::TestEvent event(const fmnet::TestConditions& conditions, std::int64_t i = 0) const {
    return fmnet::test_event(dataset_, config_, UnseenKind::off_grid, conditions, i);
  }
  fmnet::Config config_;
  data::Dataset dataset_;
};

TEST_F(TestEvents, WithoutConditionsAreTheUnseenSamplesOfTheTraining) {
  const fmnet::Config config = wide_margin();
  for (const UnseenKind kind : {UnseenKind::on_grid, UnseenKind::off_grid}) {
    const fmnet::TestEvent e = fmnet::test_event(dataset_, config, kind, {}, 3);
    EXPECT_EQ(e.sample.waveforms, fmnet::unseen_sample(dataset_, config, kind, 3).waveforms);
    EXPECT_GE(*e.snr, config.augment.snr_min);
  }
}

TEST_F(TestEvents, ExactlySoManyStationsAreMissingAsAsked) {
  fmnet::TestConditions conditions;
  conditions.n_missing = 4;
  std::vector<int> times_missing(config_.stations.size(), 0);
  constexpr int n_events = 300;
  for (int i = 0; i < n_events; ++i) {
    const fmnet::TestEvent e = event(conditions, i);
    EXPECT_EQ(e.n_missing, 4);
    int n_empty = 0;
    for (std::size_t s = 0; s < config_.stations.size(); ++s) {
      const bool empty = e.sample.waveforms.middleRows(3 * static_cast<Eigen::Index>(s), 3).isZero();
      n_empty += empty;
      times_missing[s] += empty;
    }
    EXPECT_EQ(n_empty, 4);
  }
  // Each station with probability 4 / 11: 109 times of 300, standard deviation 8.3; five of these allow for eleven stations.
  for (const int times : times_missing) EXPECT_NEAR(times, n_events * 4.0 / 11.0, 5 * 8.3);
}

// Seven of eleven are left: the median is the fourth.
TEST_F(TestEvents, TheirMedianDistanceIsThatOfTheStationsThatAreThere) {
  fmnet::TestConditions conditions;
  conditions.n_missing = 4;
  for (int i = 0; i < 20; ++i) {
    const fmnet::TestEvent e = event(conditions, i);
    std::vector<double> distances_km;
    for (const int station : support::stations_there(e.sample.waveforms, config_.preprocess)) {
      distances_km.push_back(dataset_.synthesizer().library().path(e.sample.place, station).distance_km);
    }
    ASSERT_EQ(distances_km.size(), 7u);
    EXPECT_DOUBLE_EQ(e.median_distance_km, support::median(distances_km)) << "event " << i;
  }
}

TEST_F(TestEvents, APickingErrorMovesEachStationByWholeSamplesOfTheGivenScatter) {
  fmnet::TestConditions none, errors;
  none.picking_error_s = 0.0;
  errors.picking_error_s = 2.0;
  double sum = 0.0, sum_of_squares = 0.0;
  int n = 0;
  for (int i = 0; i < 40; ++i) {
    const data::Waveforms clean = event(none, i).sample.waveforms, moved = event(errors, i).sample.waveforms;
    for (Eigen::Index row = 0; row < clean.rows(); row += 3) {
      if (clean.row(row).isZero()) continue;
      // The shift at which the moved row equals the clean one, up to the factor of normalisation.
      int best = 99;
      double best_misfit = 1e-3;
      for (int shift = -9; shift <= 9; ++shift) {
        const Eigen::RowVectorXf a = clean.row(row).segment(20, 80), b = moved.row(row).segment(20 - shift, 80);
        const double misfit = 1.0 - a.normalized().dot(b.normalized());
        if (misfit < best_misfit) {
          best = shift;
          best_misfit = misfit;
        }
      }
      if (best == 99) continue;
      sum += best;
      sum_of_squares += best * best;
      ++n;
    }
  }
  ASSERT_GT(n, 200);
  // Variance 4 and 1/12 from rounding; the scatter of a variance of n values is its size times sqrt(2 / n).
  EXPECT_NEAR(sum / n, 0.0, 5.0 * 2.0 / std::sqrt(n));
  EXPECT_NEAR(sum_of_squares / n, 4.0 + 1.0 / 12.0, 5.0 * 4.1 * std::sqrt(2.0 / n));
}

TEST_F(TestEvents, NoiseAndItsRatioFollowTheConditions) {
  fmnet::Config noisy = wide_margin();
  fmnet::TestConditions quiet, loud;
  quiet.noise = false;
  loud.snr_range = {1.0, 1.5};
  const auto of = [&](const fmnet::TestConditions& c) {
    return fmnet::test_event(dataset_, noisy, UnseenKind::on_grid, c, 0);
  };
  EXPECT_EQ(of(quiet).snr, std::nullopt);
  EXPECT_GE(*of(loud).snr, 1.0);
  EXPECT_LE(*of(loud).snr, 1.5);
  EXPECT_NE(of(quiet).sample.waveforms, of(loud).sample.waveforms);
  EXPECT_EQ(of(quiet).sample.mechanism.strike_deg, of(loud).sample.mechanism.strike_deg);
}

TEST_F(TestEvents, RefuseConditionsThatCannotBe) {
  fmnet::TestConditions c;
  c.n_missing = 11;
  EXPECT_THROW(event(c), std::invalid_argument);
  c = {};
  c.picking_error_s = -1.0;
  EXPECT_THROW(event(c), std::invalid_argument);
  c = {};
  c.snr_range = {3.0, 2.0};
  EXPECT_THROW(event(c), std::invalid_argument);
}

TEST(TestWorld, LiesInTheMiddleOfTheCellsAndHasTheOtherModel) {
  const fmnet::Config config = support::toy_config();  // 2 latitudes, one longitude, one depth
  const fmnet::Config world = config_of(config, {FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest_local.txt", true});
  EXPECT_EQ(world.grid.latitude_deg.count, 1);
  EXPECT_DOUBLE_EQ(world.grid.latitude_deg.first, 35.75);
  EXPECT_EQ(world.grid.longitude_deg.count, 1);
  EXPECT_EQ(world.grid.strike_deg.count, config.grid.strike_deg.count);
  EXPECT_EQ(world.velocity_model.size(), 7u);
  EXPECT_EQ(to_toml(config_of(config, {})), to_toml(config));
}

TEST_F(TestEvents, TheSameMechanismsAreDrawnAtOtherPlaces) {
  fmnet::Config between = config_of(config_, {"", true});
  const auto here = fmnet::unseen_event(config_.training_grid(), config_, UnseenKind::off_grid, 7);
  const auto there = fmnet::unseen_event(between.training_grid(), config_, UnseenKind::off_grid, 7);
  EXPECT_EQ(here.mechanism.strike_deg, there.mechanism.strike_deg);
  EXPECT_EQ(here.mechanism.rake_deg, there.mechanism.rake_deg);
  EXPECT_EQ(here.key, there.key);
  EXPECT_LT(there.place, between.training_grid().n_places());
}

}  // namespace
