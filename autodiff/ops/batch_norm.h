// Batch normalisation (Ioffe & Szegedy, 2015): each channel is shifted and scaled to zero mean and unit variance over
// the m = N H W pixels of the batch, then given a mean and a spread of its own. For one channel, k running over pixels:
//
//   mu    = (1/m) sum_k x_k                                                       (1)
//   V     = (1/m) sum_k (x_k - mu)^2                                              (2)
//   xhat_k = (x_k - mu) / sqrt(V + eps)                                           (3)
//   y_k   = gamma xhat_k + beta                                                   (4)
//
// mu and V depend on every x_k, so that the gradient of one pixel sees all of them:
//
//   dbeta  += sum_k dy_k                                                          (5)
//   dgamma += sum_k dy_k xhat_k                                                   (6)
//   dx_k   += gamma / sqrt(V + eps) ( dy_k - (1/m) sum_l dy_l - xhat_k (1/m) sum_l dy_l xhat_l )     (7)
//
// (7) is derived in docs/6_reverse_mode.md.
//
// One sample cannot be normalised by itself. Training therefore keeps running averages, and prediction puts them, as
// constants, in the place of mu and V in (3):
//
//   mean_new     = a mean_old     + (1 - a) mu                                    (8)
//   variance_new = a variance_old + (1 - a) r V                                   (9)
//   dx_k += gamma / sqrt(variance + eps) dy_k                       in prediction (10)
//
// with a = running_average_decay (Keras calls a, PyTorch 1 - a, "momentum"). Programs differ in r:
//
//   biased     r = 1                                  Keras 3
//   unbiased   r = m / (m - 1)                        PyTorch; the fused kernel of TensorFlow
//   keras2     r = m / (m - 1)  m / (m - (1 + eps))   stand-alone Keras 2 on TensorFlow, which corrects a second time
//
// r changes predictions, never training. At FMNet's 1 x 1 bottleneck with a batch of 16, r is 1, 1.067 and 1.138.
//
// Sums run in double over at most 64 parts whose borders depend on m alone: within a part the squares are taken about
// the part's own mean, and parts are joined by Chan, Golub & LeVeque (1983), so that a mean far larger than the spread
// costs no digits and the bits do not depend on the number of threads.
//
// x (N, H, W, C), m >= 1 (m >= 2 for unbiased and keras2); gamma, beta, running mean and variance (1, 1, 1, C).
// Returns (N, H, W, C). std::invalid_argument where they do not fit.
//
// Cost: two passes over x forward, two over x and dy backward.
// Definition: reference/batch_norm.h evaluates (1) to (4) as written.
#pragma once

#include "autodiff/variable.h"

namespace autodiff {

enum class RunningVariance { biased, unbiased, keras2 };

struct BatchNormSettings {
  double eps = 1e-3;
  double running_average_decay = 0.99;
  RunningVariance running_variance = RunningVariance::keras2;
};

struct RunningAverages {
  Tensor mean, variance;  // 1 x 1 x 1 x C
};

// (1) to (4), and (8), (9) on `averages`.
Variable batch_norm_training(const Variable& x, const Variable& gamma, const Variable& beta, RunningAverages& averages,
                             const BatchNormSettings& settings);

// (3), (4) with the running averages.
Variable batch_norm_prediction(const Variable& x, const Variable& gamma, const Variable& beta,
                               const RunningAverages& averages, const BatchNormSettings& settings);

// The factor r of (9) for m pixels.
double running_variance_factor(Index m, const BatchNormSettings& settings);

}  // namespace autodiff
