#include "data/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/checksum.h"
#include "tests/support/far_field_library.h"
#include "tests/support/thread_count.h"

namespace {

using data::AugmentSettings;
using data::Dataset;
using data::PreprocessSettings;
using data::Sample;
using data::TrainingGrid;

// 2 x 2 x 2 places with 4 x 3 x 3 mechanisms: 288 samples.
TrainingGrid small_grid() {
  return {{35.7, 0.1, 2}, {-117.7, 0.1, 2}, {4.0, 6.0, 2}, {90.0, 90.0, 4}, {30.0, 30.0, 3}, {-60.0, 60.0, 3}};
}

Dataset dataset(std::uint64_t seed = 17) {
  AugmentSettings augment;
  augment.drop_station_probability = 0.1;
  const auto library = std::make_shared<const data::GreensLibrary>(
      support::far_field_library(support::ring_of_stations(16, 35.75, -117.65), small_grid().places()));
  return Dataset(library, small_grid(), PreprocessSettings{}, augment, seed);
}

std::string_view bytes_of(const data::Waveforms& rows) {
  return {reinterpret_cast<const char*>(rows.data()), static_cast<std::size_t>(rows.size()) * sizeof(float)};
}

TEST(Dataset, SampleIsTheMechanismAndPlaceOfItsGridPoint) {
  const Dataset d = dataset();
  EXPECT_EQ(d.size(), 288);
  for (const std::int64_t i : {0, 1, 100, 287}) {
    const Sample sample = d.sample(i);
    EXPECT_EQ(sample.place, d.grid().point(i).place);
    const auto mechanism = d.grid().mechanism(d.grid().point(i).mechanism);
    EXPECT_EQ(sample.mechanism.strike_deg, mechanism.strike_deg);
    EXPECT_EQ(sample.mechanism.rake_deg, mechanism.rake_deg);
    EXPECT_EQ(sample.waveforms.rows(), 48);
    EXPECT_EQ(sample.waveforms.cols(), 128);
    EXPECT_EQ(sample.waveforms.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1.0f);
  }
  EXPECT_THROW(d.sample(-1), std::exception);
  EXPECT_THROW(d.sample(288), std::exception);
}

TEST(Dataset, SampleIsAPureFunctionOfSeedAndIndex) {
  const Dataset d = dataset();
  const data::Waveforms first = d.sample(5).waveforms;
  d.sample(200);
  EXPECT_EQ(d.sample(5).waveforms, first);
  EXPECT_EQ(dataset().sample(5).waveforms, first);
  EXPECT_NE(dataset(18).sample(5).waveforms, first);
  EXPECT_NE(d.sample(6).waveforms, first);
  // The same number as key gives the same noise, shifts and missing stations.
  const Sample sample = d.sample(5);
  EXPECT_EQ(d.synthesize(sample.place, sample.mechanism, 5).waveforms, first);
  EXPECT_NE(d.synthesize(sample.place, sample.mechanism, 288).waveforms, first);
}

TEST(Dataset, DoesNotDependOnTheNumberOfThreads) {
  std::string expected;
  for (const int n_threads : {1, 2, 4}) {
    const support::ThreadCount threads(n_threads);
    const Dataset d = dataset();
    std::vector<data::Waveforms> samples(288);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 287; i >= 0; --i) samples[static_cast<std::size_t>(i)] = d.sample(i).waveforms;
    std::string bytes;
    for (const auto& rows : samples) bytes += bytes_of(rows);
    const std::string digest = data::sha256_hex(bytes);
    if (expected.empty()) expected = digest;
    EXPECT_EQ(digest, expected) << n_threads << " threads";
  }
}

TEST(Dataset, CleanRowsHaveNoNoiseAndNoShift) {
  const Dataset d = dataset();
  const Sample sample = d.sample(33);
  const data::Waveforms clean = d.clean(sample.place, sample.mechanism);
  EXPECT_EQ(clean, d.clean(sample.place, sample.mechanism));
  // 15 s of rest before P at every station, to the ringing of the interpolation.
  EXPECT_LE(clean.leftCols(15).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1e-4f);
  EXPECT_GT(sample.waveforms.leftCols(5).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1e-3f);
}

TEST(Dataset, RefusesALibraryOfOtherPlaces) {
  auto places = small_grid().places();
  places[3].depth_km += 1.0;
  const auto library = std::make_shared<const data::GreensLibrary>(
      support::far_field_library(support::ring_of_stations(4, 35.75, -117.65), places));
  EXPECT_THROW(Dataset(library, small_grid(), PreprocessSettings{}, AugmentSettings{}, 1), std::invalid_argument);
}

}  // namespace
