// A dense four-dimensional array: N images of H rows, W columns and C channels, the channels last.
//
//   t(n,h,w,c) lies at t.data()[((n H + h) W + w) C + c]                          (1)
//
// without gaps, so that all channels of one pixel are neighbours, and the pixels of one row follow each other. Other
// objects take the same form: a convolution kernel is KH x KW x C_in x C_out, a bias or any number per channel is
// 1 x 1 x 1 x C, a scalar is 1 x 1 x 1 x 1.
//
// A Tensor is a plain value: a copy is a deep copy, a move leaves an empty tensor (0 x 0 x 0 x 0) behind, equality is
// element by element. The first element lies on a 64-byte boundary (a cache line, an AVX-512 register).
//
// Shapes with a negative extent, and a number of values that does not fit the shape, are refused with
// std::invalid_argument. Element access checks its indices by assert.
#pragma once

#include <cassert>
#include <string>
#include <vector>

#include "autodiff/buffer_pool.h"

namespace autodiff {

struct Shape {
  Index n = 0, h = 0, w = 0, c = 0;

  Index size() const { return n * h * w * c; }
  Index n_pixels() const { return n * h * w; }
  bool operator==(const Shape&) const = default;
};

// "16 x 48 x 128 x 1"
std::string to_string(const Shape& shape);

// The shape of one number per channel: 1 x 1 x 1 x C.
inline Shape per_channel(Index n_channels) { return {1, 1, 1, n_channels}; }

class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(const Shape& shape);  // zeros
  Tensor(const Shape& shape, const std::vector<Real>& values);
  // Memory that the caller writes before reading; where assertions are on, it is filled with NaN.
  static Tensor uninitialized(const Shape& shape);

  Tensor(const Tensor& other);
  Tensor(Tensor&& other) noexcept;
  Tensor& operator=(Tensor other) noexcept;
  ~Tensor() = default;

  const Shape& shape() const { return shape_; }
  Index size() const { return shape_.size(); }
  bool empty() const { return size() == 0; }

  Real* data() { return values_.data(); }
  const Real* data() const { return values_.data(); }
  Real& operator[](Index i) { return values_.data()[checked(i)]; }
  const Real& operator[](Index i) const { return values_.data()[checked(i)]; }
  Real& operator()(Index n, Index h, Index w, Index c) { return values_.data()[offset(n, h, w, c)]; }
  const Real& operator()(Index n, Index h, Index w, Index c) const { return values_.data()[offset(n, h, w, c)]; }
  // The C channels of one pixel.
  Real* pixel(Index n, Index h, Index w) { return values_.data() + offset(n, h, w, 0); }
  const Real* pixel(Index n, Index h, Index w) const { return values_.data() + offset(n, h, w, 0); }

  void fill(Real value);
  // The same values in the same order under another shape of the same size.
  void reshape(const Shape& shape);
  bool operator==(const Tensor& other) const;

 private:
  Index checked(Index i) const {
    assert(i >= 0 && i < size());
    return i;
  }
  Index offset(Index n, Index h, Index w, Index c) const {
    assert(n >= 0 && n < shape_.n && h >= 0 && h < shape_.h && w >= 0 && w < shape_.w && c >= 0 && c < shape_.c);
    return ((n * shape_.h + h) * shape_.w + w) * shape_.c + c;  // (1)
  }

  Shape shape_;
  PooledArray<Real> values_;
};

// a += b, element by element; the shapes must be equal.
void add_to(Tensor& a, const Tensor& b);

}  // namespace autodiff
