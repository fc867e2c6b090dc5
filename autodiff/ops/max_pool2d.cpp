#include "autodiff/ops/max_pool2d.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

// For each element of y, the number i pw + j of the pixel in its window that holds the maximum; empty where there is no way
// back.
using Winners = List<std::uint8_t>;

Shape pooled(const Shape& x, Index ph, Index pw) {
  const auto window = [=] { return std::to_string(ph) + " x " + std::to_string(pw); };
  if (!(ph >= 1 && pw >= 1 && ph * pw <= 256)) {
    throw std::invalid_argument("max_pool2d: window = " + window() + ": must hold 1 to 256 pixels");
  }
  if (x.h % ph != 0 || x.w % pw != 0) {
    throw std::invalid_argument("max_pool2d: shape of x = " + to_string(x) +
                                ": height and width must be multiples of the window's, " + window());
  }
  return {x.n, x.h / ph, x.w / pw, x.c};
}

// Takes the pixel v, number k of its window, where it exceeds the maximum y so far, or is a NaN. winner: null where nobody
// asks for it.
void take_larger(const Real* v, std::uint8_t k, Index C, Real* y, std::uint8_t* winner) {
  for (Index c = 0; c < C; ++c) {
    const bool larger = v[c] > y[c] || v[c] != v[c];
    y[c] = larger ? v[c] : y[c];
    if (winner != nullptr) winner[c] = larger ? k : winner[c];
  }
}

void pool_row(const Tensor& x, Index ph, Index pw, Index n, Index h, Tensor& y, Winners& winners) {
  const auto [N, H, W, C] = y.shape();
  for (Index w = 0; w < W; ++w) {
    Real* const maximum = y.pixel(n, h, w);
    std::uint8_t* const winner = winners.empty() ? nullptr : winners.data() + (maximum - y.data());  // made of zeros
    std::copy_n(x.pixel(n, h * ph, w * pw), C, maximum);
    for (Index k = 1; k < ph * pw; ++k) {
      take_larger(x.pixel(n, h * ph + k / pw, w * pw + k % pw), static_cast<std::uint8_t>(k), C, maximum,
                  winner);  // (1)
    }
  }
}

void spread_row(const Tensor& dy, const Winners& winners, Index ph, Index pw, Index n, Index h, Tensor& dx) {
  const auto [N, H, W, C] = dy.shape();
  for (Index w = 0; w < W; ++w) {
    const Real* const gradient = dy.pixel(n, h, w);
    const std::uint8_t* const winner = winners.data() + (gradient - dy.data());
    for (Index k = 0; k < ph * pw; ++k) {
      Real* const d = dx.pixel(n, h * ph + k / pw, w * pw + k % pw);
      for (Index c = 0; c < C; ++c) d[c] = winner[c] == k ? gradient[c] : Real(0);  // (2)
    }
  }
}

}  // namespace

Variable max_pool2d(const Variable& x, Index ph, Index pw) {
  Tensor y = Tensor::uninitialized(pooled(x.shape(), ph, pw));
  Winners winners(is_recorded({x}) ? static_cast<std::size_t>(y.size()) : 0);
  for_each_row(y.shape(), [&](Index n, Index h) { pool_row(x.value(), ph, pw, n, h, y, winners); });

  BackwardRule rule = [x, ph, pw, winners = std::move(winners)](const Tensor&, const Tensor& dy) {
    Tensor dx = Tensor::uninitialized(x.shape());
    for_each_row(dy.shape(), [&](Index n, Index h) { spread_row(dy, winners, ph, pw, n, h, dx); });
    x.add_to_gradient(std::move(dx));
  };
  return Variable::result_of(std::move(y), {x}, std::move(rule));
}

}  // namespace autodiff
