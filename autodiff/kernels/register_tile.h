// A small matrix product held in registers: the one inner loop of every convolution kernel of this folder.
//
//   c[r,l] = start[r,l] + sum_{k < K} a[r,k] b[k,l],     r < R,  l < L = P x (numbers in a packet)        (1)
//
// A packet is one SIMD register of Eigen (8 floats with AVX2, 16 with AVX-512). The R x P packets of c stay in
// registers from the first k to the last; each k loads P packets of b, broadcasts R numbers of a, and does R P fused
// multiply-adds. With R = 6, P = 2 (16 registers) or R = 8, P = 2 (32 registers) there are at least as many independent
// sums as the processor needs to hide the latency of a multiply-add (4 cycles x 2 units), and fewer loads than
// multiply-adds.
//
// Where the numbers lie is free, so that one loop serves all three products of a convolution:
//
//   a[r,k]      a[r lda + k], or a[k lda + r] where `transposed_a` (backward-weights: the pixels are summed over)
//   b[k,l]      b[k ldb + l]
//
// and the sum may run over several segments of K terms, those of a `a_segment` apart, those of b without a gap: the
// rows of a convolution kernel.
//
//   start[r,l]  start[r start_ld + l]: start = bias, start_ld = 0 gives every row the bias; start = c adds to c;
//               null: zero
//   c[r,l]      c[r ldc + l]
//
// Rounding: the sum over k is made in blocks of at most 192 terms, each from zero, and the sums of the blocks are added up.
// The error then grows with the root of 192 instead of the root of K, at the cost of one addition in 192.
//
// Blocks and the terms in them are in order of k in each lane, whatever R and P: how rows are grouped into tiles does not
// change a bit of the result. Nothing needs to be aligned.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>

#include "autodiff/real.h"

namespace autodiff::kernels {

using Packet = Eigen::internal::packet_traits<Real>::type;
inline constexpr Index packet_size = Eigen::internal::packet_traits<Real>::size;
inline constexpr Index max_tile_rows = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 8 : 6;
inline constexpr Index max_tile_packets = 2;
inline constexpr Index terms_in_a_block = 192;
inline constexpr Index panel_width = max_tile_packets * packet_size;

// The next multiple of the packet size: as many channels are computed, of which the first n_channels count.
inline Index padded_channels(Index n_channels) { return (n_channels + packet_size - 1) / packet_size * packet_size; }

struct TileOperands {
  const Real* a;
  Index lda;
  const Real* b;
  Index ldb;
  Index K;
  const Real* start;
  Index start_ld;
  Real* c;
  Index ldc;
  Index n_segments = 1;
  Index a_segment = 0;
};

// One block of (1): c = before + sum_{k < K} a b for R rows and P packets, both known to the compiler.
template <bool transposed_a, int R, int P>
inline void multiply_block(const Real* a, Index lda, const Real* b, Index ldb, Index K, const Real* before,
                           Index before_ld, Real* c, Index ldc) {
  using Eigen::internal::padd;
  using Eigen::internal::ploadu;
  using Eigen::internal::pmadd;
  using Eigen::internal::pset1;
  using Eigen::internal::pstoreu;
  Packet sum[R][P];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 2
    for (int p = 0; p < P; ++p) sum[r][p] = pset1<Packet>(Real(0));
  }
  for (Index k = 0; k < K; ++k) {
    Packet b_k[P];
#pragma GCC unroll 2
    for (int p = 0; p < P; ++p) b_k[p] = ploadu<Packet>(b + p * packet_size);
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
      const Packet a_rk = pset1<Packet>(a[transposed_a ? r : r * lda]);
#pragma GCC unroll 2
      for (int p = 0; p < P; ++p) sum[r][p] = pmadd(a_rk, b_k[p], sum[r][p]);
    }
    a += transposed_a ? lda : 1;
    b += ldb;
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 2
    for (int p = 0; p < P; ++p) {
      const Packet total = padd(ploadu<Packet>(before + r * before_ld + p * packet_size), sum[r][p]);
      pstoreu(c + r * ldc + p * packet_size, total);
    }
  }
}

// (1), block after block.
template <bool transposed_a, int R, int P>
void multiply_tile(const TileOperands& t) {
  alignas(64) static constexpr Real zeros[P * packet_size] = {};
  const Real* b = t.b;
  const Real* before = t.start == nullptr ? zeros : t.start;
  Index before_ld = t.start == nullptr ? 0 : t.start_ld;
  for (Index segment = 0; segment < t.n_segments; ++segment) {
    const Real* const a = t.a + segment * t.a_segment;
    for (Index begin = 0; begin < t.K; begin += terms_in_a_block) {
      const Index n_terms = std::min(terms_in_a_block, t.K - begin);
      multiply_block<transposed_a, R, P>(a + begin * (transposed_a ? t.lda : 1), t.lda, b, t.ldb, n_terms, before,
                                         before_ld, t.c, t.ldc);  // (1)
      b += n_terms * t.ldb;
      before = t.c;
      before_ld = t.ldc;
    }
  }
}

// (1) for any number of rows and a panel of one or two packets: as few tiles as possible, of nearly equal height (16
// rows are 6 + 5 + 5, not 6 + 6 + 4).
template <bool transposed_a>
void multiply_panel(TileOperands t, Index n_rows, Index n_packets) {
  using Tile = void (*)(const TileOperands&);
  static constexpr std::array<std::array<Tile, 2>, 8> tiles = {{
      {multiply_tile<transposed_a, 1, 1>, multiply_tile<transposed_a, 1, 2>},
      {multiply_tile<transposed_a, 2, 1>, multiply_tile<transposed_a, 2, 2>},
      {multiply_tile<transposed_a, 3, 1>, multiply_tile<transposed_a, 3, 2>},
      {multiply_tile<transposed_a, 4, 1>, multiply_tile<transposed_a, 4, 2>},
      {multiply_tile<transposed_a, 5, 1>, multiply_tile<transposed_a, 5, 2>},
      {multiply_tile<transposed_a, 6, 1>, multiply_tile<transposed_a, 6, 2>},
      {multiply_tile<transposed_a, 7, 1>, multiply_tile<transposed_a, 7, 2>},
      {multiply_tile<transposed_a, 8, 1>, multiply_tile<transposed_a, 8, 2>},
  }};
  const Index n_tiles = (n_rows + max_tile_rows - 1) / max_tile_rows;
  for (Index i = 0; i < n_tiles; ++i) {
    const Index first = n_rows * i / n_tiles, rows = n_rows * (i + 1) / n_tiles - first;
    TileOperands tile = t;
    tile.a += first * (transposed_a ? 1 : t.lda);
    if (t.start != nullptr) tile.start += first * t.start_ld;
    tile.c += first * t.ldc;
    tiles[rows - 1][n_packets - 1](tile);
  }
}

// C (n_rows x width) = start + A B for a width of any number of packets, panel by panel. The panels of b follow each
// other at `panel_stride`; those of start and c are neighbouring columns.
template <bool transposed_a>
void multiply(TileOperands t, Index n_rows, Index width, Index panel_stride) {
  for (Index first = 0; first < width; first += panel_width) {
    const Index n_packets = std::min(panel_width, width - first) / packet_size;
    TileOperands panel = t;
    panel.b += first / panel_width * panel_stride;
    if (t.start != nullptr) panel.start += first;
    panel.c += first;
    multiply_panel<transposed_a>(panel, n_rows, n_packets);
  }
}

}  // namespace autodiff::kernels
