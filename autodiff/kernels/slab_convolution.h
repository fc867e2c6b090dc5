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
#include "autodiff/parallel.h"

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

// The plan of backward-data beside that of its convolution: the turned kernel chooses the method, the slabs are those of
// `plan`. A sum of dx may run in another order in another slab, so that both ways through the backward passes (below) must
// cut alike.
ConvolutionPlan plan_backward_data(const ConvolutionPlan& plan, const Shape& turned_weight, ConvolutionMethod wanted);

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
// Blocks of equally many channels, whole packets, that give n_threads threads something to do where there are fewer
// groups: n_threads / n_groups, or fewer.
Index n_channel_blocks(Index n_channels, Index n_groups, Index n_threads);
// The same for the groups of a plan and the threads at hand; one where the plan's work is not worth threads.
Index n_channel_blocks(const ConvolutionPlan& plan, Index n_channels);

// The gradients of the weights of some input channels are those of a convolution of these channels alone.
ConvolutionPlan plan_of_block(const ConvolutionPlan& plan, Index n_blocks);

// Adds the sums of all groups, group after group, to dweight and dbias. sums: (n_blocks, 1, n_groups, gradient_sums_size of
// plan_of_block); every block has the bias, and the first one's is taken.
void add_group_gradients(const ConvolutionPlan& plan, Index n_blocks, const Tensor& sums, Tensor& dweight,
                         Tensor& dbias);

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

// Sums of one group, slab by slab; each row of dy is asked for once a slab. then(slab) finds the slab's gradient in
// work.gradient_halo.
template <class WriteRow, class WriteGradientRow, class Then>
void sum_group(const ConvolutionPlan& plan, const ConvolutionPlan& back, Index group, const WriteRow& write_x_row,
               const WriteGradientRow& write_dy_row, Real* sums, const Then& then) {
  Workspace& work = thread_workspace();
  const Index first = plan.slabs.group_begin[static_cast<std::size_t>(group)];
  for (Index i = first; i < plan.slabs.group_begin[static_cast<std::size_t>(group + 1)]; ++i) {
    const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    prepare_input(plan, slab, write_x_row, work);
    prepare_gradient(back, slab, write_dy_row, work);
    slab_gradients(plan, back, slab, i > first, work, sums);
    then(slab);
  }
}

// dweight and dbias += their gradients, and dx: groups in parallel, the three of them from one copy of a slab's dy.
template <class WriteGradientRow>
void backward_groups(const ConvolutionPlan& plan, const Tensor& x, const WriteGradientRow& write_dy_row,
                     const InputGradient& back, Tensor& dweight, Tensor& dbias) {
  const Index n_groups = plan.slabs.n_groups();
  Tensor sums = Tensor::uninitialized({1, 1, n_groups, gradient_sums_size(plan)});
#pragma omp parallel for schedule(static) if (plan.worth_threads())
  for (Index g = 0; g < n_groups; ++g) {
    sum_group(plan, back.plan, g, rows_of(x), write_dy_row, sums.pixel(0, 0, g), [&](const ImageSlab& slab) {
      if (back.dx == nullptr) return;
      Workspace& work = thread_workspace();
      std::swap(work.halo, work.gradient_halo);
      transform_input(back.plan, slab, work);
      write_slab(back.plan, back.kernel, slab, false, work, *back.dx);
    });
  }
  add_group_gradients(plan, 1, sums, dweight, dbias);
}

// The same, to the bit, for more threads than groups: slabs of dx in parallel, then groups and blocks of input channels.
void backward_blocks(const ConvolutionPlan& plan, const Tensor& x, const Tensor& dy, const InputGradient& back,
                     Index n_blocks, Tensor& dweight, Tensor& dbias);

template <class WriteGradientRow>
void backward_slabs(const ConvolutionPlan& plan, const Tensor& x, const WriteGradientRow& write_dy_row,
                    const InputGradient& back, Tensor& dweight, Tensor& dbias) {
  const Index n_blocks = n_channel_blocks(plan, plan.extent.C);
  if (n_blocks == 1) {
    backward_groups(plan, x, write_dy_row, back, dweight, dbias);
    return;
  }
  Tensor dy = Tensor::uninitialized(back.plan.images);
  for_each_row(dy.shape(), [&](Index n, Index h) { write_dy_row(n, h, dy.pixel(n, h, 0)); });
  backward_blocks(plan, x, dy, back, n_blocks, dweight, dbias);
}

}  // namespace autodiff::kernels
