// The identity for positive numbers, a smaller slope s for the others, element by element:
//
//   y = x  if x > 0,  s x  otherwise                                              (1)
//   dx += dy  if x > 0,  s dy  otherwise                                          (2)
//
// At x = 0, where (1) has a kink, (2) takes the slope s. FMNet has s = 0.2 (Keras' and PyTorch's names for s: alpha,
// negative_slope).
//
// x of any shape; 0 < s <= 1 (std::invalid_argument otherwise). A positive s gives y the sign of x, so that (2) can
// read it there and x need not be kept. The result does not depend on the number of threads.
//
// Cost: one pass over x forward, one over dy backward, which becomes dx in its place.
// Definition: reference/leaky_relu.h.
#pragma once

#include "autodiff/variable.h"

namespace autodiff {

Variable leaky_relu(const Variable& x, double slope);

}  // namespace autodiff
