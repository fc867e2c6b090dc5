#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {
namespace {

constexpr Index pixels_per_slab = 512;  // input and output of 64 channels: 130 KB each in single precision
constexpr Index pixels_of_small_images = 32;
constexpr Index shortest_run = 12;  // pixels; two tiles of six

void cut_image(Index n, Index H, Index rows, List<ImageSlab>& slabs) {
  for (Index h = 0; h < H; h += rows) slabs.push_back({n, n + 1, h, std::min(H, h + rows)});
}

// In four pieces of whole strips of row_multiple rows; the pieces differ by one strip at most, and so do their two halves.
void cut_image_in_four(Index n, Index H, Index row_multiple, List<ImageSlab>& slabs) {
  const Index n_strips = (H + row_multiple - 1) / row_multiple;
  for (Index piece = 0; piece < 4; ++piece) {
    const Index begin = n_strips * piece / 4 * row_multiple;
    const Index end = std::min(H, n_strips * (piece + 1) / 4 * row_multiple);
    if (end > begin) slabs.push_back({n, n + 1, begin, end});
  }
}

}  // namespace

SlabPlan cut_into_slabs(const Shape& images, const SlabSize& size) {
  SlabPlan plan;
  plan.group_begin.push_back(0);
  if (images.n_pixels() == 0) return plan;
  const Index rows = std::max<Index>(1, pixels_per_slab / images.w / size.row_multiple) * size.row_multiple;
  const Index joined_pixels = size.join_images ? pixels_per_slab : pixels_of_small_images;
  const Index images_per_slab = std::clamp<Index>(joined_pixels / (images.h * images.w), 1, 4);
  const Index n_groups = std::min(max_groups, images.n);
  for (Index g = 0; g < n_groups; ++g) {
    const Index end = images.n * (g + 1) / n_groups;
    for (Index n = images.n * g / n_groups; n < end; n += images_per_slab) {
      if (images_per_slab > 1) {
        plan.slabs.push_back({n, std::min(end, n + images_per_slab), 0, images.h});
      } else if (size.share_few && images.n < max_groups && images.h * images.w > pixels_of_small_images) {
        cut_image_in_four(n, images.h, size.row_multiple, plan.slabs);
      } else {
        cut_image(n, images.h, rows, plan.slabs);
      }
    }
    plan.group_begin.push_back(plan.n_slabs());
  }
  return plan;
}

Workspace& thread_workspace() {
  thread_local Workspace workspace;
  return workspace;
}

bool needs_patches(const ImageSlab& slab, Index W, const KernelExtent& k) {
  return W < shortest_run || (slab.n_images() > 1 && k.KH > 1);
}

namespace {

// An odd number of cache lines from patch to patch, so that patches do not compete for the same places in the cache.
Index patch_stride(const KernelExtent& k) { return k.KH * k.KW * k.C / 32 * 32 + 48; }

}  // namespace

void fill_patches(const Real* halo, const ImageSlab& slab, Index W, const KernelExtent& k, Buffer& patches) {
  const Index row = (W + 2 * k.q()) * k.C, K = k.KW * k.C;
  Real* patch = at_least(patches, slab.n_images() * slab.n_rows() * W * patch_stride(k));
  for (Index n = 0; n < slab.n_images(); ++n) {
    for (Index h = 0; h < slab.n_rows(); ++h) {
      const Real* const first = halo + (n * (slab.n_rows() + 2 * k.p()) + h) * row;
      for (Index w = 0; w < W; ++w, patch += patch_stride(k)) {
        for (Index i = 0; i < k.KH; ++i) std::copy_n(first + i * row + w * k.C, K, patch + i * K);
      }
    }
  }
}

TileRuns describe_runs(const Real* halo, const Real* patches, const ImageSlab& slab, Index W, const KernelExtent& k) {
  const Index n_rows = slab.n_images() * slab.n_rows(), row = (W + 2 * k.q()) * k.C, K = k.KW * k.C;
  if (needs_patches(slab, W, k)) return {patches, 1, 0, n_rows * W, patch_stride(k), 1, 0, k.KH * K};
  return {halo, n_rows, row, W, k.C, k.KH, row, K};  // (1)
}

}  // namespace autodiff::kernels
