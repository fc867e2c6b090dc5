// Convolution slab by slab, direct or by Winograd's transforms: what convolution.h and the fused stage are made of.
//
//   const ConvolutionPlan plan = plan_convolution(images, weight.shape(), method);
//   const SlabKernel kernel = prepare_kernel(plan, weight, bias);
//   for each slab of plan.slabs (in parallel):
//     prepare_input(plan, slab, rows_of(x), work);
//     convolve_slab(plan, kernel, slab, work, false, y);           // or, for backward-weights,
//     add_slab_gradients(plan, slab, work, dy_panels, sums);
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
  WinogradTiles tiles(const ImageSlab& slab) const { return {slab.n_images(), slab.n_rows(), images.w, extent.C}; }
};

// Slabs have a multiple of `row_multiple` rows (rows of a pooling window) where they do not end an image.
ConvolutionPlan plan_convolution(const Shape& images, const Shape& weight, ConvolutionMethod wanted,
                                 Index row_multiple = 1);

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

// Sums over slabs of the gradients of weight and bias, in the form of the method.
Index gradient_sums_size(const ConvolutionPlan& plan);
void add_slab_gradients(const ConvolutionPlan& plan, const ImageSlab& slab, Workspace& work, const Real* dy_panels,
                        Real* sums);
// Adds the finished sums of one group to dweight and dbias.
void add_group_gradients(const ConvolutionPlan& plan, const Real* sums, Tensor& dweight, Tensor& dbias);

// to[pixel, :O] = or += from[pixel, :O]; the pixels are to_ld and from_ld apart.
template <bool accumulate>
void copy_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O) {
  for (Index i = 0; i < n_pixels; ++i) {
    for (Index o = 0; o < O; ++o) to[i * to_ld + o] = (accumulate ? to[i * to_ld + o] : 0) + from[i * from_ld + o];
  }
}

}  // namespace autodiff::kernels
