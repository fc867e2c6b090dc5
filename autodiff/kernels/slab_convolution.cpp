#include "autodiff/kernels/slab_convolution.h"

#include <numeric>

#include "autodiff/kernels/winograd.h"

namespace autodiff::kernels {
namespace {

TileRuns runs_of(const ConvolutionPlan& plan, const ImageSlab& slab, Workspace& work) {
  return describe_runs(work.halo.data(), work.patches.data(), slab, plan.images.w, plan.extent);
}

void add_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O) {
  for (Index i = 0; i < n_pixels; ++i) {
    for (Index o = 0; o < O; ++o) to[i * to_ld + o] += from[i * from_ld + o];
  }
}

Index n_weights(const ConvolutionPlan& plan) { return plan.extent.KH * plan.extent.KW * plan.extent.C; }

}  // namespace

void copy_pixels(const Real* from, Index from_ld, Real* to, Index to_ld, Index n_pixels, Index O, bool accumulate) {
  if (accumulate) {
    add_pixels(from, from_ld, to, to_ld, n_pixels, O);
  } else {
    for (Index i = 0; i < n_pixels; ++i) std::copy_n(from + i * from_ld, O, to + i * to_ld);
  }
}

bool winograd_serves(const Shape& images, const Shape& weight) {
  return weight.n == 3 && weight.h == 3 && weight.w % packet_size == 0 && weight.w >= 16 && weight.c >= 16 &&
         images.h >= 4 && images.w >= 8;
}

ConvolutionPlan plan_convolution(const Shape& images, const Shape& weight, ConvolutionMethod wanted,
                                 Index row_multiple) {
  const bool winograd = wanted == ConvolutionMethod::winograd && winograd_serves(images, weight);
  const SlabSize size{winograd ? std::lcm(row_multiple, Index(winograd_m)) : row_multiple, winograd};
  return {images,
          {weight.n, weight.h, weight.w},
          weight.c,
          padded_channels(weight.c),
          winograd ? ConvolutionMethod::winograd : ConvolutionMethod::direct,
          cut_into_slabs(images, size)};
}

SlabKernel prepare_kernel(const ConvolutionPlan& plan, const Tensor& weight, const Real* bias) {
  SlabKernel kernel;
  if (plan.method == ConvolutionMethod::winograd) {
    kernel.winograd = winograd_kernel(weight, bias);
  } else {
    kernel.direct = pack_kernel(weight, bias);
  }
  return kernel;
}

HaloLayout halo_layout(const ConvolutionPlan& plan, const ImageSlab& slab) {
  const KernelExtent& k = plan.extent;
  const WinogradTiles tiles = plan.tiles(slab);
  const bool winograd = plan.method == ConvolutionMethod::winograd;
  const Index rows = winograd ? tiles.padded_rows() : slab.n_rows();
  const Index W = winograd ? tiles.padded_W() : plan.images.w;
  return {rows, W, slab.n_images() * (rows + 2 * k.p()) * (W + 2 * k.q()) * k.C};
}

void transform_input(const ConvolutionPlan& plan, const ImageSlab& slab, Workspace& work) {
  if (plan.method == ConvolutionMethod::winograd) {
    const WinogradTiles tiles = plan.tiles(slab);
    winograd_input_planes(tiles, work.halo.data(), at_least(work.planes, winograd_planes * tiles.plane_stride()));
  } else if (needs_patches(slab, plan.images.w, plan.extent)) {
    fill_patches(work.halo.data(), slab, plan.images.w, plan.extent, work.patches);
  }
}

void convolve_slab(const ConvolutionPlan& plan, const SlabKernel& kernel, const ImageSlab& slab, Workspace& work,
                   bool accumulate, Real* y) {
  if (plan.method == ConvolutionMethod::winograd) {
    winograd_convolve(plan.tiles(slab), work.planes.data(), kernel.winograd, accumulate, work.products, y);
  } else {
    convolve_runs(runs_of(plan, slab, work), kernel.direct, accumulate, y);
  }
}

Index gradient_sums_size(const ConvolutionPlan& plan) {
  const bool winograd = plan.method == ConvolutionMethod::winograd;
  return ((winograd ? winograd_planes * plan.extent.C : n_weights(plan)) + 1) * plan.O_padded;
}

void add_slab_gradients(const ConvolutionPlan& plan, const ImageSlab& slab, Workspace& work, const Real* dy_panels,
                        Real* sums) {
  add_pixel_sums(dy_panels, plan.n_pixels(slab), plan.O_padded, sums);
  Real* const weight_sums = sums + plan.O_padded;
  if (plan.method == ConvolutionMethod::winograd) {
    winograd_weight_products(plan.tiles(slab), work.planes.data(), dy_panels, plan.O_padded, work.products,
                             weight_sums);
  } else {
    weight_gradient_of_runs(runs_of(plan, slab, work), dy_panels, plan.O_padded, weight_sums);
  }
}

void add_group_gradients(const ConvolutionPlan& plan, const Real* sums, Tensor& dweight, Tensor& dbias) {
  const Real* dA = sums + plan.O_padded;
  Buffer transformed;
  if (plan.method == ConvolutionMethod::winograd) {
    transformed.assign(static_cast<std::size_t>(n_weights(plan) * plan.O_padded), Real(0));
    add_winograd_weight_gradient(dA, plan.extent.C, plan.O_padded, transformed.data());
    dA = transformed.data();
  }
  add_pixels(dA, plan.O_padded, dweight.data(), plan.O, n_weights(plan), plan.O);
  add_pixels(sums, plan.O_padded, dbias.data(), plan.O, 1, plan.O);
}

}  // namespace autodiff::kernels
