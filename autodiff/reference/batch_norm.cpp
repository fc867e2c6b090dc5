#include "autodiff/reference/batch_norm.h"

#include <cmath>

namespace autodiff::reference {

ChannelStatistics channel_statistics(const Tensor& x, Index channel) {
  const Index m = x.shape().n_pixels(), C = x.shape().c;
  double sum = 0, sum_of_squares = 0;
  for (Index k = 0; k < m; ++k) sum += x[k * C + channel];
  const double mu = sum / static_cast<double>(m);  // (1)
  for (Index k = 0; k < m; ++k) sum_of_squares += (x[k * C + channel] - mu) * (x[k * C + channel] - mu);
  return {mu, sum_of_squares / static_cast<double>(m)};  // (2)
}

Tensor batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps) {
  const Index m = x.shape().n_pixels(), C = x.shape().c;
  Tensor y(x.shape());
  for (Index c = 0; c < C; ++c) {
    const auto [mu, V] = channel_statistics(x, c);
    for (Index k = 0; k < m; ++k) {
      const double xhat = (x[k * C + c] - mu) / std::sqrt(V + eps);  // (3)
      y[k * C + c] = static_cast<Real>(gamma[c] * xhat + beta[c]);   // (4)
    }
  }
  return y;
}

BatchNormGradients batch_norm_backward(const Tensor& x, const Tensor& gamma, const Tensor& dy, double eps) {
  const Index m = x.shape().n_pixels(), C = x.shape().c;
  BatchNormGradients gradients{Tensor(x.shape()), Tensor(gamma.shape()), Tensor(gamma.shape())};
  for (Index c = 0; c < C; ++c) {
    const auto [mu, V] = channel_statistics(x, c);
    double sum_dy = 0, sum_dy_xhat = 0;
    for (Index k = 0; k < m; ++k) {
      sum_dy += dy[k * C + c];
      sum_dy_xhat += dy[k * C + c] * (x[k * C + c] - mu) / std::sqrt(V + eps);
    }
    gradients.dbeta[c] = static_cast<Real>(sum_dy);        // (5)
    gradients.dgamma[c] = static_cast<Real>(sum_dy_xhat);  // (6)
    for (Index k = 0; k < m; ++k) {
      const double xhat = (x[k * C + c] - mu) / std::sqrt(V + eps);
      const double mean_dy = sum_dy / static_cast<double>(m), mean_dy_xhat = sum_dy_xhat / static_cast<double>(m);
      gradients.dx[k * C + c] =
          static_cast<Real>(gamma[c] / std::sqrt(V + eps) * (dy[k * C + c] - mean_dy - xhat * mean_dy_xhat));  // (7)
    }
  }
  return gradients;
}

}  // namespace autodiff::reference
