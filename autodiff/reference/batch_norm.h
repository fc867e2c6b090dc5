// The definition of batch normalisation: equations (1) to (7) of ops/batch_norm.h, one channel after the other, all in
// double, each sum written out where it stands in the equation. Slow; used by tests.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff::reference {

struct ChannelStatistics {
  double mean, variance;  // (1), (2)
};

ChannelStatistics channel_statistics(const Tensor& x, Index channel);

Tensor batch_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, double eps);

struct BatchNormGradients {
  Tensor dx, dgamma, dbeta;
};

BatchNormGradients batch_norm_backward(const Tensor& x, const Tensor& gamma, const Tensor& dy, double eps);

}  // namespace autodiff::reference
