#include "autodiff/ops/batch_norm.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/ops/channel_sums.h"
#include "autodiff/parallel.h"

namespace autodiff {
namespace {

// Per channel, in double: what (3) needs of the batch or of the running averages.
struct Normalizer {
  List<double> mean, inverse_deviation;  // mu, 1 / sqrt(V + eps)
};

Normalizer normalizer(List<double> mean, const List<double>& variance, double eps) {
  Normalizer result{std::move(mean), List<double>(variance.size())};
  for (std::size_t c = 0; c < variance.size(); ++c) result.inverse_deviation[c] = 1 / std::sqrt(variance[c] + eps);
  return result;
}

void check(const std::string& function, const Variable& x, const Variable& gamma, const Variable& beta,
           const RunningAverages& averages, const BatchNormSettings& settings) {
  const Shape expected = per_channel(x.shape().c);
  const auto require = [&](bool fits, const std::string& what) {
    if (!fits) throw std::invalid_argument(function + ": " + what);
  };
  const auto require_shape = [&](const std::string& name, const Shape& shape) {
    require(shape == expected, "shape of " + name + " = " + to_string(shape) + ": must be " + to_string(expected));
  };
  require_shape("gamma", gamma.shape());
  require_shape("beta", beta.shape());
  require_shape("the running mean", averages.mean.shape());
  require_shape("the running variance", averages.variance.shape());
  require(!x.value().empty(), "shape of x = " + to_string(x.shape()) + ": must hold at least one pixel");
  require(settings.eps > 0, "eps = " + std::to_string(settings.eps) + ": must be positive");
  require(settings.running_average_decay >= 0 && settings.running_average_decay <= 1,
          "running_average_decay = " + std::to_string(settings.running_average_decay) + ": must lie in 0..1");
}

Tensor normalize(const Tensor& x, const Tensor& gamma, const Tensor& beta, const Normalizer& batch) {
  Tensor y = Tensor::uninitialized(x.shape());
  const auto C = static_cast<std::size_t>(x.shape().c);
  List<Real> mu(C), scale(C);
  for (std::size_t c = 0; c < C; ++c) {
    mu[c] = static_cast<Real>(batch.mean[c]);
    scale[c] = static_cast<Real>(gamma.data()[c] * batch.inverse_deviation[c]);
  }
  for_each_row(x.shape(), [&](Index n, Index h) {
    for (Index w = 0; w < x.shape().w; ++w) {
      const Real* const in = x.pixel(n, h, w);
      Real* const out = y.pixel(n, h, w);
      for (std::size_t c = 0; c < C; ++c) out[c] = scale[c] * (in[c] - mu[c]) + beta.data()[c];  // (3), (4)
    }
  });
  return y;
}

// In place, dx_k = scale (dy_k - shift - tilt (x_k - mu)), per channel.
struct LinearInPixel {
  List<Real> mu, scale, shift, tilt;
};

void apply(const LinearInPixel& f, const Tensor& x, Tensor& dy) {
  const Index C = x.shape().c;
  for_each_row(x.shape(), [&](Index n, Index h) {
    for (Index w = 0; w < x.shape().w; ++w) {
      const Real* const in = x.pixel(n, h, w);
      Real* const d = dy.pixel(n, h, w);
      for (Index c = 0; c < C; ++c) d[c] = f.scale[c] * (d[c] - f.shift[c] - f.tilt[c] * (in[c] - f.mu[c]));
    }
  });
}

// (5), (6) into the gradients of beta and gamma, where wanted.
void add_parameter_gradients(const GradientSums& sums, const Normalizer& batch, const Variable& gamma,
                             const Variable& beta) {
  const auto C = static_cast<Index>(sums.dy.size());
  for (Index c = 0; c < C; ++c) {
    if (beta.requires_gradient()) beta.gradient_sum()[c] += static_cast<Real>(sums.dy[c]);  // (5)
    if (gamma.requires_gradient()) {
      gamma.gradient_sum()[c] += static_cast<Real>(sums.dy_deviation[c] * batch.inverse_deviation[c]);  // (6)
    }
  }
}

// The rule of both forms. Constant statistics have no part in the gradient: (10) is (7) without its two sums.
BackwardRule backward_rule(const Variable& x, const Variable& gamma, const Variable& beta, Normalizer statistics,
                           bool statistics_depend_on_x) {
  return [x, gamma, beta, statistics = std::move(statistics), statistics_depend_on_x](const Tensor&, Tensor dy) {
    const GradientSums sums = gradient_sums(x.value(), dy, statistics.mean);
    add_parameter_gradients(sums, statistics, gamma, beta);
    if (!x.requires_gradient()) return;
    const auto C = static_cast<std::size_t>(x.shape().c);
    const double m = statistics_depend_on_x ? static_cast<double>(x.shape().n_pixels()) : INFINITY;
    LinearInPixel f{List<Real>(C), List<Real>(C), List<Real>(C), List<Real>(C)};
    for (std::size_t c = 0; c < C; ++c) {
      const double inverse_deviation = statistics.inverse_deviation[c];
      f.mu[c] = static_cast<Real>(statistics.mean[c]);
      f.scale[c] = static_cast<Real>(gamma.value().data()[c] * inverse_deviation);
      f.shift[c] = static_cast<Real>(sums.dy[c] / m);
      f.tilt[c] = static_cast<Real>(inverse_deviation * inverse_deviation * sums.dy_deviation[c] / m);
    }
    apply(f, x.value(), dy);  // (7), (10)
    x.add_to_gradient(std::move(dy));
  };
}

List<double> in_double(const Tensor& t) { return {t.data(), t.data() + t.size()}; }

}  // namespace

double running_variance_factor(Index m, const BatchNormSettings& settings) {
  if (settings.running_variance == RunningVariance::biased) return 1;
  if (m < 2) {
    throw std::invalid_argument("batch_norm: pixels in the batch = " + std::to_string(m) +
                                ": an unbiased variance needs at least 2");
  }
  const double n = static_cast<double>(m), unbiased = n / (n - 1);
  return settings.running_variance == RunningVariance::unbiased ? unbiased : unbiased * n / (n - (1 + settings.eps));
}

Variable batch_norm_training(const Variable& x, const Variable& gamma, const Variable& beta, RunningAverages& averages,
                             const BatchNormSettings& settings) {
  check("batch_norm_training", x, gamma, beta, averages, settings);
  const double r = running_variance_factor(x.shape().n_pixels(), settings);
  ChannelMoments batch = channel_moments(x.value());  // (1), (2)

  const double a = settings.running_average_decay;
  for (Index c = 0; c < x.shape().c; ++c) {
    averages.mean[c] = static_cast<Real>(a * averages.mean[c] + (1 - a) * batch.mean[c]);                  // (8)
    averages.variance[c] = static_cast<Real>(a * averages.variance[c] + (1 - a) * r * batch.variance[c]);  // (9)
  }

  Normalizer statistics = normalizer(std::move(batch.mean), batch.variance, settings.eps);
  Tensor y = normalize(x.value(), gamma.value(), beta.value(), statistics);
  return Variable::result_of(std::move(y), {x, gamma, beta},
                             backward_rule(x, gamma, beta, std::move(statistics), true));
}

Variable batch_norm_prediction(const Variable& x, const Variable& gamma, const Variable& beta,
                               const RunningAverages& averages, const BatchNormSettings& settings) {
  check("batch_norm_prediction", x, gamma, beta, averages, settings);
  Normalizer statistics = normalizer(in_double(averages.mean), in_double(averages.variance), settings.eps);
  Tensor y = normalize(x.value(), gamma.value(), beta.value(), statistics);
  return Variable::result_of(std::move(y), {x, gamma, beta},
                             backward_rule(x, gamma, beta, std::move(statistics), false));
}

}  // namespace autodiff
