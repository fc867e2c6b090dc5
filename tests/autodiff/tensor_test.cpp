#include "autodiff/tensor.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "autodiff/buffer_pool.h"

namespace autodiff {
namespace {

TEST(Tensor, IsContiguousChannelsLast) {
  Tensor t({2, 3, 4, 5});
  EXPECT_EQ(t.size(), 120);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<Real>(i);
  EXPECT_EQ(t(0, 0, 0, 1), 1);
  EXPECT_EQ(t(0, 0, 1, 0), 5);
  EXPECT_EQ(t(0, 1, 0, 0), 20);
  EXPECT_EQ(t(1, 0, 0, 0), 60);
  EXPECT_EQ(t(1, 2, 3, 4), 119);
  EXPECT_EQ(t.pixel(1, 2, 3), t.data() + 115);
}

TEST(Tensor, BeginsWithZeros) {
  Tensor(Shape{1, 1, 100, 1000}).fill(7);  // memory that the next one may receive
  const Tensor t(Shape{1, 1, 100, 1000});
  for (Index i = 0; i < t.size(); ++i) ASSERT_EQ(t[i], 0);
}

TEST(Tensor, LiesOnA64ByteBoundary) {
  for (const Index n : {1, 3, 17, 1000, 16383, 100003}) {
    const Tensor a(per_channel(n)), b(per_channel(n));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a.data()) % 64, 0u) << n;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b.data()) % 64, 0u) << n;
  }
}

TEST(Tensor, IsAPlainValue) {
  Tensor a({1, 1, 1, 2}, {1, 2});
  Tensor b = a;
  b[0] = 5;
  EXPECT_EQ(a, Tensor({1, 1, 1, 2}, {1, 2}));
  EXPECT_EQ(b, Tensor({1, 1, 1, 2}, {5, 2}));
  const Real* const memory = b.data();
  a = std::move(b);
  EXPECT_EQ(a.data(), memory);
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move): what a move leaves is part of the promise
  EXPECT_EQ(b.shape(), Shape{});
}

TEST(Tensor, EqualityLooksAtShapeAndValues) {
  EXPECT_FALSE(Tensor({1, 1, 1, 2}, {1, 2}) == Tensor({1, 1, 2, 1}, {1, 2}));
  EXPECT_FALSE(Tensor({1, 1, 1, 2}, {1, 2}) == Tensor({1, 1, 1, 2}, {1, 3}));
  EXPECT_EQ(Tensor(), Tensor());
}

TEST(Tensor, ReshapingKeepsTheOrder) {
  Tensor t({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  t.reshape({3, 2, 1, 1});
  EXPECT_EQ(t(2, 0, 0, 0), 5);
  EXPECT_THROW(t.reshape({1, 1, 1, 5}), std::invalid_argument);
  EXPECT_THROW(t.reshape({-1, -1, 2, 3}), std::invalid_argument);
}

TEST(Tensor, EmptyTensorsAreAllowed) {
  Tensor t(Shape{0, 48, 128, 1});
  EXPECT_TRUE(t.empty());
  t.fill(1);
  const Tensor copy = t;
  EXPECT_EQ(copy, t);
}

TEST(Tensor, RefusesNegativeExtentsAndWrongCounts) {
  EXPECT_THROW(Tensor(Shape{1, -1, 1, 1}), std::invalid_argument);
  EXPECT_THROW(Tensor(Shape{-1, -1, 1, 1}), std::invalid_argument);
  EXPECT_THROW(Tensor({1, 1, 1, 3}, {1, 2}), std::invalid_argument);
}

TEST(Tensor, AddsElementByElement) {
  Tensor a({1, 1, 1, 2}, {1, 2});
  add_to(a, Tensor({1, 1, 1, 2}, {10, 20}));
  EXPECT_EQ(a, Tensor({1, 1, 1, 2}, {11, 22}));
  EXPECT_THROW(add_to(a, Tensor({1, 1, 2, 1}, {1, 2})), std::invalid_argument);
}

TEST(BufferPool, ARepeatedComputationAllocatesNothing) {
  const auto computation = [] {
    const Tensor a(Shape{1, 1, 1000, 64}), b = a;
    return Tensor(Shape{1, 1, 1000, 32});
  };
  computation();
  const Index before = n_blocks_allocated();
  for (int i = 0; i < 10; ++i) computation();
  EXPECT_EQ(n_blocks_allocated(), before);
}

TEST(BufferPool, LivingTensorsShareNothing) {
  const Tensor a(Shape{1, 1, 1000, 64});
  const Real* released = nullptr;
  {
    const Tensor b(Shape{1, 1, 1000, 64});
    released = b.data();
    EXPECT_NE(a.data(), b.data());
  }
  const Tensor c(Shape{1, 1, 1000, 64});
  EXPECT_EQ(c.data(), released);
}

TEST(BufferPool, HandsKeptBlocksBack) {
  { const Tensor t(Shape{1, 1, 999, 64}); }
  release_kept_blocks();
  const Index before = n_blocks_allocated();
  const Tensor t(Shape{1, 1, 999, 64});
  EXPECT_EQ(n_blocks_allocated(), before + 1);
}

}  // namespace
}  // namespace autodiff
