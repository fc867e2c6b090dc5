// The scalar and the integer of the whole module.
//
// Real   float in every build that trains or predicts, double in the "audit" build (CMake variable FMNET_REAL), where
//        gradients are checked against central differences: the code is the same, the rounding 5e8 times smaller.
// Index  signed 64-bit. The training set has 787320 x 48 x 128 = 4.8e9 numbers, beyond 32 bits, and differences of
//        indices (h + i - p) are negative outside the image.
#pragma once

#include <cstdint>
#include <type_traits>

namespace autodiff {

using Real = std::conditional_t<AUTODIFF_REAL_IS_DOUBLE, double, float>;
using Index = std::int64_t;

}  // namespace autodiff
