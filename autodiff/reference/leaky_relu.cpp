#include "autodiff/reference/leaky_relu.h"

namespace autodiff::reference {

Tensor leaky_relu(const Tensor& x, double slope) {
  Tensor y(x.shape());
  for (Index i = 0; i < x.size(); ++i) y[i] = static_cast<Real>(x[i] > 0 ? x[i] : slope * x[i]);  // (1)
  return y;
}

}  // namespace autodiff::reference
