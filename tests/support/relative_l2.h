// |a - b| / |b| over all elements of two tensors of the same shape.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "autodiff/tensor.h"

namespace support {

inline double relative_l2(const autodiff::Tensor& a, const autodiff::Tensor& b) {
  double difference = 0.0, size = 0.0;
  EXPECT_EQ(a.shape(), b.shape());
  for (autodiff::Index i = 0; i < b.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    difference += d * d;
    size += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return std::sqrt(difference / size);
}

}  // namespace support
