// Random numbers as a function, not as a sequence: the n-th number of sample i under a seed can be computed at any time, in any
// order and on any thread, because nothing is carried from one sample to the next.
//
// The function is Philox 4x32-10 of Salmon, Moraes, Dror & Shaw (2011, SC'11): ten rounds turn a 128-bit counter c and
// a 64-bit key k into 128 random bits. With hi(.) and lo(.) the upper and lower half of a 64-bit product, one round is
//
//   c0' = hi(B c2) ^ c1 ^ k0    c1' = lo(B c2)    c2' = hi(A c0) ^ c3 ^ k1    c3' = lo(A c0)   (1)
//   A = 0xD2511F53,  B = 0xCD9E8D57
//
// and after each round the key grows by  k0 += 0x9E3779B9, k1 += 0xBB67AE85                    (2)
//
// Layout of the counter: word 0 the block (four 32-bit numbers each), word 1 the substream, words 2 and 3 the stream; the key is
// the seed. Different (seed, stream, substream) therefore never share a number. The top bit of word 1 belongs to Permutation.
//
// Integers and uniform numbers are the same bits on every machine. normal() calls the C library's log, cos and sin,
// whose last bit may differ between C libraries.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

namespace data {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

inline PhiloxCounter philox_4x32_10(PhiloxCounter c, PhiloxKey k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};  // (1)
    k = {k[0] + 0x9E3779B9U, k[1] + 0xBB67AE85U};                                            // (2)
  }
  return c;
}

inline PhiloxKey philox_key(std::uint64_t seed) {
  return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

// The numbers of one (seed, stream, substream), drawn one after the other: 2^34 32-bit numbers at most. A stream is made in no
// time, one per sample; substream tells purposes or epochs apart and must be below 2^31.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t stream, std::uint64_t substream = 0)
      : key_(philox_key(seed)),
        counter_{0, static_cast<std::uint32_t>(substream), static_cast<std::uint32_t>(stream),
                 static_cast<std::uint32_t>(stream >> 32)} {
    if (substream >= (std::uint64_t{1} << 31)) {
      throw std::invalid_argument("RandomStream: substream = " + std::to_string(substream) + ": must be below 2^31");
    }
  }

  std::uint32_t next_u32() {
    if (n_left_ == 0) {
      if (exhausted_) throw std::runtime_error("RandomStream: all 2^34 numbers of this stream are drawn");
      block_ = philox_4x32_10(counter_, key_);
      exhausted_ = ++counter_[0] == 0;
      n_left_ = 4;
    }
    return block_[static_cast<std::size_t>(4 - n_left_--)];
  }

  std::uint64_t next_u64() {
    const std::uint64_t high = next_u32();
    return high << 32 | next_u32();
  }

  // One of the 2^53 multiples of 2^-53 in [0, 1), all equally likely.
  double uniform() { return static_cast<double>(next_u64() >> 11) * 0x1p-53; }

  // In [low, high), rounding aside; low <= high, both finite.
  double uniform(double low, double high) {
    if (!(low <= high && std::isfinite(high - low))) {
      throw std::invalid_argument("RandomStream::uniform: low = " + std::to_string(low) +
                                  ", high = " + std::to_string(high) + ": low must not exceed high, both finite");
    }
    return low + (high - low) * uniform();
  }

  // Mean 0, variance 1, by Box & Muller (1958): with u in (0, 1] and v in [0, 1),
  //   x = sqrt(-2 ln u) cos(2 pi v),  y = sqrt(-2 ln u) sin(2 pi v)                          (3)
  // are independent; y is kept for the next call.
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);  // (3)
    has_spare_ = true;
    return radius * std::cos(angle);  // (3)
  }

  // One of 0 .. n-1, all equally likely: the lowest 2^64 mod n numbers are drawn again, so that as many remain for each.
  std::uint64_t below(std::uint64_t n) {
    if (n == 0) throw std::invalid_argument("RandomStream::below: n = 0: must be at least 1");
    const std::uint64_t n_surplus = (0 - n) % n;
    std::uint64_t number = next_u64();
    while (number < n_surplus) number = next_u64();
    return number % n;
  }

 private:
  PhiloxKey key_;
  PhiloxCounter counter_;
  PhiloxCounter block_{};
  int n_left_ = 0;
  bool exhausted_ = false;
  bool has_spare_ = false;
  double spare_ = 0.0;
};

// A shuffled order of 0 .. n-1 that needs no memory: permutation(i) is the i-th number. (seed, round) chooses the order;
// `round` is the epoch of a training.
//
// 0 .. 4^h - 1, the smallest such range that holds n, is permuted by a Feistel network: a number is split into two
// halves of h bits, (L, R), and eight times
//
//   (L, R) <- (R, L ^ F_j(R))                                                               (4)
//
// with F_j the lowest h bits of Philox. (4) is invertible whatever F_j is. A result outside 0 .. n-1 is permuted again until
// it falls inside ("cycle walking"; Black & Rogaway 2002), on average less than four times.
class Permutation {
 public:
  Permutation(std::uint64_t n, std::uint64_t seed, std::uint64_t round) : n_(n), key_(philox_key(seed)), round_(round) {
    if (n == 0 || n > (std::uint64_t{1} << 62)) {
      throw std::invalid_argument("Permutation: n = " + std::to_string(n) + ": must lie in 1..2^62");
    }
    while ((std::uint64_t{1} << (2 * n_half_bits_)) < n) ++n_half_bits_;
  }

  std::uint64_t size() const { return n_; }

  std::uint64_t operator()(std::uint64_t i) const {
    if (i >= n_) {
      throw std::invalid_argument("Permutation: i = " + std::to_string(i) + ": must be below " + std::to_string(n_));
    }
    do i = feistel(i);
    while (i >= n_);
    return i;
  }

 private:
  std::uint64_t feistel(std::uint64_t number) const {
    const std::uint64_t mask = (std::uint64_t{1} << n_half_bits_) - 1;
    std::uint64_t left = number >> n_half_bits_;
    std::uint64_t right = number & mask;
    for (std::uint32_t j = 0; j < 8; ++j) {
      const PhiloxCounter counter{static_cast<std::uint32_t>(right), 0x80000000U | j,
                                  static_cast<std::uint32_t>(round_), static_cast<std::uint32_t>(round_ >> 32)};
      const std::uint64_t mixed = left ^ (philox_4x32_10(counter, key_)[0] & mask);
      left = right;
      right = mixed;  // (4)
    }
    return left << n_half_bits_ | right;
  }

  std::uint64_t n_;
  PhiloxKey key_;
  std::uint64_t round_;
  int n_half_bits_ = 1;
};

}  // namespace data
