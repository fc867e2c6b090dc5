// Pooling and LeakyReLU on the way out of a convolution: ties, NaN, channels that do not fill a packet.
#include "autodiff/kernels/pool_activate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "autodiff/ops/leaky_relu.h"
#include "autodiff/ops/max_pool2d.h"
#include "tests/support/random_tensor.h"

namespace autodiff::kernels {
namespace {

struct PoolActivated {
  Tensor z;
  std::vector<std::uint8_t> winners;
};

PoolActivated pool(const Tensor& y, const PoolWindow& window) {
  const Shape s = y.shape();
  PoolActivated result{Tensor({s.n, s.h / window.ph, s.w / window.pw, s.c}), {}};
  result.winners.resize(static_cast<std::size_t>(result.z.size()));
  pool_and_activate(y.data(), s.c, s.n * s.h, s.w, s.c, window, Real(0.2), result.z.data(), result.winners.data());
  return result;
}

TEST(PoolActivate, EqualsPoolThenLeakyReluToTheBit) {
  for (const Index C : {1, 3, 8, 16, 29, 64}) {
    const Tensor y = support::random_tensor({2, 6, 4, C}, static_cast<std::uint64_t>(C));
    for (const PoolWindow window : {PoolWindow{1, 1}, PoolWindow{2, 2}, PoolWindow{3, 2}, PoolWindow{1, 4}}) {
      const Variable expected = leaky_relu(max_pool2d(Variable(y), window.ph, window.pw), 0.2);
      EXPECT_TRUE(pool(y, window).z == expected.value()) << C << " channels";
    }
  }
}

TEST(PoolActivate, TheFirstOfEqualMaximaWins) {
  Tensor y({1, 2, 2, 9});  // zeros
  for (const std::uint8_t winner : pool(y, {2, 2}).winners) EXPECT_EQ(winner, 0);
  y(0, 0, 1, 4) = y(0, 1, 1, 4) = 2;
  EXPECT_EQ(pool(y, {2, 2}).winners[4], 1);
}

TEST(PoolActivate, NanWinsItsWindow) {
  for (Index k = 0; k < 4; ++k) {
    Tensor y({1, 2, 2, 9});
    y(0, k / 2, k % 2, 5) = std::numeric_limits<Real>::quiet_NaN();
    const PoolActivated pooled = pool(y, {2, 2});
    EXPECT_TRUE(std::isnan(pooled.z[5])) << k;
    EXPECT_EQ(pooled.winners[5], k);
    EXPECT_EQ(pooled.z[4], 0);
  }
}

// <pool'(y) v, dz> = <v, spread(dz)> with pool' the choice of the winners.
TEST(PoolActivate, SpreadingIsTheAdjointOfChoosingTheWinners) {
  const PoolWindow window{3, 2};
  const Shape shape{1, 6, 8, 11};
  const Tensor y = support::random_tensor(shape, 1), v = support::random_tensor(shape, 2);
  const PoolActivated pooled = pool(y, window);
  const Tensor dz = support::random_tensor(pooled.z.shape(), 3);
  double chosen = 0, spread = 0;
  for (Index h = 0; h < 2; ++h) {
    for (Index w = 0; w < 4; ++w) {
      for (Index c = 0; c < 11; ++c) {
        const Index k = pooled.winners[static_cast<std::size_t>((h * 4 + w) * 11 + c)];
        chosen += double(v(0, 3 * h + k / 2, 2 * w + k % 2, c)) * dz(0, h, w, c);
      }
    }
  }
  std::vector<Real> row(8 * 11);
  for (Index h = 0; h < 6; ++h) {
    const Index first = h / 3 * 4 * 11;
    spread_gradient(dz.data() + first, pooled.winners.data() + first, h % 3, 8, 11, window, row.data());
    for (std::size_t i = 0; i < row.size(); ++i) spread += double(row[i]) * v[h * 8 * 11 + static_cast<Index>(i)];
  }
  EXPECT_NEAR(chosen, spread, 1e-12 * 88);  // the same products, added in another order in double
}

}  // namespace
}  // namespace autodiff::kernels
