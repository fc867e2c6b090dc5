// The middle of some numbers; of an even count the mean of the two in the middle.
#pragma once

#include <algorithm>
#include <vector>

namespace support {

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return 0.5 * (values.at((n - 1) / 2) + values.at(n / 2));
}

}  // namespace support
