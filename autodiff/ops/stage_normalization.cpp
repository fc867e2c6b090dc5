#include "autodiff/ops/stage_normalization.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {

Normalization normalization(List<double> mean, const List<double>& variance, double eps) {
  Normalization result{std::move(mean), List<double>(variance.size())};
  for (std::size_t c = 0; c < variance.size(); ++c) result.inverse_deviation[c] = 1 / std::sqrt(variance[c] + eps);
  return result;
}

AffineInPixel affine(const Normalization& f, const Tensor& gamma, const Tensor& beta) {
  const std::size_t C = f.mean.size();
  AffineInPixel result{List<Real>(C), List<Real>(C), List<Real>(beta.data(), beta.data() + C)};
  for (std::size_t c = 0; c < C; ++c) {
    result.mu[c] = static_cast<Real>(f.mean[c]);
    result.scale[c] = static_cast<Real>(gamma.data()[c] * f.inverse_deviation[c]);
  }
  return result;
}

void normalize_row(const AffineInPixel& f, const Real* z, Index W, Index copies, Real* y) {
  const auto C = static_cast<Index>(f.mu.size());
  const Real *const mu = f.mu.data(), *const scale = f.scale.data(), *const beta = f.beta.data();
  for (Index w = 0; w < W; ++w, z += C, y += copies * C) {
#pragma omp simd
    for (Index c = 0; c < C; ++c) y[c] = scale[c] * (z[c] - mu[c]) + beta[c];  // (1)
    for (Index j = 1; j < copies; ++j) std::copy_n(y, C, y + j * C);
  }
}

void normalize_images(const AffineInPixel& f, const Tensor& z, Index fh, Index fw, Tensor& y) {
  for_each_row(y.shape(),
               [&](Index n, Index h) { normalize_row(f, z.pixel(n, h / fh, 0), z.shape().w, fw, y.pixel(n, h, 0)); });
}

Tensor sum_of_copies(Tensor dy, const Shape& z, Index fh, Index fw) {
  if (fh == 1 && fw == 1) return dy;
  Tensor sum(z);
  for_each_row(z, [&](Index n, Index h) {
    for (Index i = 0; i < fh; ++i) {
      const Real* from = dy.pixel(n, h * fh + i, 0);
      for (Index w = 0; w < z.w * fw; ++w, from += z.c) {
        Real* const to = sum.pixel(n, h, w / fw);
        for (Index c = 0; c < z.c; ++c) to[c] += from[c];
      }
    }
  });
  return sum;
}

LinearInPixel linear(const Normalization& f, const GradientSums& sums, double m, const Tensor& gamma, double slope) {
  const std::size_t C = f.mean.size();
  LinearInPixel result{List<Real>(C), List<Real>(C), List<Real>(C), List<Real>(C), static_cast<Real>(slope)};
  for (std::size_t c = 0; c < C; ++c) {
    const double inverse_deviation = f.inverse_deviation[c];
    result.mu[c] = static_cast<Real>(f.mean[c]);
    result.scale[c] = static_cast<Real>(gamma.data()[c] * inverse_deviation);
    result.shift[c] = static_cast<Real>(sums.dy[c] / m);
    result.tilt[c] = static_cast<Real>(inverse_deviation * inverse_deviation * sums.dy_deviation[c] / m);
  }
  return result;
}

void backward_row(const LinearInPixel& f, const Real* z, const Real* dz, Index W, Real* dz_bent) {
  const auto C = static_cast<Index>(f.mu.size());
  const Real *const mu = f.mu.data(), *const scale = f.scale.data();
  const Real *const shift = f.shift.data(), *const tilt = f.tilt.data();
  const Real slope = f.slope;
  for (Index w = 0; w < W; ++w, z += C, dz += C, dz_bent += C) {
#pragma omp simd
    for (Index c = 0; c < C; ++c) {
      const Real bend = z[c] > 0 ? Real(1) : slope;
      dz_bent[c] = bend * (scale[c] * (dz[c] - shift[c] - tilt[c] * (z[c] - mu[c])));  // (2)
    }
  }
}

}  // namespace autodiff
