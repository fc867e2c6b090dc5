// The definition of the mean squared error: equation (1) of ops/mse_loss.h as one sum. Used by tests.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

double mse_loss(const Tensor& y, const Tensor& target);

}  // namespace autodiff::reference
