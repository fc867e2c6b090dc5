#include "autodiff/ops/leaky_relu.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {

Variable leaky_relu(const Variable& x, double slope) {
  if (!(slope > 0 && slope <= 1)) {
    throw std::invalid_argument("leaky_relu: slope = " + std::to_string(slope) + ": must be above 0 and at most 1");
  }
  const Real s = static_cast<Real>(slope);
  Tensor y = Tensor::uninitialized(x.shape());
  const Real* const in = x.value().data();
  Real* const out = y.data();
  for_each_block(y.size(), [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) out[i] = std::max(in[i], s * in[i]);  // (1), since s <= 1
  });

  return Variable::result_of(std::move(y), {x}, [x, s](const Tensor& y_now, Tensor dy) {
    const Real* const sign = y_now.data();
    Real* const d = dy.data();
    for_each_block(dy.size(), [=](Index begin, Index end) {
      // A factor computed from p, 1 or 0, without a branch: signs are random, and half the predictions would fail.
      for (Index i = begin; i < end; ++i) {
        const auto p = static_cast<Real>(sign[i] > 0);
        d[i] *= p + (1 - p) * s;  // (2)
      }
    });
    x.add_to_gradient(std::move(dy));
  });
}

}  // namespace autodiff
