// What every operation of autodiff is tested for, in terms of a function from leaves to a result.
//
//   expect_gradient_matches(layer, leaves)     backward() against central differences, element by element
//   expect_adjoint(layer, leaves, v, ...)      <dy, J v> = <J^T dy, v>, J v by central differences
//   expect_same_bits(layer, leaves)            value and gradients with 1 and with 4, 8 and 16 threads
//   expect_same_tensors(results)               the same for tensors of any kind, a layer's running averages among them
//   expect_near(a, b, tolerance)               largest difference of two tensors, against the largest magnitude of b
//
// In the float build the same tests run with the tolerances that float can hold; the sharp ones are those of "audit".
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "autodiff/gradient_check.h"
#include "autodiff/ops/mse_loss.h"
#include "autodiff/variable.h"
#include "tests/support/largest.h"
#include "tests/support/precision.h"
#include "tests/support/random_tensor.h"
#include "tests/support/thread_count.h"

namespace support {

using autodiff::Index;
using autodiff::Real;
using autodiff::Shape;
using autodiff::Tensor;
using autodiff::Variable;

using Layer = std::function<Variable(const std::vector<Variable>&)>;

inline double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += double(a[i]) * b[i];
  return sum;
}

inline double largest(const Tensor& t) {
  double result = 0;
  for (Index i = 0; i < t.size(); ++i) result = larger(result, std::abs(double(t[i])));
  return result;
}

inline void expect_near(const Tensor& a, const Tensor& b, double tolerance) {
  ASSERT_EQ(to_string(a.shape()), to_string(b.shape()));
  double difference = 0;
  for (Index i = 0; i < a.size(); ++i) difference = larger(difference, std::abs(double(a[i]) - b[i]));
  EXPECT_LE(difference, tolerance * largest(b));
}

// Of a case of a suite of shapes that tells its name.
inline const auto case_name = [](const auto& tested) { return tested.param.name; };

inline Variable random_leaf(const Shape& shape, std::uint64_t seed) {
  return Variable(random_tensor(shape, seed), true);
}

// The loss is the mean squared distance to a random target, so that every element of y has a gradient of its own.
inline void expect_gradient_matches(const Layer& layer, const std::vector<Variable>& leaves) {
  const Tensor target = random_tensor(layer(leaves).shape(), 991);
  const autodiff::GradientCheckSettings settings;
  const auto check = check_gradient([&] { return mse_loss(layer(leaves), target); }, leaves, settings);
  EXPECT_TRUE(check.passes(settings.tolerance))
      << "largest relative error " << check.largest_error << " in leaf " << check.worst_leaf << ", element "
      << check.worst_element << "; " << check.n_skipped << " beside a kink, " << check.n_checked << " checked";
}

// J v = (f(x + h v) - f(x - h v)) / 2h, exact but for rounding where f is linear or quadratic in the leaf; with O(h^2)
// elsewhere. Only one leaf moves. `tolerance` is relative to |dy| |J v|.
inline void expect_adjoint(const Layer& layer, std::vector<Variable> leaves, std::size_t moved, double h,
                           double tolerance) {
  const Tensor x = leaves[moved].value();
  const Tensor v = random_tensor(x.shape(), 992);
  const auto at = [&](double step) {
    for (Index i = 0; i < x.size(); ++i) leaves[moved].mutable_value()[i] = static_cast<Real>(x[i] + step * v[i]);
    return layer(leaves).value();
  };
  const Tensor ahead = at(h), behind = at(-h);
  leaves[moved].mutable_value() = x;
  Tensor Jv(ahead.shape());
  for (Index i = 0; i < Jv.size(); ++i) Jv[i] = static_cast<Real>((double(ahead[i]) - behind[i]) / (2 * h));

  const Tensor dy = random_tensor(Jv.shape(), 993);
  for (Variable& leaf : leaves) leaf.clear_gradient();
  backward(layer(leaves), dy);
  EXPECT_NEAR(dot(dy, Jv), dot(leaves[moved].gradient(), v), tolerance * std::sqrt(dot(dy, dy) * dot(Jv, Jv)));
}

inline std::vector<Tensor> value_and_gradients(const Layer& layer, std::vector<Variable> leaves) {
  for (Variable& leaf : leaves) leaf.clear_gradient();
  const Variable y = layer(leaves);
  backward(y, random_tensor(y.shape(), 994));
  std::vector<Tensor> all{y.value()};
  for (const Variable& leaf : leaves) all.push_back(leaf.gradient());
  return all;
}

// More threads than the four groups of images (image_slab.h) take another way through a convolution's backward pass.
inline void expect_same_tensors(const std::function<std::vector<Tensor>()>& results) {
  const auto run = [&](int n_threads) {
    const ThreadCount threads(n_threads);
    return results();
  };
  const std::vector<Tensor> one = run(1);
  for (const int n_threads : {4, 8, 16}) {
    const std::vector<Tensor> many = run(n_threads);
    ASSERT_EQ(many.size(), one.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_TRUE(one[i] == many[i]) << "result " << i << ", " << n_threads << " threads";
    }
  }
}

inline void expect_same_bits(const Layer& layer, const std::vector<Variable>& leaves) {
  expect_same_tensors([&] { return value_and_gradients(layer, leaves); });
}

}  // namespace support
