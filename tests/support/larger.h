// The largest of many numbers, for a comparison that NaN must fail: std::max(x, NaN) is x.
#pragma once

#include <cmath>

namespace support {

// NaN where one of the two is.
inline double larger(double a, double b) { return b > a || std::isnan(b) ? b : a; }

}  // namespace support
