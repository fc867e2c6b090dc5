// The definition of enlargement: equation (1) of ops/upsample2d.h as nested loops. Slow; used by tests.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

Tensor upsample2d(const Tensor& x, Index fh, Index fw);

}  // namespace autodiff::reference
