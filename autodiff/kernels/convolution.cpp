#include "autodiff/kernels/convolution.h"

#include "autodiff/kernels/direct_convolution.h"
#include "autodiff/ops/conv2d.h"

namespace autodiff::kernels {
namespace {

TileRuns runs_of(const Tensor& x, const ImageSlab& slab, const KernelExtent& k, Buffer& halo, Buffer& patches) {
  const Shape s = x.shape();
  const Index size = slab.n_images() * (slab.n_rows() + 2 * k.p()) * (s.w + 2 * k.q()) * s.c;
  fill_halo(at_least(halo, size), slab, s.h, s.w, k, slab.n_rows(), s.w, rows_of(x));
  return make_runs(halo.data(), patches, slab, s.w, k);
}

// to[pixel, :O] = or += from[pixel, :O]; the pixels are to_ld and from_ld apart.
template <bool accumulate>
void copy_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O) {
  for (Index i = 0; i < n_pixels; ++i) {
    for (Index o = 0; o < O; ++o) to[i * to_ld + o] = (accumulate ? to[i * to_ld + o] : 0) + from[i * from_ld + o];
  }
}

// y = bias + A * x, or y += A * x, slab by slab.
template <bool accumulate>
void apply(const Tensor& x, const PackedKernel& kernel, Tensor& y) {
  const SlabPlan plan = cut_into_slabs(x.shape());
#pragma omp parallel for schedule(static)
  for (Index i = 0; i < plan.n_slabs(); ++i) {
    const ImageSlab& slab = plan.slabs[static_cast<std::size_t>(i)];
    Workspace& work = thread_workspace();
    const TileRuns runs = runs_of(x, slab, kernel.extent, work.halo, work.patches);
    Real* const y_slab = y.pixel(slab.n_begin, slab.h_begin, 0);
    if (kernel.O == kernel.O_padded) {
      convolve_runs(runs, kernel, accumulate, y_slab);
      continue;
    }
    const Index n_pixels = runs.n_runs * runs.pixels_per_run;
    Real* const pixels = at_least(work.pixels, n_pixels * kernel.O_padded);
    convolve_runs(runs, kernel, false, pixels);
    copy_pixels<accumulate>(pixels, kernel.O_padded, y_slab, kernel.O, n_pixels, kernel.O);
  }
}

// One group's share of (2) and (3), in order of its slabs; dA (KH KW C rows) and db with O_padded columns.
void add_group(const Tensor& x, const Tensor& dy, const KernelExtent& k, const SlabPlan& plan, Index group, Real* dA,
               Real* db) {
  const Index O = dy.shape().c, O_padded = padded_channels(O);
  Workspace& work = thread_workspace();
  for (Index i = plan.group_begin[group]; i < plan.group_begin[group + 1]; ++i) {
    const ImageSlab& slab = plan.slabs[static_cast<std::size_t>(i)];
    const TileRuns runs = runs_of(x, slab, k, work.halo, work.patches);
    const Index n_pixels = runs.n_runs * runs.pixels_per_run;
    Real* const panels = at_least(work.pixels, panels_size(n_pixels, O));
    pack_pixels(dy.pixel(slab.n_begin, slab.h_begin, 0), n_pixels, O, panels);
    weight_gradient_of_runs(runs, panels, O_padded, dA);  // (2)
    add_pixel_sums(panels, n_pixels, O_padded, db);       // (3)
  }
}

}  // namespace

void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y) {
  check_conv2d_shapes("kernels::convolve", x.shape(), weight.shape(), bias.shape(), y.shape());
  apply<false>(x, pack_kernel(weight, bias.data()), y);  // (1)
}

void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx) {
  check_conv2d_shapes("kernels::convolve_backward_data", dx.shape(), weight.shape(), per_channel(weight.shape().c),
                      dy.shape());
  apply<true>(dy, pack_kernel(turned(weight)), dx);  // (4)
}

void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias) {
  check_conv2d_shapes("kernels::convolve_backward_weight", x.shape(), dweight.shape(), dbias.shape(), dy.shape());
  const Shape s = dweight.shape();
  const Index K = s.n * s.h * s.w, O_padded = padded_channels(s.c), size = (K + 1) * O_padded;
  const SlabPlan plan = cut_into_slabs(x.shape());
  Tensor sums({1, 1, plan.n_groups(), size});
#pragma omp parallel for schedule(static)
  for (Index g = 0; g < plan.n_groups(); ++g) {
    Real* const dA = sums.data() + g * size;
    add_group(x, dy, {s.n, s.h, s.w}, plan, g, dA, dA + K * O_padded);
  }
  for (Index g = 0; g < plan.n_groups(); ++g) {
    const Real* const dA = sums.data() + g * size;
    copy_pixels<true>(dA, O_padded, dweight.data(), s.c, K, s.c);
    copy_pixels<true>(dA + K * O_padded, O_padded, dbias.data(), s.c, 1, s.c);
  }
}

}  // namespace autodiff::kernels
