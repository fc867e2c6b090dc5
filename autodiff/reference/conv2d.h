// The definition of two-dimensional cross-correlation and of its three gradients: the sums of ops/conv2d.h, equations
// (1) to (4), as nested loops over every index, each sum accumulated in double. Slow; used by tests and benchmarks.
//
// Shapes and the meaning of += are those of ops/conv2d.h. std::invalid_argument where they do not fit.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

// y = (1); y is overwritten and must have its final shape.
void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y);

// dx += (4)
void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx);

// dweight += (2), dbias += (3)
void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias);

}  // namespace autodiff::reference
