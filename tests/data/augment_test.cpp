#include "data/augment.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>

namespace {

using data::AugmentSettings;

TEST(Augment, IsAFunctionOfSeedAndKey) {
  AugmentSettings settings;
  settings.drop_station_probability = 0.3;
  const auto a = data::draw_augmentation(settings, 16, 5, 100);
  const auto b = data::draw_augmentation(settings, 16, 5, 100);
  EXPECT_EQ(a.snr, b.snr);
  EXPECT_EQ(a.noise_level, b.noise_level);
  EXPECT_EQ(a.noise_factor, b.noise_factor);
  EXPECT_EQ(a.shift_samples, b.shift_samples);
  EXPECT_EQ(a.dropped, b.dropped);
  EXPECT_NE(a.snr, data::draw_augmentation(settings, 16, 5, 101).snr);
  EXPECT_NE(a.snr, data::draw_augmentation(settings, 16, 6, 100).snr);
}

TEST(Augment, SwitchingOneEffectOffLeavesTheOthers) {
  AugmentSettings all;
  all.drop_station_probability = 0.3;
  AugmentSettings without_shift = all;
  without_shift.max_event_shift_samples = without_shift.max_station_shift_samples = 0;
  const auto a = data::draw_augmentation(all, 16, 5, 7);
  const auto b = data::draw_augmentation(without_shift, 16, 5, 7);
  EXPECT_EQ(a.snr, b.snr);
  EXPECT_EQ(a.dropped, b.dropped);
  EXPECT_EQ(a.noise_factor, b.noise_factor);
}

TEST(Augment, RatioIsLogUniformBetweenItsLimits) {
  AugmentSettings settings;
  settings.snr_min = 2.0;
  settings.snr_max = 200.0;
  const int n = 4000;
  int below_geometric_mean = 0;
  for (int key = 0; key < n; ++key) {
    const double snr = data::draw_augmentation(settings, 1, 1, static_cast<std::uint64_t>(key)).snr;
    EXPECT_GE(snr, 2.0 * (1 - 1e-12));
    EXPECT_LE(snr, 200.0);
    below_geometric_mean += snr < 20.0 ? 1 : 0;
  }
  EXPECT_NEAR(below_geometric_mean, n / 2, 5 * std::sqrt(n / 4.0));  // binomial, five standard deviations
}

TEST(Augment, ShiftsStayBelowTenSecondsAndReachEveryValue) {
  const AugmentSettings settings;
  std::set<int> seen;
  for (std::uint64_t key = 0; key < 200; ++key) {
    const auto drawn = data::draw_augmentation(settings, 16, 1, key);
    seen.insert(drawn.shift_samples.begin(), drawn.shift_samples.end());
    // Stations differ by what is their own, twice 1 at most, and with 16 of them by all of it.
    const auto [least, most] = std::minmax_element(drawn.shift_samples.begin(), drawn.shift_samples.end());
    EXPECT_LE(*most - *least, 2 * settings.max_station_shift_samples);
    EXPECT_GE(*most - *least, 1);
  }
  EXPECT_EQ(*seen.begin(), -9);
  EXPECT_EQ(*seen.rbegin(), 9);
  EXPECT_EQ(seen.size(), 19U);
}

TEST(Augment, EventShiftIsTheSameForAllStations) {
  AugmentSettings settings;
  settings.max_station_shift_samples = 0;
  std::set<int> seen;
  for (std::uint64_t key = 0; key < 200; ++key) {
    const auto drawn = data::draw_augmentation(settings, 16, 1, key);
    EXPECT_EQ(std::set<int>(drawn.shift_samples.begin(), drawn.shift_samples.end()).size(), 1U);
    seen.insert(drawn.shift_samples[0]);
  }
  EXPECT_GE(seen.size(), 15U);
}

TEST(Augment, StationsAreMissingWithTheirProbability) {
  AugmentSettings settings;
  settings.drop_station_probability = 0.2;
  int n_missing = 0;
  for (std::uint64_t key = 0; key < 500; ++key) {
    const auto drawn = data::draw_augmentation(settings, 16, 1, key);
    n_missing += static_cast<int>(std::count(drawn.dropped.begin(), drawn.dropped.end(), true));
  }
  EXPECT_NEAR(n_missing, 1600, 5 * std::sqrt(8000 * 0.2 * 0.8));
}

TEST(Augment, RefusesSettingsOutOfRange) {
  const auto refused = [](auto change) {
    AugmentSettings settings;
    change(settings);
    EXPECT_THROW(data::check(settings), std::invalid_argument);
  };
  refused([](auto& s) { s.snr_min = 0.0; });
  refused([](auto& s) { s.snr_max = 1.0; });
  refused([](auto& s) { s.snr_max = std::numeric_limits<double>::infinity(); });
  refused([](auto& s) { s.noise_level_max = 1.1; });
  refused([](auto& s) { s.noise_level_spread = -0.1; });
  refused([](auto& s) { s.max_event_shift_samples = -1; });
  refused([](auto& s) { s.max_station_shift_samples = -1; });
  refused([](auto& s) { s.drop_station_probability = 1.0; });
  data::check(AugmentSettings{});
}

TEST(Augment, TheNoiseLevelIsUniformBetweenItsLimits) {
  AugmentSettings settings;
  settings.noise_level_min = 0.2;
  settings.noise_level_max = 0.6;
  const int n = 4000;
  std::array<int, 4> in_quarter{};
  for (int key = 0; key < n; ++key) {
    const double level = data::draw_augmentation(settings, 1, 1, static_cast<std::uint64_t>(key)).noise_level;
    ASSERT_GE(level, 0.2);
    ASSERT_LE(level, 0.6);
    ++in_quarter[static_cast<std::size_t>(std::min(3.0, (level - 0.2) / 0.1))];
  }
  for (const int count : in_quarter)
    EXPECT_NEAR(count, n / 4, 5 * std::sqrt(n * 0.25 * 0.75));  // five standard deviations
}

TEST(Augment, TheLogarithmOfTheNoiseFactorHasMeanZeroAndTheSpread) {
  AugmentSettings settings;
  settings.noise_level_spread = 0.7;
  double sum = 0.0, sum_of_squares = 0.0;
  const int n = 16 * 500;
  for (std::uint64_t key = 0; key < 500; ++key) {
    for (const double q : data::draw_augmentation(settings, 16, 1, key).noise_factor) {
      sum += std::log(q);
      sum_of_squares += std::log(q) * std::log(q);
    }
  }
  EXPECT_NEAR(sum / n, 0.0, 5 * 0.7 / std::sqrt(n));
  // The variance of n normal numbers scatters by sqrt(2 / n).
  EXPECT_NEAR(sum_of_squares / n, 0.49, 5 * 0.49 * std::sqrt(2.0 / n));
}

TEST(Augment, TheEffectsOfASampleAreUncorrelated) {
  using data::Draw;
  const std::set<Draw> draws = {Draw::source, Draw::station_noise, Draw::shift, Draw::dropped, Draw::noise};
  EXPECT_EQ(draws.size(), 5U) << "a substream of its own for each effect";
  AugmentSettings settings;
  settings.drop_station_probability = 0.5;
  constexpr int n = 4000, n_effects = 6;
  Eigen::ArrayXXd x(n, n_effects);
  for (int key = 0; key < n; ++key) {
    const auto drawn = data::draw_augmentation(settings, 2, 3, static_cast<std::uint64_t>(key));
    x.row(key) << std::log(drawn.snr), drawn.noise_level, std::log(drawn.noise_factor[0]),
        std::log(drawn.noise_factor[1]), drawn.shift_samples[0], drawn.dropped[0] ? 1.0 : 0.0;
  }
  for (int i = 0; i < n_effects; ++i) {
    x.col(i) -= x.col(i).mean();
    x.col(i) /= std::sqrt(x.col(i).square().mean());
  }
  for (int i = 0; i < n_effects; ++i) {
    for (int j = 0; j < i; ++j) {
      EXPECT_NEAR((x.col(i) * x.col(j)).mean(), 0.0, 5 / std::sqrt(n)) << i << ' ' << j;
    }
  }
}

TEST(Augment, DrawsNothingFromSettingsOutOfRange) {
  AugmentSettings settings;
  settings.snr_min = -1.0;
  EXPECT_THROW(data::draw_augmentation(settings, 4, 1, 1), std::invalid_argument);
  EXPECT_THROW(data::draw_augmentation({}, -1, 1, 1), std::invalid_argument);
}

}  // namespace
