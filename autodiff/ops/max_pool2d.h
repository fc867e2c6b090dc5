// Maximum over windows of ph x pw pixels that neither overlap nor leave a rest, channel by channel:
//
//   y[n,h,w,c] = max_{0<=i<ph, 0<=j<pw} x[n, h ph + i, w pw + j, c]               (1)
//
//   dx[n, h ph + i, w pw + j, c] += dy[n,h,w,c]  where (i,j) is where the maximum was found,  0 elsewhere   (2)
//
// Ties: of equal values the first in row-major order, i before j, is the maximum, and alone receives the gradient. They
// are common: before the first arrival synthetics are exactly zero. (Where values tie, (1) has no derivative; (2) is
// one element of its subdifferential.) A NaN in the window is its maximum: nothing hides it.
//
// x (N, H, W, C) with H a multiple of ph and W of pw; returns (N, H/ph, W/pw, C). ph pw <= 256.
// std::invalid_argument otherwise. The result does not depend on the number of threads.
//
// Cost: one pass over x forward; backward one pass over dx, and, where it is recorded, one byte kept for each element of y.
// Definition: reference/max_pool2d.h evaluates (1) as written.
#pragma once

#include "autodiff/variable.h"

namespace autodiff {

Variable max_pool2d(const Variable& x, Index ph, Index pw);

}  // namespace autodiff
