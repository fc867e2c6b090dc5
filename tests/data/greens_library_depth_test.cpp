#include <gtest/gtest.h>

#include <cmath>

#include "data/greens_library.h"
#include "tests/support/far_field_library.h"

namespace {

// In a half-space of 6 km/s P takes the straight line: from 5 km to receivers at 2 km depth it is shorter than to the surface, by up
// to 0.1 s here.
TEST(GreensLibraryAtDepth, PTimesAreThoseAtTheDepthOfTheReceivers) {
  data::GreensLibrarySettings settings = support::small_library_settings();
  settings.greens.n_samples = 200;
  settings.greens.receiver_depth_km = 2.0;
  const data::GreensLibrary library =
      data::GreensLibrary::compute(support::half_space(), support::some_stations, {support::some_places[0]}, settings);
  for (int s = 0; s < 3; ++s) {
    EXPECT_NEAR(library.p_time_s(0, s), std::hypot(library.path(0, s).distance_km, 5.0 - 2.0) / 6.0, 1e-9);
  }
}

}  // namespace
