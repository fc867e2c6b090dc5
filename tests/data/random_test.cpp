// The generator against the published known answers, and its streams, integers and permutations against counting.
#include "data/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace {

using data::Permutation;
using data::philox_4x32_10;
using data::PhiloxCounter;
using data::PhiloxKey;
using data::RandomStream;

// Known-answer vectors of the Random123 distribution (Salmon et al. 2011), philox4x32 with 10 rounds.
TEST(Philox, GivesThePublishedKnownAnswers) {
  EXPECT_EQ(philox_4x32_10({0, 0, 0, 0}, {0, 0}), (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox_4x32_10({ones, ones, ones, ones}, {ones, ones}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox_4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, IsPhiloxOfBlockSubstreamAndStream) {
  RandomStream random(0x1122334455667788, 0x99aabbccddeeff00, 7);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const PhiloxCounter expected = philox_4x32_10({block, 7, 0xddeeff00, 0x99aabbcc}, {0x55667788, 0x11223344});
    for (const std::uint32_t word : expected) EXPECT_EQ(random.next_u32(), word);
  }
}

TEST(RandomStream, TheSameArgumentsGiveTheSameNumbersWhateverWasDrawnElsewhere) {
  RandomStream alone(1, 2, 3);
  std::vector<std::uint32_t> expected;
  for (int i = 0; i < 100; ++i) expected.push_back(alone.next_u32());
  RandomStream again(1, 2, 3), other(1, 2, 4);
  for (int i = 0; i < 100; ++i) {
    other.normal();
    EXPECT_EQ(again.next_u32(), expected[static_cast<std::size_t>(i)]);
  }
}

TEST(RandomStream, EverySeedStreamAndSubstreamIsAnother) {
  std::set<std::uint64_t> first_numbers;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t stream = 0; stream < 10; ++stream) {
      for (std::uint64_t substream = 0; substream < 10; ++substream) {
        first_numbers.insert(RandomStream(seed, stream, substream).next_u64());
      }
    }
  }
  EXPECT_EQ(first_numbers.size(), 1000U);
}

TEST(RandomStream, UniformNumbersAreMultiplesOf2ToMinus53InTheUnitInterval) {
  RandomStream random(5, 0), bits(5, 0);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform();
    EXPECT_GE(u, 0.0);
    EXPECT_LT(u, 1.0);
    EXPECT_EQ(std::ldexp(u, 53), static_cast<double>(bits.next_u64() >> 11));
  }
}

// With n = 200,000 the sample moments of a uniform number have standard errors 0.289/sqrt n = 6.5e-4 (mean) and about
// 0.075/sqrt n = 1.7e-4 (variance); five of them are allowed.
TEST(RandomStream, UniformNumbersHaveTheMeanAndVarianceOfTheirInterval) {
  RandomStream random(6, 0);
  const int n = 200000;
  double sum = 0.0, sum_of_squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform(-1.0, 3.0);
    ASSERT_GE(u, -1.0);
    ASSERT_LT(u, 3.0);
    sum += u;
    sum_of_squares += (u - 1.0) * (u - 1.0);
  }
  EXPECT_NEAR(sum / n, 1.0, 4.0 * 5.0 * 6.5e-4);
  EXPECT_NEAR(sum_of_squares / n, 16.0 / 12.0, 16.0 * 5.0 * 1.7e-4);
}

// Moments 1 to 4 of the normal distribution are 0, 1, 0, 3; their standard errors at n numbers are the roots of 1, 2, 15, 96 over n.
// The shares within 1 and 2 standard deviations are 0.682689 and 0.954500.
TEST(RandomStream, NormalNumbersHaveTheMomentsAndSharesOfTheNormalDistribution) {
  RandomStream random(7, 0);
  const int n = 200000;
  double moment[4] = {0.0, 0.0, 0.0, 0.0};
  double n_within[2] = {0.0, 0.0};
  double lag_product = 0.0, previous = 0.0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    double power = 1.0;
    for (double& m : moment) m += power *= x;
    n_within[0] += std::abs(x) < 1.0;
    n_within[1] += std::abs(x) < 2.0;
    lag_product += x * previous;
    previous = x;
  }
  const double expected[4] = {0.0, 1.0, 0.0, 3.0};
  const double variance[4] = {1.0, 2.0, 15.0, 96.0};
  for (int k = 0; k < 4; ++k)
    EXPECT_NEAR(moment[k] / n, expected[k], 5.0 * std::sqrt(variance[k] / n)) << "moment " << k + 1;
  EXPECT_NEAR(n_within[0] / n, 0.682689, 5.0 * std::sqrt(0.25 / n));
  EXPECT_NEAR(n_within[1] / n, 0.954500, 5.0 * std::sqrt(0.25 / n));
  EXPECT_NEAR(lag_product / n, 0.0, 5.0 / std::sqrt(n)) << "neighbours must not be correlated";
}

// Chi-square with 6 degrees of freedom exceeds 35 with a probability of 4e-6.
TEST(RandomStream, BelowChoosesEachNumberEquallyOften) {
  RandomStream random(8, 0);
  const int n = 70000;
  std::vector<double> count(7, 0.0);
  for (int i = 0; i < n; ++i) ++count.at(random.below(7));
  double chi_square = 0.0;
  for (const double c : count) chi_square += (c - n / 7.0) * (c - n / 7.0) / (n / 7.0);
  EXPECT_LT(chi_square, 35.0);
}

// Of 2^64 numbers modulo n = 3 * 2^62 the lowest third would come twice as often as the others (half of all draws) if the surplus were
// not drawn again.
TEST(RandomStream, BelowIsUnbiasedForHugeRanges) {
  RandomStream random(9, 0);
  const std::uint64_t n = std::uint64_t{3} << 62;
  const int n_draws = 20000;
  int n_low = 0;
  for (int i = 0; i < n_draws; ++i) n_low += random.below(n) < (std::uint64_t{1} << 62);
  EXPECT_NEAR(n_low / static_cast<double>(n_draws), 1.0 / 3.0, 5.0 * std::sqrt(2.0 / 9.0 / n_draws));
  EXPECT_EQ(random.below(1), 0U);
}

TEST(RandomStream, RefusesWhatItCannotDo) {
  EXPECT_THROW(RandomStream(1, 2, std::uint64_t{1} << 31), std::invalid_argument);
  RandomStream random(1, 2);
  EXPECT_THROW(random.below(0), std::invalid_argument);
  EXPECT_THROW(random.uniform(2.0, 1.0), std::invalid_argument);
  EXPECT_THROW(random.uniform(0.0, std::nan("")), std::invalid_argument);
}

TEST(Permutation, IsABijectionForEverySize) {
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t n = 1; n <= 70; ++n) sizes.push_back(n);
  for (const std::uint64_t n : {255, 256, 257, 972, 4095, 4097, 50000}) sizes.push_back(n);
  for (const std::uint64_t n : sizes) {
    const Permutation permutation(n, 11, 3);
    std::vector<bool> seen(n, false);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint64_t j = permutation(i);
      ASSERT_LT(j, n);
      ASSERT_FALSE(seen[j]) << "n = " << n << ": " << j << " comes twice";
      seen[j] = true;
    }
  }
}

TEST(Permutation, EachRoundAndSeedGivesAnotherOrder) {
  const Permutation first(787320, 11, 0), next_round(787320, 11, 1), other_seed(787320, 12, 0), again(787320, 11, 0);
  int n_as_next = 0, n_as_other = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(first(i), again(i));
    n_as_next += first(i) == next_round(i);
    n_as_other += first(i) == other_seed(i);
  }
  EXPECT_LE(n_as_next, 2);  // 1000 / 787320 are expected
  EXPECT_LE(n_as_other, 2);
}

// Each of 20 positions should hold each of 20 numbers in 1/20 of the rounds: with 4000 rounds 200 +- 13.8, of 400 cells the
// farthest within 5 standard deviations.
TEST(Permutation, EveryNumberComesToEveryPlaceEquallyOften) {
  const int n = 20, n_rounds = 4000;
  std::vector<int> count(n * n, 0);
  for (int round = 0; round < n_rounds; ++round) {
    const Permutation permutation(n, 13, static_cast<std::uint64_t>(round));
    for (int i = 0; i < n; ++i) ++count[static_cast<std::size_t>(i * n) + permutation(static_cast<std::uint64_t>(i))];
  }
  const double expected = n_rounds / static_cast<double>(n);
  for (const int c : count) EXPECT_NEAR(c, expected, 5.0 * std::sqrt(expected * (1.0 - 1.0 / n)));
}

TEST(Permutation, RefusesEmptyRangesAndNumbersOutside) {
  EXPECT_THROW(Permutation(0, 1, 1), std::invalid_argument);
  EXPECT_THROW(Permutation(5, 1, 1)(5), std::invalid_argument);
}

}  // namespace
