// The definition of LeakyReLU: equation (1) of ops/leaky_relu.h, one element after the other. Used by tests.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

Tensor leaky_relu(const Tensor& x, double slope);

}  // namespace autodiff::reference
