#include "autodiff/ops/channel_sums.h"

#include <algorithm>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

// Mean and S of n pixels. The second pass finds x in the cache.
void part_moments(const Real* x, Index n, Index C, double* mean, double* S) {
  for (Index k = 0; k < n; ++k) {
    for (Index c = 0; c < C; ++c) mean[c] += x[k * C + c];
  }
  for (Index c = 0; c < C; ++c) mean[c] /= static_cast<double>(n);
  for (Index k = 0; k < n; ++k) {
    for (Index c = 0; c < C; ++c) {
      const double deviation = x[k * C + c] - mean[c];
      S[c] += deviation * deviation;
    }
  }
}

}  // namespace

MomentsInParts::MomentsInParts(Index n_parts, Index n_channels)
    : C_(n_channels), n_pixels_(static_cast<std::size_t>(n_parts)), sums_(2 * n_parts * n_channels) {}

void MomentsInParts::add(Index b, const Real* x, Index n_pixels) {
  n_pixels_[static_cast<std::size_t>(b)] = n_pixels;
  double* const mean = sums_.data() + 2 * b * C_;
  std::fill_n(mean, 2 * C_, 0.0);
  part_moments(x, n_pixels, C_, mean, mean + C_);
}

ChannelMoments MomentsInParts::join() const {
  const double* const first = sums_.data();
  List<double> mean(first, first + C_), S(first + C_, first + 2 * C_);
  double n_a = static_cast<double>(n_pixels_.front());
  for (std::size_t b = 1; b < n_pixels_.size(); ++b) {
    const auto n_b = static_cast<double>(n_pixels_[b]);
    const double* const part = sums_.data() + 2 * b * C_;
    for (Index c = 0; c < C_; ++c) {
      const double d = part[c] - mean[c];
      mean[c] += d * n_b / (n_a + n_b);                        // (1)
      S[c] += part[C_ + c] + d * d * n_a * n_b / (n_a + n_b);  // (2)
    }
    n_a += n_b;
  }
  for (double& s : S) s /= n_a;
  return {std::move(mean), std::move(S)};
}

ChannelMoments channel_moments(const Tensor& x) {
  const Index m = x.shape().n_pixels(), C = x.shape().c, n_parts = std::min<Index>(64, m);
  MomentsInParts parts(n_parts, C);
#pragma omp parallel for schedule(static) if (x.size() > worth_threads)
  for (Index b = 0; b < n_parts; ++b) {
    const Index begin = b * m / n_parts;
    parts.add(b, x.data() + begin * C, (b + 1) * m / n_parts - begin);
  }
  return parts.join();
}

GradientSums gradient_sums(const Tensor& x, const Tensor& dy, const List<double>& mean) {
  const Index m = x.shape().n_pixels(), C = x.shape().c, n_parts = std::min<Index>(64, m);
  PooledArray<double> sums(2 * n_parts * C);
#pragma omp parallel for schedule(static) if (x.size() > worth_threads)
  for (Index b = 0; b < n_parts; ++b) {
    double* const sum = sums.data() + 2 * b * C;
    double* const sum_deviation = sum + C;
    std::fill_n(sum, 2 * C, 0.0);
    for (Index k = b * m / n_parts; k < (b + 1) * m / n_parts; ++k) {
      for (Index c = 0; c < C; ++c) {
        const double gradient = dy.data()[k * C + c];
        sum[c] += gradient;
        sum_deviation[c] += gradient * (x.data()[k * C + c] - mean[c]);
      }
    }
  }

  GradientSums total{List<double>(C), List<double>(C)};
  for (Index b = 0; b < n_parts; ++b) {
    for (Index c = 0; c < C; ++c) {
      total.dy[c] += sums.data()[2 * b * C + c];
      total.dy_deviation[c] += sums.data()[(2 * b + 1) * C + c];
    }
  }
  return total;
}

}  // namespace autodiff
