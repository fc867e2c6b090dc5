// Radians of a degree: 30 * deg is an angle.
#pragma once

#include <numbers>

namespace support {

inline constexpr double deg = std::numbers::pi / 180.0;

}  // namespace support
