// The fast path of ops/conv2d.h: its equations (1) to (4), evaluated on the register tile.
//
//   convolve                  y = (1)               direct_convolution.h
//   convolve_backward_data    dx += (4)             the same with the turned kernel
//   convolve_backward_weight  dA += (2), db += (3)  the same tile with x transposed
//
// The direct method evaluates the sums as they stand. Winograd's (winograd.h) needs a quarter of the multiplications of
// a 3x3 kernel and rounds less well; where it does not serve (winograd_serves), the direct one is taken.
//
// Shapes are those of ops/conv2d.h: x (N, H, W, C), weight (KH, KW, C, O) with KH and KW odd, bias (1, 1, 1, O),
// y (N, H, W, O). Any such shape with at least one channel on both sides is served; the fastest have C and O a multiple of
// two packets. std::invalid_argument where shapes do not fit.
//
// Slabs (image_slab.h) are computed in parallel; gradients of weights are summed within at most four groups of images,
// which are added in order. The result is the same to the bit on any number of threads.
// Definition: reference/conv2d.h. Rounding: each sum has KH KW C (backward: N H W) terms, in single precision.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::kernels {

enum class ConvolutionMethod { direct, winograd };

// 3x3 kernels between 16 channels or more (the input's in whole packets), on images of at least 4 x 8 pixels.
bool winograd_serves(const Shape& images, const Shape& weight);

void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y,
              ConvolutionMethod method = ConvolutionMethod::direct);
void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx,
                            ConvolutionMethod method = ConvolutionMethod::direct);
void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias,
                              ConvolutionMethod method = ConvolutionMethod::direct);

}  // namespace autodiff::kernels
