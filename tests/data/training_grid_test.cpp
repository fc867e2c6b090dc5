#include "data/training_grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using data::Axis;
using data::paper_grid;
using data::Place;
using data::TrainingGrid;

TEST(TrainingGrid, ThePapersGridHas810PlacesTimes972Mechanisms) {
  const TrainingGrid grid = paper_grid();
  EXPECT_EQ(grid.n_places(), 810);
  EXPECT_EQ(grid.n_mechanisms(), 972);
  EXPECT_EQ(grid.size(), 787320);
  EXPECT_EQ(grid.places().size(), 810U);
}

// Six nested loops in the order latitude, longitude, depth, strike, dip, rake count the samples one by one: an independent
// statement of equations (1) to (3).
TEST(TrainingGrid, EveryIndexIsOnePlaceAndMechanismAndBack) {
  const TrainingGrid grid = paper_grid();
  std::int64_t index = 0, n_wrong = 0;
  for (int i_place = 0; i_place < 810; ++i_place) {
    const Place place = grid.place(i_place);
    const double latitude = 35.4 + 0.1 * (i_place / 90), longitude = -118.0 + 0.1 * (i_place / 10 % 9);
    const double depth = 2.0 + 2.0 * (i_place % 10);
    n_wrong += std::abs(place.latitude_deg - latitude) > 1e-12 || std::abs(place.longitude_deg - longitude) > 1e-12 ||
               place.depth_km != depth;
    for (int strike = 30; strike <= 360; strike += 30) {
      for (int dip = 10; dip <= 90; dip += 10) {
        for (int rake = -70; rake <= 90; rake += 20) {
          const TrainingGrid::Point point = grid.point(index);
          const propagator::FocalMechanism m = grid.mechanism(point.mechanism);
          n_wrong += point.place != i_place || grid.index(point) != index || m.strike_deg != strike ||
                     m.dip_deg != dip || m.rake_deg != rake;
          ++index;
        }
      }
    }
  }
  EXPECT_EQ(index, 787320);
  EXPECT_EQ(n_wrong, 0);
}

TEST(TrainingGrid, TheCornersAreThoseOfThePapersMap) {
  const TrainingGrid grid = paper_grid();
  const Place first = grid.place(0), last = grid.place(809);
  EXPECT_DOUBLE_EQ(first.latitude_deg, 35.4);
  EXPECT_DOUBLE_EQ(first.longitude_deg, -118.0);
  EXPECT_DOUBLE_EQ(first.depth_km, 2.0);
  EXPECT_DOUBLE_EQ(last.latitude_deg, 36.2);
  EXPECT_DOUBLE_EQ(last.longitude_deg, -117.2);
  EXPECT_DOUBLE_EQ(last.depth_km, 20.0);
}

TEST(TrainingGrid, TheOtherReadingOfThePaperIsAnotherSetOfAxes) {
  const TrainingGrid grid({35.4, 0.1, 9}, {-118.0, 0.1, 9}, {2.0, 2.0, 10}, {0.0, 30.0, 12}, {10.0, 10.0, 9},
                          {-80.0, 20.0, 9});
  EXPECT_EQ(grid.size(), 787320);
  const propagator::FocalMechanism first = grid.mechanism(0), last = grid.mechanism(971);
  EXPECT_EQ(first.strike_deg, 0.0);
  EXPECT_EQ(first.rake_deg, -80.0);
  EXPECT_EQ(last.strike_deg, 330.0);
  EXPECT_EQ(last.dip_deg, 90.0);
  EXPECT_EQ(last.rake_deg, 80.0);
}

TEST(TrainingGrid, RefusesIndicesOutsideAndAxesOutOfRange) {
  const TrainingGrid grid = paper_grid();
  EXPECT_THROW(grid.point(-1), std::invalid_argument);
  EXPECT_THROW(grid.point(787320), std::invalid_argument);
  EXPECT_THROW(grid.place(810), std::invalid_argument);
  EXPECT_THROW(grid.mechanism(972), std::invalid_argument);
  EXPECT_THROW(grid.index({810, 0}), std::invalid_argument);
  EXPECT_THROW(grid.index({0, -1}), std::invalid_argument);
  const Axis latitude{35.4, 0.1, 9}, longitude{-118.0, 0.1, 9}, depth{2.0, 2.0, 10}, strike{30.0, 30.0, 12},
      dip{10.0, 10.0, 9}, rake{-70.0, 20.0, 9};
  EXPECT_THROW(TrainingGrid(longitude, latitude, depth, strike, dip, rake), std::invalid_argument) << "exchanged";
  EXPECT_THROW(TrainingGrid(latitude, longitude, {2.0, 0.0, 10}, strike, dip, rake), std::invalid_argument);
  EXPECT_THROW(TrainingGrid(latitude, longitude, {2.0, 2.0, 0}, strike, dip, rake), std::invalid_argument);
  EXPECT_THROW(TrainingGrid(latitude, longitude, depth, strike, {10.0, 10.0, 10}, rake), std::invalid_argument);
  EXPECT_THROW(TrainingGrid(latitude, longitude, depth, strike, dip, {std::nan(""), 20.0, 9}), std::invalid_argument);
  EXPECT_THROW(TrainingGrid({36.0, 1e-20, 3}, longitude, depth, strike, dip, rake), std::invalid_argument)
      << "36 + 1e-20 is 36";
}

TEST(TrainingGrid, RefusesMoreSamplesThanCanBeCounted) {
  // 10 000 values on each axis are 10^24 samples; 10^12 mechanisms alone are allowed, but not at two places.
  const Axis latitude{-45.0, 0.001, 10000}, longitude{-45.0, 0.001, 10000}, depth{1.0, 0.001, 10000},
      strike{0.0, 0.01, 10000}, dip{0.0, 0.001, 10000}, rake{-100.0, 0.01, 10000}, one{10.0, 1.0, 1};
  EXPECT_THROW(TrainingGrid(latitude, longitude, depth, strike, dip, rake), std::invalid_argument);
  EXPECT_THROW(TrainingGrid(latitude, longitude, depth, one, one, one), std::invalid_argument) << "10^12 places";
  EXPECT_EQ(TrainingGrid(one, one, one, strike, dip, rake).size(), 1'000'000'000'000);
  EXPECT_THROW(TrainingGrid({10.0, 1.0, 2}, one, one, strike, dip, rake), std::invalid_argument);
}

}  // namespace
