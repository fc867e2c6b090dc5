// Max pooling and LeakyReLU of a slab of convolution output while it is in the cache, and the way back.
//
//   z[n,h,w,c] = f(max_{i < ph, j < pw} y[n, h ph + i, w pw + j, c]),     f(v) = v if v > 0, s v otherwise     (1)
//
// The winner of a window, k = i pw + j, is the first maximum in row-major order (or the last NaN) and is kept as a
// byte. f grows with its argument, so it may follow the maximum instead of every pixel.
//
//   dy[n, h ph + i, w pw + j, c] = dz'[n,h,w,c] if i pw + j won, 0 otherwise,  dz' = f' dz                     (2)
//
// Windows do not overlap and cover whole rows; definition: ops/max_pool2d.h and ops/leaky_relu.h, of which these are
// the composition to the bit.
#pragma once

#include <cstdint>

#include "autodiff/kernels/register_tile.h"
#include "autodiff/tensor.h"

namespace autodiff::kernels {

struct PoolWindow {
  Index ph = 1, pw = 1;
};

// (1) for n_rows rows of W pixels that are y_ld numbers apart; z has C numbers a pixel, and so has `winners`, which may
// be null where there is no way back.
void pool_and_activate(const Real* y, Index y_ld, Index n_rows, Index W, Index C, const PoolWindow& window, Real slope,
                       Real* z, std::uint8_t* winners);

// (2) for one row of the convolution output: row number i within its windows, W pixels of C numbers; dz' and winners of
// the row of windows.
void spread_gradient(const Real* dz, const std::uint8_t* winners, Index i, Index W, Index C, const PoolWindow& window,
                     Real* dy_row);

// One step of (1) for a packet of channels: pixel k of the window with value v against the best so far. The compiler's
// vector operators compare and choose lane by lane without a detour through masks of bits.
inline void take_larger(const Packet& v, Index k, Packet& best, Packet& winner) {
  const auto larger = (v > best) | (v != v);
  best = larger ? v : best;
  winner = larger ? Eigen::internal::pset1<Packet>(static_cast<Real>(k)) : winner;
}

// f of (1), given s as a packet.
inline Packet leaky(const Packet& v, const Packet& s) {
  return v > Eigen::internal::pset1<Packet>(Real(0)) ? v : Eigen::internal::pmul(s, v);
}

// Winners as bytes.
inline void to_bytes(const Real* winners, Index n, std::uint8_t* bytes) {
  for (Index i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(static_cast<int>(winners[i]));
}

}  // namespace autodiff::kernels
