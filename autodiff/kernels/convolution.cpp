#include "autodiff/kernels/convolution.h"

#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/ops/conv2d.h"

namespace autodiff::kernels {
namespace {

// y = bias + A * x, or y += A * x, slab by slab.
template <bool accumulate>
void apply(const ConvolutionPlan& plan, const SlabKernel& kernel, const Tensor& x, Tensor& y) {
#pragma omp parallel for schedule(static)
  for (Index i = 0; i < plan.slabs.n_slabs(); ++i) {
    const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    Workspace& work = thread_workspace();
    prepare_input(plan, slab, rows_of(x), work);
    Real* const y_slab = y.pixel(slab.n_begin, slab.h_begin, 0);
    if (plan.O == plan.O_padded) {
      convolve_slab(plan, kernel, slab, work, accumulate, y_slab);
    } else {
      Real* const pixels = at_least(work.pixels, plan.n_pixels(slab) * plan.O_padded);
      convolve_slab(plan, kernel, slab, work, false, pixels);
      copy_pixels<accumulate>(pixels, plan.O_padded, y_slab, plan.O, plan.n_pixels(slab), plan.O);
    }
  }
}

// One group's share of (2) and (3), in order of its slabs.
void add_group(const ConvolutionPlan& plan, Index group, const Tensor& x, const Tensor& dy, Real* sums) {
  Workspace& work = thread_workspace();
  const auto g = static_cast<std::size_t>(group);
  for (Index i = plan.slabs.group_begin[g]; i < plan.slabs.group_begin[g + 1]; ++i) {
    const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    prepare_input(plan, slab, rows_of(x), work);
    const Index n_pixels = plan.n_pixels(slab);
    Real* const panels = at_least(work.panels, panels_size(n_pixels, plan.O));
    pack_pixels(dy.pixel(slab.n_begin, slab.h_begin, 0), n_pixels, plan.O, panels);
    add_slab_gradients(plan, slab, work, panels, sums);
  }
}

}  // namespace

void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y, ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve", x.shape(), weight.shape(), bias.shape(), y.shape());
  const ConvolutionPlan plan = plan_convolution(x.shape(), weight.shape(), method);
  apply<false>(plan, prepare_kernel(plan, weight, bias.data()), x, y);  // (1)
}

void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx, ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve_backward_data", dx.shape(), weight.shape(), per_channel(weight.shape().c),
                      dy.shape());
  const Tensor other_way = turned(weight);
  const ConvolutionPlan plan = plan_convolution(dy.shape(), other_way.shape(), method);
  apply<true>(plan, prepare_kernel(plan, other_way), dy, dx);  // (4)
}

void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias,
                              ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve_backward_weight", x.shape(), dweight.shape(), dbias.shape(), dy.shape());
  const ConvolutionPlan plan = plan_convolution(x.shape(), dweight.shape(), method);
  const Index n_groups = plan.slabs.n_groups();
  Tensor sums({1, 1, n_groups, gradient_sums_size(plan)});
#pragma omp parallel for schedule(static)
  for (Index g = 0; g < n_groups; ++g) add_group(plan, g, x, dy, sums.pixel(0, 0, g));  // (2), (3)
  for (Index g = 0; g < n_groups; ++g) add_group_gradients(plan, sums.pixel(0, 0, g), dweight, dbias);
}

}  // namespace autodiff::kernels
