// Two-dimensional cross-correlation with stride 1 and zero padding, the output as
// high and wide as the input ("same" padding):
//
//   y[n,h,w,o] = b[o] + sum_{i,j,c} A[i,j,c,o] x[n,h+i-p,w+j-q,c]                 (1)
//
// with p = (KH-1)/2, q = (KW-1)/2 and x = 0 outside the image. What deep learning
// calls a convolution is this correlation: the kernel is not flipped.
//
//   dA[i,j,c,o] += sum_{n,h,w} x[n,h+i-p,w+j-q,c] dy[n,h,w,o]                     (2)
//   db[o]       += sum_{n,h,w} dy[n,h,w,o]                                        (3)
//   dx[n,h,w,c] += sum_{i,j,o} A[i,j,c,o] dy[n,h-i+p,w-j+q,o]                     (4)
//
// (4) is (1) with the kernel turned by 180 degrees and its channels exchanged.
//
// x (N, H, W, C); weight A (KH, KW, C, O), KH and KW odd; bias b (1, 1, 1, O).
// Returns (N, H, W, O). The result does not depend on the number of threads.
// std::invalid_argument where the shapes do not fit.
//
// Cost: N H W KH KW C O multiply-adds, twice that backward.
// Definition: reference/conv2d.h evaluates (1) to (4) as written. Fast path: kernels/convolution.h.
#pragma once

#include <string>

#include "autodiff/variable.h"

namespace autodiff {

Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias);

// Throws std::invalid_argument, naming `function` and the tensor at fault, unless the four shapes fit as stated above.
void check_conv2d_shapes(const char* function, const Shape& x, const Shape& weight, const Shape& bias, const Shape& y);

}  // namespace autodiff
