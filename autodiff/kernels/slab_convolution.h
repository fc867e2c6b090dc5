// Convolution slab by slab, direct or by Winograd's transforms: what convolution.h and the fused stage are made of.
//
//   const ConvolutionPlan plan = plan_convolution(images, weight.shape(), method);
//   for each slab of plan.slabs:
//     prepare_input(plan, slab, rows_of(x), work);
//     convolve_slab(plan, prepare_kernel(plan, weight, bias), slab, work, false, y);   // or, for backward-weights,
//     prepare_gradient(back, slab, rows_of(dy), work);
//     slab_gradients(plan, back, slab, false, work, sums);
//
// The input comes as rows (write_row of image_slab.h), so that it may be computed on the way instead of being read.
#pragma once

#include "autodiff/kernels/convolution.h"
#include "autodiff/kernels/direct_convolution.h"
#include "autodiff/kernels/winograd_convolution.h"

namespace autodiff::kernels {

struct ConvolutionPlan {
  Shape images;  // of the input
  KernelExtent extent;
  Index O, O_padded;
  ConvolutionMethod method;  // winograd only where winograd_serves()
  SlabPlan slabs;

  Index n_pixels(const ImageSlab& slab) const { return slab.n_images() * slab.n_rows() * images.w; }
  // Little work runs on the calling thread: waking another one takes microseconds.
  bool worth_threads() const {
    return slabs.n_slabs() > 1 && images.n_pixels() * extent.KH * extent.KW * extent.C * O > 500000;
  }
  WinogradTiles tiles(const ImageSlab& slab) const { return {slab.n_images(), slab.n_rows(), images.w, extent.C}; }
};

// Slabs have a multiple of `row_multiple` rows (rows of a pooling window) where they do not end an image; share_few: see
// SlabSize.
ConvolutionPlan plan_convolution(const Shape& images, const Shape& weight, ConvolutionMethod wanted,
                                 Index row_multiple = 1, bool share_few = true);

struct SlabKernel {
  PackedKernel direct;
  WinogradKernel winograd;
};
SlabKernel prepare_kernel(const ConvolutionPlan& plan, const Tensor& weight, const Real* bias = nullptr);

// Layout of the halo of a slab under the method of the plan.
struct HaloLayout {
  Index padded_rows, padded_W, size;
};
HaloLayout halo_layout(const ConvolutionPlan& plan, const ImageSlab& slab);

// Makes of the halo in work.halo what the method needs.
void transform_input(const ConvolutionPlan& plan, const ImageSlab& slab, Workspace& work);

template <class WriteRow>
void prepare_input(const ConvolutionPlan& plan, const ImageSlab& slab, const WriteRow& write_row, Workspace& work) {
  const HaloLayout halo = halo_layout(plan, slab);
  fill_halo(at_least(work.halo, halo.size), slab, plan.images.h, plan.images.w, plan.extent, halo.padded_rows,
            halo.padded_W, write_row);
  transform_input(plan, slab, work);
}

// y = bias + A * x or y += A * x for the pixels of the slab, O_padded apart.
void convolve_slab(const ConvolutionPlan& plan, const SlabKernel& kernel, const ImageSlab& slab, Workspace& work,
                   bool accumulate, Real* y);

// The gradient of a slab's output in work.gradient_halo, whose layout is that of an input of `back`, the plan of
// backward-data: with it both backward passes are made from one copy. Pixel (n, h, w) of the slab begins at
//   halo + ((n (padded_rows + 2p) + p + h) (padded_W + 2q) + q + w) O.
template <class WriteRow>
void prepare_gradient(const ConvolutionPlan& back, const ImageSlab& slab, const WriteRow& write_dy_row,
                      Workspace& work) {
  const HaloLayout halo = halo_layout(back, slab);
  fill_halo(at_least(work.gradient_halo, halo.size), slab, back.images.h, back.images.w, back.extent, halo.padded_rows,
            halo.padded_W, write_dy_row);
}

// Sums over slabs of the gradients of weight and bias, in the form of the method: bias first.
Index gradient_sums_size(const ConvolutionPlan& plan);
// Those of one slab, from its prepared input and gradient; added to sums where `accumulate`.
void slab_gradients(const ConvolutionPlan& plan, const ConvolutionPlan& back, const ImageSlab& slab, bool accumulate,
                    Workspace& work, Real* sums);
// Adds the sums of all groups (1, 1, n_groups, gradient_sums_size), group after group, to dweight and dbias. The sums
// are used up.
void add_group_gradients(const ConvolutionPlan& plan, Tensor& sums, Tensor& dweight, Tensor& dbias);

// to[pixel, :O] = or += from[pixel, :O]; the pixels are to_ld and from_ld apart.
void copy_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O, bool accumulate);

// One slab of y = bias + A * x or y += A * x from its prepared input.
void write_slab(const ConvolutionPlan& plan, const SlabKernel& kernel, const ImageSlab& slab, bool accumulate,
                Workspace& work, Tensor& y);

// The passes over all slabs, for input that comes as rows (rows_of for a tensor).

// y = bias + A * x or y += A * x.
template <class WriteRow>
void convolve_slabs(const ConvolutionPlan& plan, const SlabKernel& kernel, const WriteRow& write_x_row, bool accumulate,
                    Tensor& y) {
#pragma omp parallel for schedule(static) if (plan.worth_threads())
  for (Index i = 0; i < plan.slabs.n_slabs(); ++i) {
    const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    Workspace& work = thread_workspace();
    prepare_input(plan, slab, write_x_row, work);
    write_slab(plan, kernel, slab, accumulate, work, y);
  }
}

// Where backward-data puts its result: dx = A' * dy, by the plan and the kernel of backward-data.
struct InputGradient {
  const ConvolutionPlan& plan;
  const SlabKernel& kernel;
  Tensor* dx;  // null: not wanted
};

// dweight and dbias += their gradients, and dx: groups in parallel, slab by slab within a group, each row of dy being
// asked for once a slab; groups are added in order.
template <class WriteRow, class WriteGradientRow>
void backward_slabs(const ConvolutionPlan& plan, const WriteRow& write_x_row, const WriteGradientRow& write_dy_row,
                    const InputGradient& back, Tensor& dweight, Tensor& dbias) {
  const Index n_groups = plan.slabs.n_groups();
  Tensor sums = Tensor::uninitialized({1, 1, n_groups, gradient_sums_size(plan)});
#pragma omp parallel for schedule(static) if (plan.worth_threads())
  for (Index g = 0; g < n_groups; ++g) {
    Workspace& work = thread_workspace();
    const auto group = static_cast<std::size_t>(g);
    for (Index i = plan.slabs.group_begin[group]; i < plan.slabs.group_begin[group + 1]; ++i) {
      const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
      prepare_input(plan, slab, write_x_row, work);
      prepare_gradient(back.plan, slab, write_dy_row, work);
      slab_gradients(plan, back.plan, slab, i > plan.slabs.group_begin[group], work, sums.pixel(0, 0, g));
      if (back.dx == nullptr) continue;
      std::swap(work.halo, work.gradient_halo);
      transform_input(back.plan, slab, work);
      write_slab(back.plan, back.kernel, slab, false, work, *back.dx);
    }
  }
  add_group_gradients(plan, sums, dweight, dbias);
}

}  // namespace autodiff::kernels
