// Direct convolution of one slab on the register tile (image_slab.h gives the layout of its input).
//
// The weight is packed once per call into panels of two packets of output channels,
//
//   panels[b][(i KW + j) C + c][l] = A[i,j,c, b L + l],    L = panel_width, zero beyond the last channel        (1)
//
// so that a tile reads it from first to last while its sums over all taps and channels stay in registers. For
// backward-weights dy is packed likewise, slab by slab, with the pixels in the place of the taps:
//
//   panels[b][pixel][l] = dy[pixel, b L + l]                                                                    (2)
//
// (unpacked, the lines of the pixels would lie a power of two apart and compete for the same places in the cache).
//
// O_padded is the number of output channels rounded up to whole packets. Pixels of the output are O_padded apart.
#pragma once

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {

struct PackedKernel {
  Index O_padded;
  PooledArray<Real> panels;  // (1)
  Buffer bias;               // O_padded numbers
};

// weight KH x KW x C x O, bias O numbers; without a bias: zeros.
PackedKernel pack_kernel(const Tensor& weight, const Real* bias = nullptr);

// The kernel of backward-data: A'[i,j,o,c] = A[KH-1-i, KW-1-j, c, o].
Tensor turned(const Tensor& weight);

// y[pixel,o] = bias[o] + sum_k a[pixel,k] A[k,o], or y += the sum where `accumulate`.
void convolve_runs(const TileRuns& x, const PackedKernel& kernel, bool accumulate, Real* y);

// n_pixels pixels of O numbers in the form (2), into the place of the first of them in panels of `panel_pixels` pixels.
void pack_pixels(const Real* y, Index n_pixels, Index O, Real* panels, Index panel_pixels);
inline Index panels_size(Index n_pixels, Index O) {
  return (O + panel_width - 1) / panel_width * panel_width * n_pixels;
}

// dA[k,o] = or, where `accumulate`, += sum_pixel a[pixel,k] dy[pixel,o]; rows of dA are O_padded apart.
void weight_gradient_of_runs(const TileRuns& x, const Real* dy_panels, Index O_padded, bool accumulate, Real* dA);

// sum[o] = or += sum_pixel y[pixel,o], from the form (2).
void pixel_sums(const Real* panels, Index n_pixels, Index O_padded, bool accumulate, Real* sum);

}  // namespace autodiff::kernels
