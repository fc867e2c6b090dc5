#include "autodiff/ops/batch_norm.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/ops/channel_sums.h"
#include "autodiff/ops/stage_normalization.h"
#include "autodiff/parallel.h"

namespace autodiff {
namespace {

void check(const char* function, const Variable& x, const Variable& gamma, const Variable& beta,
           const RunningAverages& averages, const BatchNormSettings& settings) {
  check_normalization(function, x.shape().c, gamma, beta, averages, settings);
  if (x.value().empty()) {
    throw std::invalid_argument(function + std::string(": shape of x = ") + to_string(x.shape()) +
                                ": must hold at least one pixel");
  }
}

// The value and the rule of both forms. Constant statistics have no part in the gradient: (10) is (7) without its two sums.
Variable normalized(const Variable& x, const Variable& gamma, const Variable& beta, Normalization statistics,
                    bool statistics_depend_on_x) {
  Tensor y = Tensor::uninitialized(x.shape());
  normalize_images(affine(statistics, gamma.value(), beta.value()), x.value(), 1, 1, y);  // (3), (4)
  BackwardRule rule = [x, gamma, beta, statistics = std::move(statistics), statistics_depend_on_x](const Tensor&,
                                                                                                   Tensor dy) {
    const LinearInPixel f = backward_through_normalization(x.value(), dy, gamma, beta, statistics,
                                                           statistics_depend_on_x, 1.0);  // (5), (6)
    if (!x.requires_gradient()) return;
    for_each_row(x.shape(), [&](Index n, Index h) {
      Real* const row = dy.pixel(n, h, 0);
      backward_row(f, x.value().pixel(n, h, 0), row, x.shape().w, row);  // (7), (10)
    });
    x.add_to_gradient(std::move(dy));
  };
  return Variable::result_of(std::move(y), {x, gamma, beta}, std::move(rule));
}

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
  move_averages(averages, batch, r, settings);        // (8), (9)
  return normalized(x, gamma, beta, normalization(std::move(batch.mean), batch.variance, settings.eps), true);
}

Variable batch_norm_prediction(const Variable& x, const Variable& gamma, const Variable& beta,
                               const RunningAverages& averages, const BatchNormSettings& settings) {
  check("batch_norm_prediction", x, gamma, beta, averages, settings);
  return normalized(x, gamma, beta, normalization(averages, settings.eps), false);
}

}  // namespace autodiff
