// The precision of the network in this build.
#pragma once

#include "autodiff/tensor.h"

namespace support {

inline constexpr bool real_is_double = sizeof(autodiff::Real) == sizeof(double);
// Distance from 1 to the next Real.
inline constexpr double epsilon = real_is_double ? 2.3e-16 : 1.2e-7;

}  // namespace support
