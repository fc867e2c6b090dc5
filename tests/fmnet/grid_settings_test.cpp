#include <gtest/gtest.h>

#include <array>
#include <new>
#include <type_traits>

#include "fmnet/config.h"

namespace {

// What a configuration is read into: the reader looks at the values that are there before it writes its own.
TEST(GridSettings, BeginWithZerosInWhateverMemory) {
  EXPECT_FALSE(std::is_trivially_default_constructible_v<data::Axis>);
  alignas(fmnet::GridSettings) std::array<unsigned char, sizeof(fmnet::GridSettings)> memory;
  memory.fill(0xff);
  const auto* grid = new (memory.data()) fmnet::GridSettings;
  for (const data::Axis* axis : {&grid->latitude_deg, &grid->longitude_deg, &grid->depth_km, &grid->strike_deg,
                                 &grid->dip_deg, &grid->rake_deg}) {
    EXPECT_EQ(axis->first, 0.0);
    EXPECT_EQ(axis->step, 0.0);
    EXPECT_EQ(axis->count, 0);
  }
}

}  // namespace
