// The first stage of FMNet: a 3x3 convolution of images of one channel, pooled over 2x2 pixels and bent on the spot.
//
// With one channel the sum of a convolution has nine terms. The register tile (register_tile.h) would spend its time
// on writing results, and these would fill four times the memory that the pool leaves of them. Here the nine weights of
// a packet of output channels stay in registers along a row; the four pixels of a window are summed, compared and bent
// in registers, and only z and the winner are written:
//
//   v[a,b,o] = b[o] + sum_{i,j < 3} A[i,j,o] x[2h + a + i - 1, 2w + b + j - 1],   a, b < 2                 (1)
//   z[h,w,o] = f(max_{a,b} v[a,b,o])                                                                       (2)
//
// with f and the winner k = 2 a + b of pool_activate.h. Backward, with dz' = f' dz, only the winner of a window passes a
// gradient on,
//
//   dA[i,j,o] += sum_{h,w} dz'[h,w,o] x[2h + a + i - 1, 2w + b + j - 1],   2 a + b the winner of (h,w,o)   (3)
//   db[o]     += sum_{h,w} dz'[h,w,o]                                                                      (4)
//
// summed along a row of windows in registers, then added to the sums so far. There is no gradient of x: images of one
// channel are what the network is given.
//
// (1) adds the nine products in the order of the taps, then the bias. So does the direct convolution on rows shorter than
// 12 pixels, which it gathers into patches: z and winners then have the bits of convolution and pool_and_activate(). On
// longer rows that one adds up three sums of three, and the two differ by rounding. Cost: 36 multiply-adds a window and channel in each direction.
#pragma once

#include <cstdint>

#include "autodiff/kernels/pool_activate.h"

namespace autodiff::kernels {

// C = 1, 3x3 taps, windows of 2x2, output channels in whole packets.
bool one_channel_serves(const Shape& images, const Shape& weight, const PoolWindow& window);

// (1), (2) for one row of windows. x: four rows of W + 2 numbers, the first and the last number of each and rows
// beyond the image zero; weight 9 x O, bias O, W / 2 windows of O numbers in z and winners (null: not wanted).
void one_channel_row(const Real* x, Index W, const Real* weight, const Real* bias, Index O, Real slope, Real* z,
                     std::uint8_t* winners);

// (3), (4) for one row of windows, the same x, and n_channels of the O output channels from the first one on, in whole
// packets. dz, winners and sums begin with channel 0. sums: db, then dA, O numbers each.
void add_one_channel_gradients(const Real* x, Index W, const Real* dz, const std::uint8_t* winners, Index O,
                               Index first, Index n_channels, Real* sums);

}  // namespace autodiff::kernels
