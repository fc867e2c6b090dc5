#include "propagator/wavenumber_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/propagator/models.h"
#include "tests/support/error_of.h"

namespace {

using propagator::LayeredModel;
using propagator::WavenumberDemand;
using propagator::WavenumberGrid;
using propagator::WavenumberSettings;

LayeredModel of_ratio(double vp_over_vs) {
  return LayeredModel({{2.0, 3.0 * vp_over_vs, 3.0, 2.5, test_models::elastic, test_models::elastic},
                       {0.0, 8.0, 4.5, 3.0, test_models::elastic, test_models::elastic}});
}

// From v_p = sqrt 2 v_s on, S decides, to the bit.
TEST(SlowestWave, IsTheSlowestSWhereNoPoissonRatioIsNegative) {
  for (const double ratio : {std::sqrt(2.0), 1.6, std::sqrt(3.0), 2.5, 10.0}) {
    EXPECT_EQ(slowest_wave_km_s(of_ratio(ratio)), 3.0) << ratio;
  }
  EXPECT_EQ(slowest_wave_km_s(test_models::southern_california(35.0)), 3.18);
}

// Below that 1.2 / 1.04 of the Rayleigh wave's velocity, where Rayleigh's function (2 - c^2)^2 = 4 sqrt(1 - c^2) sqrt(1 - xi c^2)
// vanishes.
TEST(SlowestWave, IsARayleighWaveWhereVpOverVsIsLow) {
  for (const double ratio : {1.1548, 1.2, 1.3}) {
    const double c = slowest_wave_km_s(of_ratio(ratio)) * 1.04 / 1.2 / 3.0;
    EXPECT_LT(c, 0.84);
    const double c2 = c * c;
    const double one_side = (2.0 - c2) * (2.0 - c2);
    EXPECT_NEAR(one_side, 4.0 * std::sqrt(1.0 - c2) * std::sqrt(1.0 - c2 / (ratio * ratio)), 1e-13) << ratio;
  }
}

TEST(WavenumberGrid, SaysWhichDemandIsOutOfRange) {
  const auto message = [](const std::function<void(WavenumberDemand&)>& spoil) {
    WavenumberDemand demand{6.0, 3.4, {2.0, 5.0}, {3.4, 3.4}, 10.0, 20.0, 1.0, 0.1, 50.0};
    spoil(demand);
    return support::error_of<std::invalid_argument>([&] { WavenumberGrid(demand, WavenumberSettings{}); });
  };
  using ::testing::HasSubstr;
  EXPECT_EQ(message([](WavenumberDemand&) {}), "no error");
  EXPECT_THAT(message([](WavenumberDemand& d) { d.slowest_wave_km_s = 0.0; }), HasSubstr("slowest_wave_km_s = 0"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.smallest_distance_km = std::nan(""); }),
              HasSubstr("smallest_distance_km = nan"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.largest_distance_km = 5.0; }), HasSubstr("largest_distance_km = 5"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.largest_omega_rad_s = -1.0; }),
              HasSubstr("largest_omega_rad_s = -1"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.sigma_rad_s = 0.0; }), HasSubstr("sigma_rad_s = 0"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.window_s = 0.0; }), HasSubstr("window_s = 0"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.vertical_distances_km.clear(); }),
              HasSubstr("number of sources = 0"));
  EXPECT_THAT(message([](WavenumberDemand& d) { d.vertical_distances_km[0] = 9.0; }),
              HasSubstr("vertical_distances_km = 9"));
}

// Each at the ends of its range and just outside. The grid itself is that of the rule `converged`, whatever fk's numbers are.
TEST(WavenumberGrid, SaysWhichSettingIsOutOfRange) {
  struct Range {
    const char* name;
    const char* expected;
    double WavenumberSettings::*setting;
    std::vector<double> good, bad;
  };
  constexpr double least = std::numeric_limits<double>::denorm_min(), largest = std::numeric_limits<double>::max();
  const Range ranges[] = {
      {"tolerance", "1e-10 to 0.1", &WavenumberSettings::tolerance, {1e-10, 0.1}, {0.99e-10, 0.1001}},
      {"fk_step", "above 0, at most 0.5", &WavenumberSettings::fk_step, {least, 0.5}, {0.0, 0.5001}},
      {"fk_limit", "positive", &WavenumberSettings::fk_limit, {least, largest}, {0.0, HUGE_VAL}},
      {"fk_max_slowness", "positive", &WavenumberSettings::fk_max_slowness, {least, largest}, {0.0, HUGE_VAL}}};
  for (Range range : ranges) {
    const auto message = [&range](double value) {
      WavenumberSettings settings;
      settings.*range.setting = value;
      const WavenumberDemand demand{6.0, 3.4, {2.0, 5.0}, {3.4, 3.4}, 10.0, 20.0, 1.0, 0.1, 50.0};
      return support::error_of<std::invalid_argument>([&] { WavenumberGrid(demand, settings); });
    };
    range.bad.push_back(std::nan(""));
    for (const double value : range.good) EXPECT_EQ(message(value), "no error") << range.name << " = " << value;
    for (const double value : range.bad) {
      EXPECT_THAT(message(value),
                  testing::AllOf(testing::StartsWith(std::string("WavenumberSettings: ") + range.name + " = "),
                                 testing::EndsWith(std::string(": expected ") + range.expected)));
    }
  }
}

}  // namespace
