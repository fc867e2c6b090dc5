#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fmnet/trust/trust.h"

namespace {

// A grid to 179.3 E: 1.2 degrees of longitude at 36 N are 108 km, and 0.8 degrees 72 km, on the other side of the meridian as on this.
TEST(PlaceAcrossThe180thMeridian, IsOutsideOfTheGridByItsDistance) {
  fmnet::Config config = fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml");
  config.grid.latitude_deg = {35.6, 0.1, 9};
  config.grid.longitude_deg = {178.5, 0.1, 9};
  config.grid.depth_km = {2.0, 2.0, 10};
  const auto warnings_at = [&](double longitude_deg) {
    return fmnet::warnings_of_place(config, {"e", 0, 36.0, longitude_deg, 8.0});
  };
  EXPECT_THAT(warnings_at(-179.5), testing::ElementsAre(testing::HasSubstr("lies 108 km outside the trained grid")));
  EXPECT_THAT(warnings_at(177.7), testing::ElementsAre(testing::HasSubstr("lies 72 km outside the trained grid")));
  EXPECT_THAT(warnings_at(179.0), testing::IsEmpty());
}

}  // namespace
