#include "autodiff/ops/mse_loss.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {

Variable mse_loss(const Variable& y, Tensor target) {
  if (!(y.shape() == target.shape()) || y.value().empty()) {
    throw std::invalid_argument("mse_loss: shape of the target = " + to_string(target.shape()) +
                                ": must be that of y, " + to_string(y.shape()) + ", with at least one element");
  }
  const Index n = y.value().size();
  const Real* const value = y.value().data();
  const Real* const t = target.data();
  const double sum = sum_over_blocks(n, [=](Index begin, Index end) {
    double partial = 0;
    for (Index i = begin; i < end; ++i) {
      const double difference = double(value[i]) - t[i];
      partial += difference * difference;
    }
    return partial;
  });
  Tensor L(per_channel(1));
  L[0] = static_cast<Real>(sum / static_cast<double>(n));  // (1)

  BackwardRule rule = [y, n, target = std::move(target)](const Tensor&, const Tensor& dL) {
    Tensor dy = Tensor::uninitialized(y.shape());
    const Real factor = 2 * dL[0] / static_cast<Real>(n);
    for_each_block(n, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) dy.data()[i] = factor * (y.value().data()[i] - target.data()[i]);  // (2)
    });
    y.add_to_gradient(std::move(dy));
  };
  return Variable::result_of(std::move(L), {y}, std::move(rule));
}

}  // namespace autodiff
