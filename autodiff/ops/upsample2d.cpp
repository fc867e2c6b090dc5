#include "autodiff/ops/upsample2d.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

void enlarge_row(const Tensor& x, Index fh, Index fw, Index n, Index h, Tensor& y) {
  for (Index w = 0; w < y.shape().w; ++w) {
    std::copy_n(x.pixel(n, h / fh, w / fw), x.shape().c, y.pixel(n, h, w));  // (1)
  }
}

void gather_row(const Tensor& dy, Index fh, Index fw, Index n, Index h, Tensor& dx) {
  const auto [N, H, W, C] = dx.shape();
  for (Index w = 0; w < W; ++w) {
    Real* const sum = dx.pixel(n, h, w);
    std::copy_n(dy.pixel(n, h * fh, w * fw), C, sum);
    for (Index k = 1; k < fh * fw; ++k) {
      const Real* const term = dy.pixel(n, h * fh + k / fw, w * fw + k % fw);
      for (Index c = 0; c < C; ++c) sum[c] += term[c];  // (2)
    }
  }
}

}  // namespace

Variable upsample2d(const Variable& x, Index fh, Index fw) {
  if (fh < 1 || fw < 1) {
    throw std::invalid_argument("upsample2d: factors = " + std::to_string(fh) + " x " + std::to_string(fw) +
                                ": must be at least 1");
  }
  const auto [N, H, W, C] = x.shape();
  Tensor y = Tensor::uninitialized({N, H * fh, W * fw, C});
  for_each_row(y.shape(), [&](Index n, Index h) { enlarge_row(x.value(), fh, fw, n, h, y); });

  return Variable::result_of(std::move(y), {x}, [x, fh, fw](const Tensor&, const Tensor& dy) {
    Tensor dx = Tensor::uninitialized(x.shape());
    for_each_row(dx.shape(), [&](Index n, Index h) { gather_row(dy, fh, fw, n, h, dx); });
    x.add_to_gradient(std::move(dx));
  });
}

}  // namespace autodiff
