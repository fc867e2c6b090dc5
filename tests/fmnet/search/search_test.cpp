#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "data/atomic_file.h"
#include "data/random.h"
#include "fmnet/search/feature_file.h"
#include "fmnet/search/feature_search.h"
#include "fmnet/search/matches.h"
#include "fmnet/search/waveform_search.h"
#include "fmnet/training_set.h"
#include "propagator/errors.h"
#include "tests/support/empty_directory.h"
#include "tests/support/input_error.h"
#include "tests/support/toy_experiment.h"

namespace {

using data::Normalization;
using data::RowOrder;
using testing::HasSubstr;

// A noisy record of the toy's stations, of which the third and the last have sent nothing.
data::Waveforms record_with_gaps(const data::Dataset& dataset, const fmnet::Config& config, std::int64_t number) {
  data::Waveforms rows = fmnet::unseen_sample(dataset, config, fmnet::UnseenKind::off_grid, number).waveforms;
  const int last = static_cast<int>(config.stations.size()) - 1;
  for (int c = 0; c < data::n_components; ++c) {
    rows.row(row_of(2, c, config.preprocess)).setZero();
    rows.row(row_of(last, c, config.preprocess)).setZero();
  }
  normalize(rows, config.preprocess);
  return rows;
}

TEST(WaveformSearch, EqualsTheDefinitionForEveryNormalisationAndOrderOfRows) {
  for (const Normalization normalization : {Normalization::trace, Normalization::station, Normalization::sample}) {
    for (const RowOrder order : {RowOrder::station_major, RowOrder::component_major}) {
      fmnet::Config config = support::toy_config();
      config.preprocess.normalization = normalization;
      config.preprocess.row_order = order;
      const data::Dataset dataset = support::toy_dataset(config);
      const std::vector<data::Waveforms> records = {
          fmnet::unseen_sample(dataset, config, fmnet::UnseenKind::off_grid, 0).waveforms,
          record_with_gaps(dataset, config, 1), dataset.clean(1, dataset.grid().mechanism(17))};
      const auto misfits = fmnet::waveform_misfits(dataset, {0, 1}, records);
      for (std::size_t e = 0; e < records.size(); ++e) {
        ASSERT_EQ(misfits[e].size(), static_cast<std::size_t>(dataset.size()));
        for (std::int64_t i = 0; i < dataset.size(); ++i) {
          const auto point = dataset.grid().point(i);
          const double E =
              fmnet::waveform_misfit(dataset, point.place, dataset.grid().mechanism(point.mechanism), records[e]);
          // The sums of (2) and the maxima have a relative error of about 5 x 6e-8 each, in both ways of computing: 1e-6 of
          // the sample at most, whose size |s| is below |d| + E.  E^2 moves by 2e-6 |s| (|s| + |d|), E by that over 2 E, and
          // where E is 0 by its root.
          const double d = records[e].cast<double>().norm(), s = d + E;
          const double squares = 2e-6 * s * (s + d);
          EXPECT_NEAR(misfits[e][static_cast<std::size_t>(i)], E, std::min(std::sqrt(squares), squares / (2.0 * E)))
              << "sample " << i << " of record " << e;
        }
      }
    }
  }
}

TEST(WaveformSearch, FindsTheSampleThatTheRecordIs) {
  const fmnet::Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const data::TrainingGrid& grid = dataset.grid();
  for (const std::int64_t truth : {0, 40, 107, 215}) {
    const auto point = grid.point(truth);
    const auto misfits =
        fmnet::waveform_misfits(dataset, {0, 1}, {dataset.clean(point.place, grid.mechanism(point.mechanism))});
    const fmnet::Match best = fmnet::best_matches(misfits.front(), 1).front();
    const auto found = grid.point(best.candidate);
    EXPECT_EQ(found.place, point.place);
    EXPECT_LT(propagator::kagan_angle_deg(grid.mechanism(found.mechanism), grid.mechanism(point.mechanism)), 1e-4);
    EXPECT_LT(best.misfit, 1e-3 * dataset.clean(point.place, grid.mechanism(point.mechanism)).norm());
  }
}

// A search of every step-th place counts its candidates through the places that it was given.
TEST(WaveformSearch, MisfitsFollowEachOtherPlaceByPlaceInTheGivenOrder) {
  const fmnet::Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::vector<data::Waveforms> records = {record_with_gaps(dataset, config, 1)};
  const auto misfits_at = [&](const std::vector<std::int64_t>& places) {
    return fmnet::waveform_misfits(dataset, places, records).front();
  };
  const std::vector<float> first = misfits_at({0}), second = misfits_at({1});
  std::vector<float> second_then_first = second;
  second_then_first.insert(second_then_first.end(), first.begin(), first.end());
  EXPECT_EQ(misfits_at({1, 0}), second_then_first);
  EXPECT_NE(first, second);
}

TEST(WaveformSearch, DoesNotDependOnTheNumberOfThreads) {
  const fmnet::Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  const std::vector<data::Waveforms> records = {record_with_gaps(dataset, config, 1)};
  const int n_threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto one = fmnet::waveform_misfits(dataset, {0, 1}, records);
  omp_set_num_threads(4);
  EXPECT_EQ(fmnet::waveform_misfits(dataset, {0, 1}, records), one);
  omp_set_num_threads(n_threads);
}

TEST(WaveformSearch, RefusesRecordsThatCannotBeCompared) {
  const fmnet::Config config = support::toy_config();
  const data::Dataset dataset = support::toy_dataset(config);
  EXPECT_THROW(fmnet::waveform_misfits(dataset, {0}, {data::Waveforms::Zero(48, 128)}), std::invalid_argument);
  EXPECT_THROW(fmnet::waveform_misfits(dataset, {0}, {data::Waveforms::Ones(48, 127)}), std::invalid_argument);
  data::Waveforms broken = data::Waveforms::Ones(48, 128);
  broken(5, 5) = NAN;
  EXPECT_THROW(fmnet::waveform_misfits(dataset, {0}, {broken}), std::invalid_argument);
}

TEST(Matches, AreTheSmallestInOrderAndTiesGoToTheLowerNumber) {
  const std::vector<float> misfits = {3.0f, 1.0f, 2.0f, 1.0f, 0.5f};
  const auto best = fmnet::best_matches(misfits, 3);
  ASSERT_EQ(best.size(), 3u);
  EXPECT_EQ(best[0].candidate, 4);
  EXPECT_EQ(best[1].candidate, 1);
  EXPECT_EQ(best[2].candidate, 3);
  EXPECT_EQ(fmnet::best_matches(misfits, 10).size(), 5u);
  EXPECT_EQ(fmnet::best_matches(misfits, 10).back().misfit, 3.0f);
  EXPECT_TRUE(fmnet::best_matches({}, 2).empty());
}

TEST(Matches, AStepOfSevenReachesEveryDepthOfThePapersGrid) {
  std::vector<int> times(10, 0);
  for (const std::int64_t place : fmnet::searched_places(810, 7)) ++times[static_cast<std::size_t>(place % 10)];
  for (const int n : times) EXPECT_GE(n, 11);
  EXPECT_EQ(fmnet::searched_places(5, 1), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  EXPECT_THROW(fmnet::searched_places(5, 0), std::invalid_argument);
}

TEST(FeatureSearch, EqualsTheDefinition) {
  data::RandomStream random(7, 1);
  std::vector<float> features(300 * fmnet::n_features);
  for (float& value : features) value = static_cast<float>(random.normal());
  fmnet::Features record{};
  for (float& value : record) value = static_cast<float>(random.normal());
  const auto misfits = fmnet::feature_misfits(features, {record});
  ASSERT_EQ(misfits.front().size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < fmnet::n_features; ++k) {
      sum += std::pow(static_cast<double>(features[i * fmnet::n_features + k]) - static_cast<double>(record[k]), 2);
    }
    // 128 squares of relative error 2e-7 each, added in chains of 24: below 128 x 6e-8 of the sum.
    EXPECT_NEAR(misfits.front()[i], std::sqrt(sum), 8e-6 * std::sqrt(sum));
  }
  EXPECT_THROW(fmnet::feature_misfits(std::vector<float>(5), {record}), std::invalid_argument);
}

class FeatureFile : public testing::Test {
 protected:
  FeatureFile() : path_(support::empty_directory("feature_file") + "/features.bin") {}
  // Stops before block number `stop_at`; returns the blocks that were computed.
  std::vector<std::int64_t> make(const fmnet::FeatureLayout& layout, std::int64_t stop_at = 99) {
    std::vector<std::int64_t> computed;
    std::int64_t n_done = 0;
    fmnet::make_feature_file(
        path_, layout,
        [&](std::int64_t i) {
          computed.push_back(i);
          return block(i);
        },
        [&](std::int64_t n) { n_done = n; }, [&] { return n_done == stop_at; });
    return computed;
  }
  static std::vector<float> block(std::int64_t i) {
    std::vector<float> values(12);
    std::iota(values.begin(), values.end(), static_cast<float>(100 * i));
    return values;
  }
  const fmnet::FeatureLayout layout_{"weights A", 4, 3, 4};
  std::string path_;
};

TEST_F(FeatureFile, ReadsBackWhatWasMade) {
  EXPECT_EQ(make(layout_), (std::vector<std::int64_t>{0, 1, 2, 3}));
  std::vector<float> all;
  for (std::int64_t i = 0; i < 4; ++i) {
    for (const float value : block(i)) all.push_back(value);
  }
  EXPECT_EQ(fmnet::read_feature_file(path_, layout_), all);
  EXPECT_TRUE(make(layout_).empty()) << "nothing is left to do";
}

TEST_F(FeatureFile, GoesOnWhereItWasInterruptedToTheSameBytes) {
  make(layout_);
  const std::string whole = data::read_whole_file(path_, 1 << 20);
  std::filesystem::remove(path_);
  EXPECT_EQ(make(layout_, 2), (std::vector<std::int64_t>{0, 1}));
  EXPECT_THAT(support::input_error([&] { fmnet::read_feature_file(path_, layout_); }),
              HasSubstr("block 2: damaged or not there, of 4 blocks"));
  EXPECT_EQ(make(layout_), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(data::read_whole_file(path_, 1 << 20), whole);
}

TEST_F(FeatureFile, MakesADamagedBlockAndAllBehindItAgain) {
  make(layout_);
  const std::string whole = data::read_whole_file(path_, 1 << 20);
  std::string damaged = whole;
  damaged[whole.size() - 2 * (12 * 4 + 32) + 5] ^= 1;  // in block 2
  data::write_file_atomically(path_, damaged);
  EXPECT_THROW(fmnet::read_feature_file(path_, layout_), propagator::InputError);
  EXPECT_EQ(make(layout_), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(data::read_whole_file(path_, 1 << 20), whole);
}

TEST_F(FeatureFile, BlocksThatAreExchangedAreNoticed) {
  make(layout_);
  std::string bytes = data::read_whole_file(path_, 1 << 20);
  const std::size_t size = 12 * 4 + 32, first = bytes.size() - 4 * size;
  const std::string one = bytes.substr(first, size), two = bytes.substr(first + size, size);
  bytes.replace(first, size, two);
  bytes.replace(first + size, size, one);
  data::write_file_atomically(path_, bytes);
  EXPECT_THROW(fmnet::read_feature_file(path_, layout_), propagator::InputError);
}

TEST_F(FeatureFile, IsBegunAnewForOtherWeights) {
  make(layout_);
  fmnet::FeatureLayout other = layout_;
  other.made_from = "weights B";
  EXPECT_THAT(support::input_error([&] { fmnet::read_feature_file(path_, other); }),
              HasSubstr("not the features of these samples and weights; make it with `fmnet features`"));
  EXPECT_EQ(make(other), (std::vector<std::int64_t>{0, 1, 2, 3}));
}

}  // namespace
