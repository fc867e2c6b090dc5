// The definition of max pooling: equation (1) of ops/max_pool2d.h as nested loops, and the pixel that equation (2) gives
// the gradient to, found by its own search. Slow; used by tests.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

Tensor max_pool2d(const Tensor& x, Index ph, Index pw);

// dx of (2) for dy, from zero.
Tensor max_pool2d_backward(const Tensor& x, const Tensor& dy, Index ph, Index pw);

}  // namespace autodiff::reference
