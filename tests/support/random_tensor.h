// Tensors of standard normal numbers, a function of shape and seed.
#pragma once

#include <cstdint>

#include "autodiff/tensor.h"
#include "data/random.h"

namespace support {

inline autodiff::Tensor random_tensor(const autodiff::Shape& shape, std::uint64_t seed) {
  data::RandomStream random(seed, 0);
  autodiff::Tensor t(shape);
  for (autodiff::Index i = 0; i < t.size(); ++i) t[i] = static_cast<autodiff::Real>(random.normal());
  return t;
}

}  // namespace support
