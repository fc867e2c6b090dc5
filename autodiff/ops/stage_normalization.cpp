#include "autodiff/ops/stage_normalization.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

// message(): made only where it is thrown.
template <class Message>
void require(bool fits, const char* function, const Message& message) {
  if (!fits) throw std::invalid_argument(function + std::string(": ") + message());
}

List<double> in_double(const Tensor& t) { return {t.data(), t.data() + t.size()}; }

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

}  // namespace

void check_normalization(const char* function, Index C, const Variable& gamma, const Variable& beta,
                         const RunningAverages& averages, const BatchNormSettings& settings) {
  const Shape expected = per_channel(C);
  const auto require_shape = [&](const char* name, const Shape& shape) {
    require(shape == expected, function, [&] {
      return std::string("shape of ") + name + " = " + to_string(shape) + ": must be " + to_string(expected);
    });
  };
  require_shape("gamma", gamma.shape());
  require_shape("beta", beta.shape());
  require_shape("the running mean", averages.mean.shape());
  require_shape("the running variance", averages.variance.shape());
  require(settings.eps > 0, function, [&] { return "eps = " + std::to_string(settings.eps) + ": must be positive"; });
  require(settings.running_average_decay >= 0 && settings.running_average_decay <= 1, function, [&] {
    return "running_average_decay = " + std::to_string(settings.running_average_decay) + ": must lie in 0..1";
  });
}

void move_averages(RunningAverages& averages, const ChannelMoments& batch, double r,
                   const BatchNormSettings& settings) {
  const double a = settings.running_average_decay;
  for (Index c = 0; c < averages.mean.size(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    averages.mean[c] = static_cast<Real>(a * averages.mean[c] + (1 - a) * batch.mean[i]);                  // (8)
    averages.variance[c] = static_cast<Real>(a * averages.variance[c] + (1 - a) * r * batch.variance[i]);  // (9)
  }
}

Normalization normalization(List<double> mean, const List<double>& variance, double eps) {
  Normalization result{std::move(mean), List<double>(variance.size())};
  for (std::size_t c = 0; c < variance.size(); ++c) result.inverse_deviation[c] = 1 / std::sqrt(variance[c] + eps);
  return result;
}

Normalization normalization(const RunningAverages& averages, double eps) {
  return normalization(in_double(averages.mean), in_double(averages.variance), eps);
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

LinearInPixel backward_through_normalization(const Tensor& z, const Tensor& dz, const Variable& gamma,
                                             const Variable& beta, const Normalization& f, bool statistics_depend_on_z,
                                             double slope) {
  const GradientSums sums = gradient_sums(z, dz, f.mean);
  for (std::size_t c = 0; c < f.mean.size(); ++c) {
    if (beta.requires_gradient()) beta.gradient_sum().data()[c] += static_cast<Real>(sums.dy[c]);  // (5)
    if (gamma.requires_gradient()) {
      gamma.gradient_sum().data()[c] += static_cast<Real>(sums.dy_deviation[c] * f.inverse_deviation[c]);  // (6)
    }
  }
  const double m = statistics_depend_on_z ? static_cast<double>(z.shape().n_pixels()) : INFINITY;
  return linear(f, sums, m, gamma.value(), slope);
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
