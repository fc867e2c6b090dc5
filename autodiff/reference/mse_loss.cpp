#include "autodiff/reference/mse_loss.h"

namespace autodiff::reference {

double mse_loss(const Tensor& y, const Tensor& target) {
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) sum += (double(y[i]) - target[i]) * (double(y[i]) - target[i]);
  return sum / static_cast<double>(y.size());  // (1)
}

}  // namespace autodiff::reference
