// Direct convolution of one slab on the register tile (image_slab.h gives the layout of its input).
//
// The weight is packed once per call into panels of two packets of output channels,
//
//   panels[b][(i KW + j) C + c][l] = A[i,j,c, b L + l],    L = panel_width, zero beyond the last channel        (1)
//
// so that a tile reads it from first to last. Where a kernel row has many terms (K = KW C), a panel's share of one kernel row
// (192 x 16 numbers = 12 KB for 64 channels) stays in the first-level cache while all pixels of a run pass over it, and
// the KH partial sums are added in memory; where it has few (C = 1), the tile sums all kernel rows in registers.
//
// O_padded is the number of output channels rounded up to whole packets. Pixels of the output are O_padded apart.
#pragma once

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {

struct PackedKernel {
  KernelExtent extent;
  Index O, O_padded;
  Buffer panels;  // (1)
  Buffer bias;    // O_padded numbers
};

// weight KH x KW x C x O, bias O numbers; without a bias: zeros.
PackedKernel pack_kernel(const Tensor& weight, const Real* bias = nullptr);

// The kernel of backward-data: A'[i,j,o,c] = A[KH-1-i, KW-1-j, c, o].
Tensor turned(const Tensor& weight);

// y[pixel,o] = bias[o] + sum_k a[pixel,k] A[k,o], or y += the sum where `accumulate`.
void convolve_runs(const TileRuns& x, const PackedKernel& kernel, bool accumulate, Real* y);

// dA[k,o] += sum_pixel a[pixel,k] dy[pixel,o]; rows of dA and pixels of dy are O_padded apart.
void weight_gradient_of_runs(const TileRuns& x, const Real* dy, Index dy_run_stride, Index O_padded, Real* dA);

// sum[o] += sum_pixel dy[pixel,o] for O_padded channels.
void add_column_sums(const Real* dy, Index n_pixels, Index O_padded, Real* sum);

}  // namespace autodiff::kernels
