#include "autodiff/reference/conv2d.h"

#include "autodiff/ops/conv2d.h"

namespace autodiff::reference {

void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y) {
  check_conv2d_shapes("reference::convolve", x.shape(), weight.shape(), bias.shape(), y.shape());
  const auto [KH, KW, C, O] = weight.shape();
  const auto [N, H, W, C_x] = x.shape();
  const Index p = (KH - 1) / 2, q = (KW - 1) / 2;
  for (Index n = 0; n < N; ++n) {
    for (Index h = 0; h < H; ++h) {
      for (Index w = 0; w < W; ++w) {
        for (Index o = 0; o < O; ++o) {
          double sum = bias[o];
          for (Index i = 0; i < KH; ++i) {
            for (Index j = 0; j < KW; ++j) {
              const Index row = h + i - p, column = w + j - q;
              if (row < 0 || row >= H || column < 0 || column >= W) continue;
              for (Index c = 0; c < C; ++c) sum += double(weight(i, j, c, o)) * x(n, row, column, c);
            }
          }
          y(n, h, w, o) = static_cast<Real>(sum);  // (1)
        }
      }
    }
  }
}

void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx) {
  check_conv2d_shapes("reference::convolve_backward_data", dx.shape(), weight.shape(), per_channel(weight.shape().c),
                      dy.shape());
  const auto [KH, KW, C, O] = weight.shape();
  const auto [N, H, W, C_x] = dx.shape();
  const Index p = (KH - 1) / 2, q = (KW - 1) / 2;
  for (Index n = 0; n < N; ++n) {
    for (Index h = 0; h < H; ++h) {
      for (Index w = 0; w < W; ++w) {
        for (Index c = 0; c < C; ++c) {
          double sum = 0;
          for (Index i = 0; i < KH; ++i) {
            for (Index j = 0; j < KW; ++j) {
              const Index row = h - i + p, column = w - j + q;
              if (row < 0 || row >= H || column < 0 || column >= W) continue;
              for (Index o = 0; o < O; ++o) sum += double(weight(i, j, c, o)) * dy(n, row, column, o);
            }
          }
          dx(n, h, w, c) += static_cast<Real>(sum);  // (4)
        }
      }
    }
  }
}

void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias) {
  check_conv2d_shapes("reference::convolve_backward_weight", x.shape(), dweight.shape(), dbias.shape(), dy.shape());
  const auto [KH, KW, C, O] = dweight.shape();
  const auto [N, H, W, C_x] = x.shape();
  const Index p = (KH - 1) / 2, q = (KW - 1) / 2;
  for (Index o = 0; o < O; ++o) {
    double sum = 0;
    for (Index n = 0; n < N; ++n) {
      for (Index h = 0; h < H; ++h) {
        for (Index w = 0; w < W; ++w) sum += dy(n, h, w, o);
      }
    }
    dbias[o] += static_cast<Real>(sum);  // (3)
  }
  for (Index i = 0; i < KH; ++i) {
    for (Index j = 0; j < KW; ++j) {
      for (Index c = 0; c < C; ++c) {
        for (Index o = 0; o < O; ++o) {
          double sum = 0;
          for (Index n = 0; n < N; ++n) {
            for (Index h = 0; h < H; ++h) {
              for (Index w = 0; w < W; ++w) {
                const Index row = h + i - p, column = w + j - q;
                if (row < 0 || row >= H || column < 0 || column >= W) continue;
                sum += double(x(n, row, column, c)) * dy(n, h, w, o);
              }
            }
          }
          dweight(i, j, c, o) += static_cast<Real>(sum);  // (2)
        }
      }
    }
  }
}

}  // namespace autodiff::reference
