#include "autodiff/ops/fused_stage.h"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "autodiff/kernels/pool_activate.h"
#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/ops/channel_sums.h"
#include "autodiff/ops/conv2d.h"
#include "autodiff/parallel.h"

namespace autodiff {
namespace {

void check(const std::string& function, const Shape& x, const FusedStageParameters& p, const RunningAverages& averages,
           const FusedStageSettings& s) {
  const auto require = [&](bool fits, const std::string& what) {
    if (!fits) throw std::invalid_argument(function + ": " + what);
  };
  const Shape channels = per_channel(p.weight.shape().c);
  check_conv2d_shapes(function, x, p.weight.shape(), p.bias.shape(), {x.n, x.h, x.w, channels.c});
  for (const Shape& shape : {p.gamma.shape(), p.beta.shape(), averages.mean.shape(), averages.variance.shape()}) {
    require(shape == channels,
            "shape of gamma, beta or an average = " + to_string(shape) + ": must be " + to_string(channels));
  }
  require(x.size() > 0, "shape of x = " + to_string(x) + ": must hold at least one pixel");
  require(s.pool_height >= 1 && s.pool_width >= 1 && s.pool_height * s.pool_width <= 256,
          "pooling window = " + std::to_string(s.pool_height) + " x " + std::to_string(s.pool_width) +
              ": must hold 1 to 256 pixels");
  require(x.h % s.pool_height == 0 && x.w % s.pool_width == 0,
          "shape of x = " + to_string(x) + ": height and width must be multiples of the pooling window's");
  require(s.upsample_height >= 1 && s.upsample_width >= 1, "upsampling factors = " + std::to_string(s.upsample_height) +
                                                               " x " + std::to_string(s.upsample_width) +
                                                               ": must be at least 1");
  require(s.slope > 0 && s.slope <= 1, "slope = " + std::to_string(s.slope) + ": must lie in 0..1, not 0");
  require(s.batch_norm.eps > 0, "eps = " + std::to_string(s.batch_norm.eps) + ": must be positive");
}

// leaky_relu(max_pool(conv2d(x))) and who won each window (nothing where a window is one pixel).
struct Activations {
  Tensor z;
  std::vector<std::uint8_t> winners;
};

Activations activations(const Tensor& x, const FusedStageParameters& p, const FusedStageSettings& s) {
  const Shape images = x.shape();
  const kernels::PoolWindow window{s.pool_height, s.pool_width};
  const kernels::ConvolutionPlan plan = kernels::plan_convolution(images, p.weight.shape(), s.method, s.pool_height);
  const kernels::SlabKernel kernel = kernels::prepare_kernel(plan, p.weight.value(), p.bias.value().data());
  Activations result{Tensor::uninitialized({images.n, images.h / window.ph, images.w / window.pw, plan.O}), {}};
  result.winners.resize(static_cast<std::size_t>(result.z.size()));
#pragma omp parallel for schedule(static)
  for (Index i = 0; i < plan.slabs.n_slabs(); ++i) {
    const kernels::ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    kernels::Workspace& work = kernels::thread_workspace();
    Real* const v = kernels::at_least(work.pixels, plan.n_pixels(slab) * plan.O_padded);
    kernels::prepare_input(plan, slab, kernels::rows_of(x), work);
    kernels::convolve_slab(plan, kernel, slab, work, false, v);
    Real* const z = result.z.pixel(slab.n_begin, slab.h_begin / window.ph, 0);
    kernels::pool_and_activate(v, plan.O_padded, slab.n_images() * slab.n_rows(), images.w, plan.O, window,
                               static_cast<Real>(s.slope), z, result.winners.data() + (z - result.z.data()));
  }
  return result;
}

// Per channel: y = scale (z - mean) + beta, scale = gamma inverse_deviation.
struct Normalization {
  std::vector<double> mean, inverse_deviation;
};

Normalization normalization(std::vector<double> mean, const std::vector<double>& variance, double eps) {
  Normalization result{std::move(mean), std::vector<double>(variance.size())};
  for (std::size_t c = 0; c < variance.size(); ++c) result.inverse_deviation[c] = 1 / std::sqrt(variance[c] + eps);
  return result;
}

// Batch normalisation of z, each pixel copied to the pixels of the up-sampled image.
Tensor normalize_and_upsample(const Tensor& z, const FusedStageParameters& p, const Normalization& f,
                              const FusedStageSettings& s) {
  const Shape shape = z.shape();
  const Index up = s.upsample_width, C = shape.c;
  Tensor y = Tensor::uninitialized({shape.n, shape.h * s.upsample_height, shape.w * up, C});
  std::vector<Real> mu(f.mean.size()), scale(f.mean.size());
  for (std::size_t c = 0; c < mu.size(); ++c) {
    mu[c] = static_cast<Real>(f.mean[c]);
    scale[c] = static_cast<Real>(p.gamma.value().data()[c] * f.inverse_deviation[c]);
  }
  const Real* const beta = p.beta.value().data();
  for_each_row(y.shape(), [&](Index n, Index h) {
    const Real* from = z.pixel(n, h / s.upsample_height, 0);
    Real* to = y.pixel(n, h, 0);
    const Real *const a = scale.data(), *const mean = mu.data();
    for (Index w = 0; w < shape.w; ++w, from += C, to += up * C) {
#pragma omp simd
      for (Index c = 0; c < C; ++c) to[c] = a[c] * (from[c] - mean[c]) + beta[c];
      for (Index j = 1; j < up; ++j) std::copy_n(to, C, to + j * C);
    }
  });
  return y;
}

// dz~ of (2): the sum over the copies of each pixel.
Tensor sum_of_copies(Tensor dy, const Shape& z, const FusedStageSettings& s) {
  if (s.upsample_height == 1 && s.upsample_width == 1) return dy;
  Tensor sum(z);
  for_each_row(z, [&](Index n, Index h) {
    for (Index i = 0; i < s.upsample_height; ++i) {
      const Real* from = dy.pixel(n, h * s.upsample_height + i, 0);
      for (Index w = 0; w < z.w * s.upsample_width; ++w, from += z.c) {
        Real* const to = sum.pixel(n, h, w / s.upsample_width);
        for (Index c = 0; c < z.c; ++c) to[c] += from[c];
      }
    }
  });
  return sum;
}

// dz_k = scale (dz~_k - shift - tilt (z_k - mu)), per channel: (2).
struct LinearInPixel {
  std::vector<Real> mu, scale, shift, tilt;
};

void backward_pixel(const LinearInPixel& f, const Real* z, Real slope, Real* d) {
  const auto C = static_cast<Index>(f.mu.size());
  const Real *const mu = f.mu.data(), *const scale = f.scale.data();
  const Real *const shift = f.shift.data(), *const tilt = f.tilt.data();
#pragma omp simd
  for (Index c = 0; c < C; ++c) {
    const Real bend = z[c] > 0 ? Real(1) : slope;                             // (3)
    d[c] = bend * (scale[c] * (d[c] - shift[c] - tilt[c] * (z[c] - mu[c])));  // (2)
  }
}

// dz~ becomes dz f'(z), by (2) and (3); gamma and beta receive their gradients. Constant statistics have no part in
// (2): its two sums drop out.
void backward_through_normalization(const Tensor& z, const FusedStageParameters& p, const Normalization& f,
                                    bool statistics_depend_on_z, double slope, Tensor& dz) {
  const GradientSums sums = gradient_sums(z, dz, f.mean);
  const auto C = static_cast<std::size_t>(z.shape().c);
  LinearInPixel f_dz{std::vector<Real>(C), std::vector<Real>(C), std::vector<Real>(C), std::vector<Real>(C)};
  const double m = statistics_depend_on_z ? static_cast<double>(z.shape().n_pixels()) : INFINITY;
  for (std::size_t c = 0; c < C; ++c) {
    const double inverse_deviation = f.inverse_deviation[c];
    if (p.beta.requires_gradient()) p.beta.gradient_sum().data()[c] += static_cast<Real>(sums.dy[c]);
    if (p.gamma.requires_gradient()) {
      p.gamma.gradient_sum().data()[c] += static_cast<Real>(sums.dy_deviation[c] * inverse_deviation);
    }
    f_dz.mu[c] = static_cast<Real>(f.mean[c]);
    f_dz.scale[c] = static_cast<Real>(p.gamma.value().data()[c] * inverse_deviation);
    f_dz.shift[c] = static_cast<Real>(sums.dy[c] / m);
    f_dz.tilt[c] = static_cast<Real>(inverse_deviation * inverse_deviation * sums.dy_deviation[c] / m);
  }
  const auto bend = static_cast<Real>(slope);
  for_each_row(z.shape(), [&](Index n, Index h) {
    for (Index w = 0; w < z.shape().w; ++w) backward_pixel(f_dz, z.pixel(n, h, w), bend, dz.pixel(n, h, w));
  });
}

// The convolution's three gradients from dz and the winners, the rows of dv being made where they are needed.
void backward_through_convolution(const Variable& x, const FusedStageParameters& p, const FusedStageSettings& s,
                                  const std::vector<std::uint8_t>& winners, const Tensor& dz) {
  const Shape images = x.shape(), weight = p.weight.shape();
  const kernels::PoolWindow window{s.pool_height, s.pool_width};
  const auto write_dv_row = [&](Index n, Index h, Real* row) {
    const Real* const from = dz.pixel(n, h / window.ph, 0);
    kernels::spread_gradient(from, winners.data() + (from - dz.data()), h % window.ph, images.w, weight.c, window,
                             row);  // (3)
  };
  if (p.weight.requires_gradient() || p.bias.requires_gradient()) {
    const auto plan = kernels::plan_convolution(images, weight, s.method);
    Tensor dweight(weight), dbias(p.bias.shape());
    kernels::add_gradients(plan, kernels::rows_of(x.value()), write_dv_row, dweight, dbias);
    if (p.weight.requires_gradient()) p.weight.add_to_gradient(std::move(dweight));
    if (p.bias.requires_gradient()) p.bias.add_to_gradient(std::move(dbias));
  }
  if (x.requires_gradient()) {
    const Tensor other_way = kernels::turned(p.weight.value());
    const auto plan = kernels::plan_convolution({images.n, images.h, images.w, weight.c}, other_way.shape(), s.method);
    Tensor dx = Tensor::uninitialized(images);
    kernels::convolve_slabs(plan, kernels::prepare_kernel(plan, other_way), write_dv_row, false, dx);
    x.add_to_gradient(std::move(dx));
  }
}

Variable finish(const Variable& x, const FusedStageParameters& p, const FusedStageSettings& s, Activations kept,
                Normalization f, bool statistics_depend_on_z) {
  Tensor y = normalize_and_upsample(kept.z, p, f, s);  // (1)
  BackwardRule rule = [x, p, s, kept = std::move(kept), f = std::move(f), statistics_depend_on_z](const Tensor&,
                                                                                                  Tensor dy) {
    Tensor dz = sum_of_copies(std::move(dy), kept.z.shape(), s);
    backward_through_normalization(kept.z, p, f, statistics_depend_on_z, s.slope, dz);
    backward_through_convolution(x, p, s, kept.winners, dz);
  };
  return Variable::result_of(std::move(y), {x, p.weight, p.bias, p.gamma, p.beta}, std::move(rule));
}

}  // namespace

Variable fused_stage_training(const Variable& x, const FusedStageParameters& parameters, RunningAverages& averages,
                              const FusedStageSettings& settings) {
  check("fused_stage_training", x.shape(), parameters, averages, settings);
  const Index copies = settings.upsample_height * settings.upsample_width;
  const Index m_z = x.shape().n_pixels() / (settings.pool_height * settings.pool_width);
  const double r = running_variance_factor(m_z * copies, settings.batch_norm);
  Activations kept = activations(x.value(), parameters, settings);
  ChannelMoments batch = channel_moments(kept.z);
  const double a = settings.batch_norm.running_average_decay;
  for (Index c = 0; c < kept.z.shape().c; ++c) {
    const auto i = static_cast<std::size_t>(c);
    averages.mean[c] = static_cast<Real>(a * averages.mean[c] + (1 - a) * batch.mean[i]);
    averages.variance[c] = static_cast<Real>(a * averages.variance[c] + (1 - a) * r * batch.variance[i]);
  }
  Normalization f = normalization(std::move(batch.mean), batch.variance, settings.batch_norm.eps);
  return finish(x, parameters, settings, std::move(kept), std::move(f), true);
}

Variable fused_stage_prediction(const Variable& x, const FusedStageParameters& parameters,
                                const RunningAverages& averages, const FusedStageSettings& settings) {
  check("fused_stage_prediction", x.shape(), parameters, averages, settings);
  const auto in_double = [](const Tensor& t) { return std::vector<double>(t.data(), t.data() + t.size()); };
  Normalization f = normalization(in_double(averages.mean), in_double(averages.variance), settings.batch_norm.eps);
  return finish(x, parameters, settings, activations(x.value(), parameters, settings), std::move(f), false);
}

}  // namespace autodiff
