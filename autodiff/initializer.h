// Initial weights by the rule of Glorot & Bengio (2010), equation 16: uniform in
//
//   [-l, l),   l = sqrt(6 / (fan_in + fan_out))                                   (1)
//
// whose variance l^2/3 = 2 / (fan_in + fan_out) keeps the spread of activations, going forward, and of gradients, going
// backward, about equal from layer to layer. For a convolution fan_in = KH KW C and fan_out = KH KW O.
//
// Each weight takes one number u in [0, 1) from the generator, in order of memory, and is l (2 u - 1).
// std::invalid_argument if a fan is not positive.
#pragma once

#include <functional>

#include "autodiff/tensor.h"

namespace autodiff {

// A source of numbers uniform in [0, 1); this module has no generator of its own.
using Uniform01 = std::function<double()>;

void glorot_uniform(Tensor& weight, Index fan_in, Index fan_out, const Uniform01& uniform01);

}  // namespace autodiff
