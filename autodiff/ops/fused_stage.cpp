#include "autodiff/ops/fused_stage.h"

#include <omp.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/kernels/one_channel.h"
#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/ops/conv2d.h"
#include "autodiff/ops/stage_normalization.h"

namespace autodiff {
namespace {

// what(): the message, made only where it is thrown.
template <class What>
void require(bool fits, const char* function, const What& what) {
  if (!fits) throw std::invalid_argument(function + std::string(": ") + what());
}

std::string extents(Index height, Index width) { return std::to_string(height) + " x " + std::to_string(width); }

void check(const char* function, const Shape& x, const FusedStageParameters& p, const RunningAverages& averages,
           const FusedStageSettings& s) {
  const Index C = p.weight.shape().c;
  check_conv2d_shapes(function, x, p.weight.shape(), p.bias.shape(), {x.n, x.h, x.w, C});
  check_normalization(function, C, p.gamma, p.beta, averages, s.batch_norm);
  require(x.size() > 0, function, [&] { return "shape of x = " + to_string(x) + ": must hold at least one pixel"; });
  require(s.pool_height >= 1 && s.pool_width >= 1 && s.pool_height * s.pool_width <= 256, function,
          [&] { return "pooling window = " + extents(s.pool_height, s.pool_width) + ": must hold 1 to 256 pixels"; });
  require(x.h % s.pool_height == 0 && x.w % s.pool_width == 0, function, [&] {
    return "shape of x = " + to_string(x) + ": height and width must be multiples of the pooling window's";
  });
  require(s.upsample_height >= 1 && s.upsample_width >= 1, function, [&] {
    return "upsampling factors = " + extents(s.upsample_height, s.upsample_width) + ": must be at least 1";
  });
  require(s.slope > 0 && s.slope <= 1, function,
          [&] { return "slope = " + std::to_string(s.slope) + ": must lie in 0..1, not 0"; });
}

kernels::PoolWindow window_of(const FusedStageSettings& s) { return {s.pool_height, s.pool_width}; }

// The rows of 2x2 windows of a slab of images of one channel, i = 0, 1, .. through its images: visit(i, first), with `first` the
// number in the slab's halo (one pixel on each side) at which the four rows of pixels under the windows begin.
template <class Visit>
void for_each_row_of_windows(const kernels::ImageSlab& slab, Index W, const Visit& visit) {
  const Index n_rows = slab.n_rows() / 2;
  for (Index i = 0; i < slab.n_images() * n_rows; ++i) {
    visit(i, (i / n_rows * (slab.n_rows() + 2) + 2 * (i % n_rows)) * (W + 2));
  }
}

// leaky_relu(max_pool(conv2d(x))), slab by slab.
class Activation {
 public:
  // prepared: null where the weights change from call to call. share_few: whether threads are to share few images.
  Activation(const Tensor& x, const FusedStageParameters& p, const FusedStageSettings& s, PreparedKernel* prepared,
             bool share_few)
      : x_(x),
        p_(p),
        s_(s),
        one_channel_(kernels::one_channel_serves(x.shape(), p.weight.shape(), window_of(s))),
        plan_(kernels::plan_convolution(x.shape(), p.weight.shape(), s.method, s.pool_height, share_few)) {
    if (one_channel_) return;
    kernel_ =
        prepared != nullptr
            ? prepared->get(plan_, p.weight, p.bias)
            : make_pooled<kernels::SlabKernel>(kernels::prepare_kernel(plan_, p.weight.value(), p.bias.value().data()));
  }

  const kernels::ConvolutionPlan& plan() const { return plan_; }
  Shape shape() const { return {x_.shape().n, x_.shape().h / s_.pool_height, x_.shape().w / s_.pool_width, plan_.O}; }
  // Pixels of z that a slab gives.
  Index n_pixels(const kernels::ImageSlab& slab) const {
    return plan_.n_pixels(slab) / (s_.pool_height * s_.pool_width);
  }

  // winners: null where there is no way back.
  void compute(const kernels::ImageSlab& slab, Real* z, std::uint8_t* winners) const {
    kernels::Workspace& work = kernels::thread_workspace();
    kernels::prepare_input(plan_, slab, kernels::rows_of(x_), work);
    const Index W = x_.shape().w;
    const auto slope = static_cast<Real>(s_.slope);
    if (one_channel_) {
      for_each_row_of_windows(slab, W, [&](Index i, Index first) {
        const Index at = i * (W / 2 * plan_.O);
        kernels::one_channel_row(work.halo.data() + first, W, p_.weight.value().data(), p_.bias.value().data(), plan_.O,
                                 slope, z + at, winners == nullptr ? nullptr : winners + at);
      });
      return;
    }
    Real* const v = kernels::at_least(work.pixels, plan_.n_pixels(slab) * plan_.O_padded);
    kernels::convolve_slab(plan_, *kernel_, slab, work, false, v);
    kernels::pool_and_activate(v, plan_.O_padded, slab.n_images() * slab.n_rows(), W, plan_.O, window_of(s_), slope, z,
                               winners);
  }

 private:
  const Tensor& x_;
  const FusedStageParameters& p_;
  const FusedStageSettings& s_;
  bool one_channel_;
  kernels::ConvolutionPlan plan_;
  std::shared_ptr<const kernels::SlabKernel> kernel_;  // null: one channel
};

// z, who won each window, and the moments of z.
struct Activations {
  Tensor z;
  PooledArray<std::uint8_t> winners;
  ChannelMoments moments;
};

Activations activations(const Tensor& x, const FusedStageParameters& p, const FusedStageSettings& s) {
  const Activation activation(x, p, s, nullptr, true);
  const List<kernels::ImageSlab>& slabs = activation.plan().slabs.slabs;
  const Shape shape = activation.shape();
  Activations result{Tensor::uninitialized(shape), PooledArray<std::uint8_t>(shape.size()), {}};
  const auto n_slabs = static_cast<Index>(slabs.size());
  MomentsInParts moments(n_slabs, activation.plan().O);
#pragma omp parallel for schedule(static) if (activation.plan().worth_threads())
  for (Index i = 0; i < n_slabs; ++i) {
    const kernels::ImageSlab& slab = slabs[static_cast<std::size_t>(i)];
    Real* const z = result.z.pixel(slab.n_begin, slab.h_begin / s.pool_height, 0);
    activation.compute(slab, z, result.winners.data() + (z - result.z.data()));
    moments.add(i, z, activation.n_pixels(slab));
  }
  result.moments = moments.join();
  return result;
}

// What the way back through the convolution starts from.
struct StageGradient {
  const Tensor& z;
  const PooledArray<std::uint8_t>& winners;
  const Tensor& dz;  // dz~
  const LinearInPixel& f;

  // dz f'(z) of (2) for one row of windows.
  const Real* row(Index n, Index h) const {
    Real* const bent = kernels::at_least(kernels::thread_workspace().gradient_row, z.shape().w * z.shape().c);
    write_row(n, h, bent);
    return bent;
  }
  void write_row(Index n, Index h, Real* bent) const {
    backward_row(f, z.pixel(n, h, 0), dz.pixel(n, h, 0), z.shape().w, bent);
  }
  Tensor all_rows() const {
    Tensor bent = Tensor::uninitialized(z.shape());
    for_each_row(z.shape(), [&](Index n, Index h) { write_row(n, h, bent.pixel(n, h, 0)); });
    return bent;
  }
  const std::uint8_t* winners_of_row(Index n, Index h) const { return winners.data() + (z.pixel(n, h, 0) - z.data()); }
};

// dA and db of a stage of one channel: groups in parallel and, for more threads than groups, blocks of output channels, to the
// same bits; the rows of dz f'(z) are then made beforehand, once for all blocks.
void add_one_channel_gradients(const Tensor& x, const StageGradient& gradient, Tensor& dweight, Tensor& dbias) {
  const kernels::ConvolutionPlan plan =
      kernels::plan_convolution(x.shape(), dweight.shape(), kernels::ConvolutionMethod::direct, 2);
  const Index W = x.shape().w, n_groups = plan.slabs.n_groups();
  const Index n_blocks = kernels::n_channel_blocks(plan, plan.O);
  const Index n_channels = plan.O / n_blocks;
  const Tensor bent = n_blocks > 1 ? gradient.all_rows() : Tensor();
  Tensor sums({1, 1, n_groups, kernels::gradient_sums_size(plan)});  // zeros
#pragma omp parallel for schedule(static) if (plan.worth_threads())
  for (Index task = 0; task < n_groups * n_blocks; ++task) {
    const Index g = task / n_blocks, first = task % n_blocks * n_channels;
    const auto group = static_cast<std::size_t>(g);
    kernels::Workspace& work = kernels::thread_workspace();
    for (Index i = plan.slabs.group_begin[group]; i < plan.slabs.group_begin[group + 1]; ++i) {
      const kernels::ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
      kernels::prepare_input(plan, slab, kernels::rows_of(x), work);
      for_each_row_of_windows(slab, W, [&](Index k, Index halo) {
        const Index n = slab.n_begin + k / (slab.n_rows() / 2), h = slab.h_begin / 2 + k % (slab.n_rows() / 2);
        const Real* const row = bent.empty() ? gradient.row(n, h) : bent.pixel(n, h, 0);
        kernels::add_one_channel_gradients(work.halo.data() + halo, W, row, gradient.winners_of_row(n, h), plan.O,
                                           first, n_channels, sums.pixel(0, 0, g));
      });
    }
  }
  kernels::add_group_gradients(plan, 1, sums, dweight, dbias);
}

// The convolution's three gradients, the rows of dv (3) being made where they are needed.
void backward_through_convolution(const Variable& x, const FusedStageParameters& p, const FusedStageSettings& s,
                                  const StageGradient& gradient) {
  const Shape images = x.shape(), weight = p.weight.shape();
  const kernels::PoolWindow window = window_of(s);
  Tensor dweight(weight), dbias(p.bias.shape()), dx;
  if (!x.requires_gradient() && kernels::one_channel_serves(images, weight, window)) {
    add_one_channel_gradients(x.value(), gradient, dweight, dbias);
  } else {
    const auto write_dv_row = [&](Index n, Index h, Real* row) {
      kernels::spread_gradient(gradient.row(n, h / window.ph), gradient.winners_of_row(n, h / window.ph), h % window.ph,
                               images.w, weight.c, window, row);  // (3)
    };
    const Tensor other_way = kernels::turned(p.weight.value());
    const auto plan = kernels::plan_convolution(images, weight, s.method);
    const auto back = kernels::plan_backward_data(plan, other_way.shape(), s.method);
    if (x.requires_gradient()) dx = Tensor::uninitialized(images);
    kernels::backward_slabs(plan, x.value(), write_dv_row,
                            {back, kernels::prepare_kernel(back, other_way), dx.empty() ? nullptr : &dx}, dweight,
                            dbias);
  }
  if (p.weight.requires_gradient()) p.weight.add_to_gradient(std::move(dweight));
  if (p.bias.requires_gradient()) p.bias.add_to_gradient(std::move(dbias));
  if (x.requires_gradient()) x.add_to_gradient(std::move(dx));
}

Shape output_shape(const Shape& z, const FusedStageSettings& s) {
  return {z.n, z.h * s.upsample_height, z.w * s.upsample_width, z.c};
}

Variable finish(const Variable& x, const FusedStageParameters& p, const FusedStageSettings& s, Activations kept,
                Normalization f, bool statistics_depend_on_z) {
  Tensor y = Tensor::uninitialized(output_shape(kept.z.shape(), s));
  normalize_images(affine(f, p.gamma.value(), p.beta.value()), kept.z, s.upsample_height, s.upsample_width, y);  // (1)
  BackwardRule rule = [x, p, s, kept = std::move(kept), f = std::move(f), statistics_depend_on_z](const Tensor&,
                                                                                                  Tensor dy) {
    const Tensor& z = kept.z;
    const Tensor dz = sum_of_copies(std::move(dy), z.shape(), s.upsample_height, s.upsample_width);
    const LinearInPixel f_dz =
        backward_through_normalization(z, dz, p.gamma, p.beta, f, statistics_depend_on_z, s.slope);
    backward_through_convolution(x, p, s, {z, kept.winners, dz, f_dz});
  };
  return Variable::result_of(std::move(y), {x, p.weight, p.bias, p.gamma, p.beta}, std::move(rule));
}

// (1) where nobody will ask for gradients: normalised while a slab is in the cache, and nothing kept. Nothing is summed over
// the slabs, so that one thread need not cut few images into four.
Tensor output_alone(const Tensor& x, const FusedStageParameters& p, const FusedStageSettings& s,
                    const Normalization& f) {
  const Activation activation(x, p, s, p.prepared, omp_get_max_threads() > 1);
  const List<kernels::ImageSlab>& slabs = activation.plan().slabs.slabs;
  const AffineInPixel normalize = affine(f, p.gamma.value(), p.beta.value());
  const Index W = activation.shape().w, C = activation.shape().c;
  Tensor y = Tensor::uninitialized(output_shape(activation.shape(), s));
#pragma omp parallel for schedule(static) if (activation.plan().worth_threads())
  for (Index i = 0; i < static_cast<Index>(slabs.size()); ++i) {
    const kernels::ImageSlab& slab = slabs[static_cast<std::size_t>(i)];
    Real* const z = kernels::at_least(kernels::thread_workspace().gradient_halo, activation.n_pixels(slab) * C);
    activation.compute(slab, z, nullptr);
    const Index n_rows = slab.n_rows() / s.pool_height;
    for (Index row = 0; row < slab.n_images() * n_rows; ++row) {
      const Index n = slab.n_begin + row / n_rows, h = slab.h_begin / s.pool_height + row % n_rows;
      for (Index copy = 0; copy < s.upsample_height; ++copy) {
        normalize_row(normalize, z + row * W * C, W, s.upsample_width, y.pixel(n, h * s.upsample_height + copy, 0));
      }
    }
  }
  return y;
}

}  // namespace

Variable fused_stage_training(const Variable& x, const FusedStageParameters& parameters, RunningAverages& averages,
                              const FusedStageSettings& settings) {
  check("fused_stage_training", x.shape(), parameters, averages, settings);
  const Index copies = settings.upsample_height * settings.upsample_width;
  const Index m_z = x.shape().n_pixels() / (settings.pool_height * settings.pool_width);
  const double r = running_variance_factor(m_z * copies, settings.batch_norm);
  Activations kept = activations(x.value(), parameters, settings);
  move_averages(averages, kept.moments, r, settings.batch_norm);
  Normalization f = normalization(kept.moments.mean, kept.moments.variance, settings.batch_norm.eps);
  return finish(x, parameters, settings, std::move(kept), std::move(f), true);
}

Variable fused_stage_prediction(const Variable& x, const FusedStageParameters& parameters,
                                const RunningAverages& averages, const FusedStageSettings& settings) {
  check("fused_stage_prediction", x.shape(), parameters, averages, settings);
  Normalization f = normalization(averages, settings.batch_norm.eps);
  const FusedStageParameters& p = parameters;
  if (!is_recorded({x, p.weight, p.bias, p.gamma, p.beta})) return Variable(output_alone(x.value(), p, settings, f));
  return finish(x, parameters, settings, activations(x.value(), parameters, settings), std::move(f), false);
}

}  // namespace autodiff
