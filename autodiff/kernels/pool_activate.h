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

#include "autodiff/tensor.h"

namespace autodiff::kernels {

struct PoolWindow {
  Index ph = 1, pw = 1;
};

// (1) for n_rows rows of W pixels that are y_ld numbers apart; z has C numbers a pixel, and so has `winners`.
void pool_and_activate(const Real* y, Index y_ld, Index n_rows, Index W, Index C, const PoolWindow& window, Real slope,
                       Real* z, std::uint8_t* winners);

// (2) for one row of the convolution output: row number i within its windows, W pixels of C numbers; dz' and winners of
// the row of windows.
void spread_gradient(const Real* dz, const std::uint8_t* winners, Index i, Index W, Index C, const PoolWindow& window,
                     Real* dy_row);

}  // namespace autodiff::kernels
