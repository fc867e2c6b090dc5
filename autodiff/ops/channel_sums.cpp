#include "autodiff/ops/channel_sums.h"

#include <algorithm>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

// Two numbers per channel for each part, beside each other.
class PartialSums {
 public:
  PartialSums(Index n_pixels, Index C)
      : n_pixels_(n_pixels), n_parts_(std::min<Index>(64, n_pixels)), C_(C), sums_(2 * n_parts_ * C, 0.0) {}

  Index n_parts() const { return n_parts_; }
  Index begin(Index part) const { return part * n_pixels_ / n_parts_; }
  double* first(Index part) { return sums_.data() + 2 * part * C_; }
  double* second(Index part) { return first(part) + C_; }

 private:
  Index n_pixels_, n_parts_, C_;
  std::vector<double> sums_;
};

// Mean and S of the pixels begin .. end-1. The second pass finds x in the cache.
void part_moments(const Real* x, Index begin, Index end, Index C, double* mean, double* S) {
  for (Index k = begin; k < end; ++k) {
    for (Index c = 0; c < C; ++c) mean[c] += x[k * C + c];
  }
  for (Index c = 0; c < C; ++c) mean[c] /= static_cast<double>(end - begin);
  for (Index k = begin; k < end; ++k) {
    for (Index c = 0; c < C; ++c) {
      const double deviation = x[k * C + c] - mean[c];
      S[c] += deviation * deviation;
    }
  }
}

}  // namespace

ChannelMoments channel_moments(const Tensor& x) {
  const Index m = x.shape().n_pixels(), C = x.shape().c;
  PartialSums parts(m, C);
#pragma omp parallel for schedule(static) if (x.size() > values_per_block)
  for (Index b = 0; b < parts.n_parts(); ++b) {
    part_moments(x.data(), parts.begin(b), parts.begin(b + 1), C, parts.first(b), parts.second(b));
  }

  std::vector<double> mean(parts.first(0), parts.first(0) + C), S(parts.second(0), parts.second(0) + C);
  for (Index b = 1; b < parts.n_parts(); ++b) {
    const double n_a = static_cast<double>(parts.begin(b));
    const double n_b = static_cast<double>(parts.begin(b + 1) - parts.begin(b));
    for (Index c = 0; c < C; ++c) {
      const double d = parts.first(b)[c] - mean[c];
      mean[c] += d * n_b / (n_a + n_b);                              // (1)
      S[c] += parts.second(b)[c] + d * d * n_a * n_b / (n_a + n_b);  // (2)
    }
  }
  for (double& s : S) s /= static_cast<double>(m);
  return {std::move(mean), std::move(S)};
}

GradientSums gradient_sums(const Tensor& x, const Tensor& dy, const std::vector<double>& mean) {
  const Index C = x.shape().c;
  PartialSums parts(x.shape().n_pixels(), C);
#pragma omp parallel for schedule(static) if (x.size() > values_per_block)
  for (Index b = 0; b < parts.n_parts(); ++b) {
    double* const sum = parts.first(b);
    double* const sum_deviation = parts.second(b);
    for (Index k = parts.begin(b); k < parts.begin(b + 1); ++k) {
      for (Index c = 0; c < C; ++c) {
        const double gradient = dy.data()[k * C + c];
        sum[c] += gradient;
        sum_deviation[c] += gradient * (x.data()[k * C + c] - mean[c]);
      }
    }
  }

  GradientSums total{std::vector<double>(C), std::vector<double>(C)};
  for (Index b = 0; b < parts.n_parts(); ++b) {
    for (Index c = 0; c < C; ++c) {
      total.dy[c] += parts.first(b)[c];
      total.dy_deviation[c] += parts.second(b)[c];
    }
  }
  return total;
}

}  // namespace autodiff
