// Convolution slab by slab, direct or by Winograd's transforms: what convolution.h and the fused stage are made of.
//
//   const ConvolutionPlan plan = plan_convolution(images, weight.shape(), method);
//   for each slab of plan.slabs:
//     prepare_input(plan, slab, rows_of(x), work);
//     convolve_slab(plan, prepare_kernel(plan, weight, bias), slab, work, false, y);   // or, for backward-weights,
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
void copy_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O, bool accumulate);

// The three passes over all slabs, for input that comes as rows (rows_of for a tensor).

// y = bias + A * x or y += A * x.
template <class WriteRow>
void convolve_slabs(const ConvolutionPlan& plan, const SlabKernel& kernel, const WriteRow& write_x_row, bool accumulate,
                    Tensor& y) {
#pragma omp parallel for schedule(static)
  for (Index i = 0; i < plan.slabs.n_slabs(); ++i) {
    const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
    Workspace& work = thread_workspace();
    prepare_input(plan, slab, write_x_row, work);
    Real* const y_slab = y.pixel(slab.n_begin, slab.h_begin, 0);
    if (plan.O == plan.O_padded) {
      convolve_slab(plan, kernel, slab, work, accumulate, y_slab);
    } else {
      Real* const pixels = at_least(work.pixels, plan.n_pixels(slab) * plan.O_padded);
      convolve_slab(plan, kernel, slab, work, false, pixels);
      copy_pixels(pixels, plan.O_padded, y_slab, plan.O, plan.n_pixels(slab), plan.O, accumulate);
    }
  }
}

// The gradient of a slab's output in packed panels.
template <class WriteRow>
const Real* gradient_panels(const ConvolutionPlan& plan, const ImageSlab& slab, const WriteRow& write_dy_row,
                            Workspace& work) {
  const Index W = plan.images.w, n_pixels = plan.n_pixels(slab);
  Real* const panels = at_least(work.panels, panels_size(n_pixels, plan.O));
  Real* const row = at_least(work.gradient_row, W * plan.O);
  Index pixel = 0;
  for (Index n = slab.n_begin; n < slab.n_end; ++n) {
    for (Index h = slab.h_begin; h < slab.h_end; ++h, pixel += W) {
      write_dy_row(n, h, row);
      pack_pixels(row, W, plan.O, panels + pixel * panel_width, n_pixels);
    }
  }
  return panels;
}

// dweight and dbias += their gradients: group by group in parallel, slab by slab within a group, groups added in order.
template <class WriteRow, class WriteGradientRow>
void add_gradients(const ConvolutionPlan& plan, const WriteRow& write_x_row, const WriteGradientRow& write_dy_row,
                   Tensor& dweight, Tensor& dbias) {
  const Index n_groups = plan.slabs.n_groups();
  Tensor sums({1, 1, n_groups, gradient_sums_size(plan)});
#pragma omp parallel for schedule(static)
  for (Index g = 0; g < n_groups; ++g) {
    Workspace& work = thread_workspace();
    const auto group = static_cast<std::size_t>(g);
    for (Index i = plan.slabs.group_begin[group]; i < plan.slabs.group_begin[group + 1]; ++i) {
      const ImageSlab& slab = plan.slabs.slabs[static_cast<std::size_t>(i)];
      prepare_input(plan, slab, write_x_row, work);
      add_slab_gradients(plan, slab, work, gradient_panels(plan, slab, write_dy_row, work), sums.pixel(0, 0, g));
    }
  }
  for (Index g = 0; g < n_groups; ++g) add_group_gradients(plan, sums.pixel(0, 0, g), dweight, dbias);
}

}  // namespace autodiff::kernels
