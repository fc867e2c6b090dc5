// 3x3 convolution of one slab by Winograd's transforms (winograd.h) around 36 matrix products on the register tile.
//
// The halo of a slab (image_slab.h) is covered by tiles of 6 x 6 pixels that overlap by two; each gives 4 x 4 pixels of
// the output. Rows and columns of the output beyond the image are computed from zeros and dropped. With t counting the
// tiles of a slab (image by image, row by row) and pl = 0..35 the planes:
//
//   V[pl][t,c]      = input transform of tile t                                                            (1)
//   M[pl][t,o]      = sum_c V[pl][t,c] U[pl][c,o],     y = bias + output transform of M                     (2)
//   dU[pl][c,o]    (+)= sum_t V[pl][t,c] dM[pl][t,o],    dM = gradient transform of dy                        (3)
//   dA[:,:,c,o]     = weight-gradient transform of dU[:][c,o]                                               (4)
//
// (2) and (3) run panel by panel of two packets of output channels, so that M and dM of a panel stay in the cache; V is
// made once. The planes of V and U are an odd number of cache lines apart (single precision), those of M and dM an odd
// number of packets: a power of two would let all 36 compete for the same places.
#pragma once

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {

struct WinogradKernel {
  Index C, O_padded;
  PooledArray<Real> U;  // panel, plane, c, panel_width numbers; planes plane_stride() apart
  Buffer bias;          // O_padded numbers

  // Planes of a panel: an odd number of cache lines apart.
  Index plane_stride() const { return C * panel_width + 16; }
};

// weight 3 x 3 x C x O, C a multiple of the packet size; bias O numbers; without one: zeros.
WinogradKernel winograd_kernel(const Tensor& weight, const Real* bias = nullptr);

// The tiles of one slab of images W pixels wide and C channels deep.
struct WinogradTiles {
  Index n_images, n_rows, W, C;

  Index tile_rows() const { return (n_rows + 3) / 4; }
  Index tile_columns() const { return (W + 3) / 4; }
  Index n_tiles() const { return n_images * tile_rows() * tile_columns(); }
  Index padded_rows() const { return 4 * tile_rows(); }
  Index padded_W() const { return 4 * tile_columns(); }
  Index plane_stride() const { return (n_tiles() * C + 31) / 32 * 32 + 16; }
};

// (1); the halo is padded to padded_rows() and padded_W().
void winograd_input_planes(const WinogradTiles& tiles, const Real* halo, Real* V);

// (2); y is set, or added to where `accumulate`. Its pixels are O_padded apart. M grows to what a panel needs.
void winograd_convolve(const WinogradTiles& tiles, const Real* V, const WinogradKernel& kernel, bool accumulate,
                       Buffer& M, Real* y);

// (3); dy in packed panels (direct_convolution.h, equation 2), dU plane by plane, rows of O_padded numbers: set, or added
// to where `accumulate`.
void winograd_weight_products(const WinogradTiles& tiles, const Real* V, const Real* dy_panels, Index O_padded,
                              bool accumulate, Buffer& dM, Real* dU);

// (4) for n neighbouring numbers of dU, whole packets: planes plane_stride apart, dA's taps tap_stride.
void winograd_weight_gradients(const Real* dU, Index plane_stride, Index n, Real* dA, Index tap_stride);

}  // namespace autodiff::kernels
