// Sums over the pixels of a batch, channel by channel, in double: what batch normalisation needs.
//
// The m = N H W pixels are cut into parts, at most 64 here, part b holding the pixels floor(b m / B) ..
// floor((b+1) m / B) - 1. Each part has partial sums of its own; they are joined in order, so that the bits do not depend on the number of
// threads. With n_a pixels of mean mu_a and sum of squared deviations S_a, and n_b of mu_b and S_b, the union has
// (Chan, Golub & LeVeque, 1983, equation 2.1; d = mu_b - mu_a)
//
//   mu = mu_a + d n_b / (n_a + n_b)                                               (1)
//   S  = S_a + S_b + d^2 n_a n_b / (n_a + n_b)                                    (2)
//
// All squares are of deviations from a mean, so nothing cancels where |mean| >> deviation.
#pragma once

#include "autodiff/tensor.h"

namespace autodiff {

struct ChannelMoments {
  List<double> mean, variance;  // the variance divides by m
};

ChannelMoments channel_moments(const Tensor& x);

// The same from parts whose pixels come one after the other, for numbers that are better summed where they are made:
// add(x, n) puts part b of n pixels, join() applies (1) and (2) in order of the parts. Parts may be added in parallel.
class MomentsInParts {
 public:
  MomentsInParts(Index n_parts, Index n_channels);
  void add(Index b, const Real* x, Index n_pixels);
  ChannelMoments join() const;

 private:
  Index C_;
  List<Index> n_pixels_;
  PooledArray<double> sums_;  // for each part mean, then S
};

struct GradientSums {
  List<double> dy;            // sum_k dy_k
  List<double> dy_deviation;  // sum_k dy_k (x_k - mean)
};

GradientSums gradient_sums(const Tensor& x, const Tensor& dy, const List<double>& mean);

}  // namespace autodiff
