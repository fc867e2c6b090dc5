#include "autodiff/initializer.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace autodiff {

void glorot_uniform(Tensor& weight, Index fan_in, Index fan_out, const Uniform01& uniform01) {
  if (fan_in < 1 || fan_out < 1) {
    throw std::invalid_argument("glorot_uniform: fan_in, fan_out = " + std::to_string(fan_in) + ", " +
                                std::to_string(fan_out) + ": must be positive");
  }
  const double l = std::sqrt(6 / static_cast<double>(fan_in + fan_out));  // (1)
  for (Index i = 0; i < weight.size(); ++i) weight[i] = static_cast<Real>(l * (2 * uniform01() - 1));
}

}  // namespace autodiff
