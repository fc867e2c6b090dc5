#include "autodiff/tensor.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {

std::string to_string(const Shape& shape) {
  return std::to_string(shape.n) + " x " + std::to_string(shape.h) + " x " + std::to_string(shape.w) + " x " +
         std::to_string(shape.c);
}

Tensor Tensor::uninitialized(const Shape& shape) {
  if (shape.n < 0 || shape.h < 0 || shape.w < 0 || shape.c < 0) {
    throw std::invalid_argument("Tensor: shape = " + to_string(shape) + ": every extent must be at least 0");
  }
  Tensor tensor;
  tensor.shape_ = shape;
  if (shape.size() == 0) return tensor;
  tensor.values_ = PooledArray<Real>(shape.size());
#ifndef NDEBUG
  tensor.fill(std::numeric_limits<Real>::quiet_NaN());
#endif
  return tensor;
}

Tensor::Tensor(const Shape& shape) : Tensor(uninitialized(shape)) { fill(0); }

Tensor::Tensor(const Shape& shape, const std::vector<Real>& values) : Tensor(uninitialized(shape)) {
  if (static_cast<Index>(values.size()) != size()) {
    throw std::invalid_argument("Tensor: number of values = " + std::to_string(values.size()) + ": the shape " +
                                to_string(shape) + " holds " + std::to_string(size()));
  }
  std::copy(values.begin(), values.end(), data());
}

Tensor::Tensor(const Tensor& other) : Tensor(uninitialized(other.shape_)) { std::copy_n(other.data(), size(), data()); }

Tensor::Tensor(Tensor&& other) noexcept
    : shape_(std::exchange(other.shape_, Shape{})), values_(std::move(other.values_)) {}

Tensor& Tensor::operator=(Tensor other) noexcept {
  std::swap(shape_, other.shape_);
  std::swap(values_, other.values_);
  return *this;
}

void Tensor::fill(Real value) {
  Real* const t = data();
  for_each_block(size(), [=](Index begin, Index end) { std::fill(t + begin, t + end, value); });
}

void Tensor::reshape(const Shape& shape) {
  const bool possible = shape.n >= 0 && shape.h >= 0 && shape.w >= 0 && shape.c >= 0 && shape.size() == size();
  if (!possible) {
    throw std::invalid_argument("Tensor::reshape: shape = " + to_string(shape) + ": must hold as many values as " +
                                to_string(shape_));
  }
  shape_ = shape;
}

bool Tensor::operator==(const Tensor& other) const {
  return shape_ == other.shape_ && std::equal(data(), data() + size(), other.data());
}

void add_to(Tensor& a, const Tensor& b) {
  if (!(a.shape() == b.shape())) {
    throw std::invalid_argument("add_to: shape of b = " + to_string(b.shape()) + ": must be that of a, " +
                                to_string(a.shape()));
  }
  Real* const sum = a.data();
  const Real* const term = b.data();
  for_each_block(a.size(), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) sum[i] += term[i];
  });
}

}  // namespace autodiff
