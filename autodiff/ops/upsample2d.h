// Enlargement by whole factors, each pixel becoming a block of fh x fw equal ones (nearest neighbour):
//
//   y[n,h,w,c] = x[n, floor(h/fh), floor(w/fw), c]                                (1)
//
//   dx[n,h,w,c] += sum_{0<=i<fh, 0<=j<fw} dy[n, h fh + i, w fw + j, c]            (2)
//
// x (N, H, W, C), fh and fw at least 1 (std::invalid_argument otherwise); returns (N, H fh, W fw, C).
// The result does not depend on the number of threads.
//
// Cost: one pass over y, in each direction.
// Definition: reference/upsample2d.h evaluates (1) as written.
#pragma once

#include "autodiff/variable.h"

namespace autodiff {

Variable upsample2d(const Variable& x, Index fh, Index fw);

}  // namespace autodiff
