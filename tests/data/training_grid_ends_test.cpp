#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "data/geodesy.h"
#include "data/training_grid.h"
#include "propagator/moment_tensor.h"

namespace {

using data::Axis;
using data::TrainingGrid;

constexpr Axis one_value{10.0, 1.0, 1};

// 0.9 + 99 * 0.9 is 90.00000000000001, and 1.8 + 99 * 1.8, 0.3 - 3 * 0.1 and their opposites err likewise.
TEST(TrainingGridEnds, AreThoseOfTheRangeWhereRoundingPassesThem) {
  const Axis to_90{0.9, 0.9, 100}, to_180{1.8, 1.8, 100}, to_minus_180{-1.8, -1.8, 100}, to_0{0.3, -0.1, 4};
  ASSERT_GT(to_90.value(99), 90.0);
  ASSERT_GT(to_180.value(99), 180.0);
  ASSERT_LT(to_minus_180.value(99), -180.0);
  ASSERT_LT(to_0.value(3), 0.0);
  const TrainingGrid places(to_90, to_180, to_0, one_value, one_value, one_value);
  const data::Place last = places.place(places.n_places() - 1);
  EXPECT_EQ(last.latitude_deg, 90.0);
  EXPECT_EQ(last.longitude_deg, 180.0);
  EXPECT_EQ(last.depth_km, 0.0);
  EXPECT_NO_THROW(data::geodesic(last.latitude_deg, last.longitude_deg, 0.0, 0.0));
  EXPECT_EQ(places.place(0).depth_km, 0.3);
  const TrainingGrid mechanisms(one_value, one_value, one_value, to_0, to_90, to_minus_180);
  const propagator::FocalMechanism m = mechanisms.mechanism(mechanisms.n_mechanisms() - 1);
  EXPECT_EQ(m.strike_deg, 0.0);
  EXPECT_EQ(m.dip_deg, 90.0);
  EXPECT_EQ(m.rake_deg, -180.0);
  EXPECT_NO_THROW(propagator::moment_tensor(m, 1.0));
}

TEST(TrainingGridEnds, OfThePapersGridHaveTheBitsOfTheirAxes) {
  const TrainingGrid grid = data::paper_grid();
  for (std::int64_t i = 0; i < grid.n_places(); ++i) {
    const data::Place place = grid.place(i);
    EXPECT_EQ(place.latitude_deg, grid.latitude().value(static_cast<int>(i / 90)));
    EXPECT_EQ(place.longitude_deg, grid.longitude().value(static_cast<int>(i / 10 % 9)));
    EXPECT_EQ(place.depth_km, grid.depth().value(static_cast<int>(i % 10)));
  }
}

TEST(TrainingGridEnds, OfASingleValueHaveAStepThatIsANumber) {
  for (const double step : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const Axis bad{10.0, step, 1};
    EXPECT_THROW(TrainingGrid(bad, one_value, one_value, one_value, one_value, one_value), std::invalid_argument);
    EXPECT_THROW(TrainingGrid(one_value, one_value, one_value, one_value, one_value, bad), std::invalid_argument);
  }
  const Axis still{10.0, 0.0, 1};
  EXPECT_EQ(TrainingGrid(still, still, still, still, still, still).size(), 1);
}

}  // namespace
