#include "autodiff/reference/max_pool2d.h"

#include <algorithm>
#include <limits>

namespace autodiff::reference {

Tensor max_pool2d(const Tensor& x, Index ph, Index pw) {
  const auto [N, H, W, C] = x.shape();
  Tensor y({N, H / ph, W / pw, C});
  y.fill(-std::numeric_limits<Real>::infinity());
  for (Index n = 0; n < N; ++n) {
    for (Index h = 0; h < H; ++h) {
      for (Index w = 0; w < W; ++w) {
        for (Index c = 0; c < C; ++c) {
          Real& maximum = y(n, h / ph, w / pw, c);
          maximum = std::max(maximum, x(n, h, w, c));  // (1)
        }
      }
    }
  }
  return y;
}

Tensor max_pool2d_backward(const Tensor& x, const Tensor& dy, Index ph, Index pw) {
  const Tensor y = max_pool2d(x, ph, pw);
  const auto [N, H, W, C] = x.shape();
  Tensor given(dy.shape()), dx(x.shape());
  for (Index n = 0; n < N; ++n) {
    for (Index h = 0; h < H; ++h) {
      for (Index w = 0; w < W; ++w) {
        for (Index c = 0; c < C; ++c) {
          const Index H_y = h / ph, W_y = w / pw;
          if (x(n, h, w, c) != y(n, H_y, W_y, c) || given(n, H_y, W_y, c) != 0) continue;
          dx(n, h, w, c) = dy(n, H_y, W_y, c);  // (2)
          given(n, H_y, W_y, c) = 1;
        }
      }
    }
  }
  return dx;
}

}  // namespace autodiff::reference
