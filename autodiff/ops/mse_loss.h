// Mean squared error over all n elements, the loss that FMNet is trained with:
//
//   L = (1/n) sum_i (y_i - t_i)^2                                                 (1)
//   dy_i += (2/n) (y_i - t_i) dL                                                  (2)
//
// The sum runs in double over a fixed partition, so that the same bits come out on any number of threads.
//
// y and the target t of equal shape with n >= 1 (std::invalid_argument otherwise); returns 1 x 1 x 1 x 1.
// The target is a constant: no gradient flows into it.
// Definition: reference/mse_loss.h.
#pragma once

#include "autodiff/variable.h"

namespace autodiff {

Variable mse_loss(const Variable& y, Tensor target);

}  // namespace autodiff
