#include "autodiff/kernels/slab_convolution.h"

#include <omp.h>

#include <numeric>

#include "autodiff/kernels/winograd.h"
#include "autodiff/parallel.h"

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

ConvolutionPlan plan_convolution(const Shape& images, const Shape& weight, ConvolutionMethod wanted, Index row_multiple,
                                 bool share_few) {
  const bool winograd = wanted == ConvolutionMethod::winograd && winograd_serves(images, weight);
  const SlabSize size{winograd ? std::lcm(row_multiple, Index(winograd_m)) : row_multiple, winograd, share_few};
  return {images,
          {weight.n, weight.h, weight.w},
          weight.c,
          padded_channels(weight.c),
          winograd ? ConvolutionMethod::winograd : ConvolutionMethod::direct,
          cut_into_slabs(images, size)};
}

ConvolutionPlan plan_backward_data(const ConvolutionPlan& plan, const Shape& turned_weight, ConvolutionMethod wanted) {
  const Shape dy{plan.images.n, plan.images.h, plan.images.w, plan.O};
  const bool winograd = wanted == ConvolutionMethod::winograd && winograd_serves(dy, turned_weight);
  return {dy,
          {turned_weight.n, turned_weight.h, turned_weight.w},
          turned_weight.c,
          padded_channels(turned_weight.c),
          winograd ? ConvolutionMethod::winograd : ConvolutionMethod::direct,
          plan.slabs};
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

void write_slab(const ConvolutionPlan& plan, const SlabKernel& kernel, const ImageSlab& slab, bool accumulate,
                Workspace& work, Tensor& y) {
  Real* const y_slab = y.pixel(slab.n_begin, slab.h_begin, 0);
  if (plan.O == plan.O_padded) {
    convolve_slab(plan, kernel, slab, work, accumulate, y_slab);
    return;
  }
  Real* const pixels = at_least(work.pixels, plan.n_pixels(slab) * plan.O_padded);
  convolve_slab(plan, kernel, slab, work, false, pixels);
  copy_pixels(pixels, plan.O_padded, y_slab, plan.O, plan.n_pixels(slab), plan.O, accumulate);
}

Index gradient_sums_size(const ConvolutionPlan& plan) {
  const bool winograd = plan.method == ConvolutionMethod::winograd;
  return ((winograd ? winograd_planes * plan.extent.C : n_weights(plan)) + 1) * plan.O_padded;
}

namespace {

// The gradient of a slab's output in packed panels.
const Real* gradient_panels(const ConvolutionPlan& back, const ImageSlab& slab, Workspace& work) {
  const HaloLayout halo = halo_layout(back, slab);
  const Index W = back.images.w, O = back.extent.C, n_pixels = slab.n_images() * slab.n_rows() * W;
  const Index row = (halo.padded_W + 2 * back.extent.q()) * O, rows = halo.padded_rows + 2 * back.extent.p();
  const Real* const first = work.gradient_halo.data() + back.extent.p() * row + back.extent.q() * O;
  Real* const panels = at_least(work.panels, panels_size(n_pixels, O));
  Index pixel = 0;
  for (Index n = 0; n < slab.n_images(); ++n) {
    for (Index h = 0; h < slab.n_rows(); ++h, pixel += W) {
      pack_pixels(first + (n * rows + h) * row, W, O, panels + pixel * panel_width, n_pixels);
    }
  }
  return panels;
}

}  // namespace

void slab_gradients(const ConvolutionPlan& plan, const ConvolutionPlan& back, const ImageSlab& slab, bool accumulate,
                    Workspace& work, Real* sums) {
  const Real* const dy_panels = gradient_panels(back, slab, work);
  pixel_sums(dy_panels, plan.n_pixels(slab), plan.O_padded, accumulate, sums);
  Real* const weight_sums = sums + plan.O_padded;
  if (plan.method == ConvolutionMethod::winograd) {
    winograd_weight_products(plan.tiles(slab), work.planes.data(), dy_panels, plan.O_padded, accumulate, work.products,
                             weight_sums);
  } else {
    weight_gradient_of_runs(runs_of(plan, slab, work), dy_panels, plan.O_padded, accumulate, weight_sums);
  }
}

Index n_channel_blocks(Index n_channels, Index n_groups, Index n_threads) {
  if (n_channels % packet_size != 0) return 1;
  const Index n_packets = n_channels / packet_size;
  Index n_blocks = std::clamp<Index>(n_threads / n_groups, 1, n_packets);
  while (n_packets % n_blocks != 0) --n_blocks;
  return n_blocks;
}

Index n_channel_blocks(const ConvolutionPlan& plan, Index n_channels) {
  return plan.worth_threads() ? n_channel_blocks(n_channels, plan.slabs.n_groups(), omp_get_max_threads()) : 1;
}

ConvolutionPlan plan_of_block(const ConvolutionPlan& plan, Index n_blocks) {
  ConvolutionPlan part = plan;
  part.extent.C /= n_blocks;
  part.images.c = part.extent.C;
  return part;
}

namespace {

// Input channels whose gradients are added up at once: 36 planes of 4 times 64 numbers fit the first-level cache. They divide a
// packet, and so a block of channels.
constexpr Index channels_at_once = std::min<Index>(4, packet_size);

// The sum over groups of n numbers, which are group_stride apart from group to group.
void sum_groups(const Real* first, Index n_groups, Index group_stride, Index n, Real* sum) {
  std::copy_n(first, n, sum);
  for (Index g = 1; g < n_groups; ++g) {
    for (Index i = 0; i < n; ++i) sum[i] += first[g * group_stride + i];
  }
}

}  // namespace

void add_group_gradients(const ConvolutionPlan& plan, Index n_blocks, const Tensor& sums, Tensor& dweight,
                         Tensor& dbias) {
  const Index n_groups = plan.slabs.n_groups(), O_padded = plan.O_padded, group_stride = sums.shape().c;
  if (n_groups == 0) return;
  const bool winograd = plan.method == ConvolutionMethod::winograd;
  const Index KW = plan.extent.KW, n_taps = plan.extent.KH * KW, n_planes = winograd ? winograd_planes : n_taps;
  const Index C = plan.extent.C, C_block = C / n_blocks, stride = channels_at_once * O_padded + 16;
#pragma omp parallel for schedule(static) if (dweight.size() > worth_threads)
  for (Index begin = 0; begin < C; begin += channels_at_once) {
    const Index n_channels = std::min(channels_at_once, C - begin), n = n_channels * O_padded;
    const Real* const first = sums.pixel(begin / C_block, 0, 0) + (1 + begin % C_block) * O_padded;
    Workspace& work = thread_workspace();
    const Real* dA = at_least(work.planes, n_planes * stride);
    for (Index plane = 0; plane < n_planes; ++plane) {
      sum_groups(first + plane * C_block * O_padded, n_groups, group_stride, n, work.planes.data() + plane * stride);
    }
    if (winograd) {
      winograd_weight_gradients(dA, stride, n, at_least(work.pixels, n_taps * stride), stride);
      dA = work.pixels.data();
    }
    for (Index tap = 0; tap < n_taps; ++tap) {
      add_pixels(dA + tap * stride, O_padded, dweight.pixel(tap / KW, tap % KW, begin), plan.O, n_channels, plan.O);
    }
  }
  Real* const db = at_least(thread_workspace().pixels, O_padded);
  sum_groups(sums.data(), n_groups, group_stride, O_padded, db);
  add_pixels(db, O_padded, dbias.data(), plan.O, 1, plan.O);
}

void backward_blocks(const ConvolutionPlan& plan, const Tensor& x, const Tensor& dy, const InputGradient& back,
                     Index n_blocks, Tensor& dweight, Tensor& dbias) {
  if (back.dx != nullptr) convolve_slabs(back.plan, back.kernel, rows_of(dy), false, *back.dx);
  const ConvolutionPlan part = plan_of_block(plan, n_blocks);
  const Index n_groups = plan.slabs.n_groups(), C = part.extent.C;
  Tensor sums = Tensor::uninitialized({n_blocks, 1, n_groups, gradient_sums_size(part)});
#pragma omp parallel for schedule(static)
  for (Index task = 0; task < n_groups * n_blocks; ++task) {
    const Index group = task / n_blocks, block = task % n_blocks;
    sum_group(part, back.plan, group, rows_of(x, block * C, C), rows_of(dy), sums.pixel(block, 0, group),
              [](const ImageSlab&) {});
  }
  add_group_gradients(plan, n_blocks, sums, dweight, dbias);
}

}  // namespace autodiff::kernels
