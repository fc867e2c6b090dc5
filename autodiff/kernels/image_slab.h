// Slabs: the pieces into which a batch of images is cut for the convolution kernels, and their input laid out for the
// tile.
//
// A slab is a block of rows of one image, or up to four whole small images: some 512 pixels at most (unless the rows of one
// window or tile hold more), so that its input and output stay in the cache while all channels are computed. Wherever something is summed over a batch, how it is cut
// depends on its shape alone, never on the number of threads; a thread takes whole slabs. Images are also dealt into at
// most four groups, in order: sums over the batch (gradients of weights) are made per group, slab after slab, and the
// groups are added in order.
//
// Input of a slab of height h = h_end - h_begin under a kernel KH x KW, with p = (KH-1)/2, q = (KW-1)/2:
//
//   halo     (images, h + 2p, W + 2q, C): the rows h_begin - p .. h_end + p with zeros outside the image. The KW taps
//            and C channels of one kernel row are KW C consecutive numbers, so a row of output pixels is KH small
//            matrix products:
//
//              y[w,o] = sum_i sum_k halo[h + i, w C + k] A[i,k,o],    k = j C + c < KW C                 (1)
//
//   patches  (pixels, KH KW C), copied from the halo: all taps of a pixel in one piece. For small images, whose rows
//            are too short to fill a tile: the pixels of several rows and images become the rows of one product.
//
// Either way the tile sees `runs` of pixels (struct TileRuns), and the sum (1) has n_segments segments of K terms.
#pragma once

#include <algorithm>

#include "autodiff/kernels/register_tile.h"
#include "autodiff/tensor.h"

namespace autodiff::kernels {

struct ImageSlab {
  Index n_begin, n_end, h_begin, h_end;

  Index n_images() const { return n_end - n_begin; }
  Index n_rows() const { return h_end - h_begin; }
};

inline constexpr Index max_groups = 4;

struct SlabPlan {
  List<ImageSlab> slabs;    // in order of images and rows
  List<Index> group_begin;  // group g has the slabs group_begin[g] .. group_begin[g + 1] - 1
  Index n_groups() const { return static_cast<Index>(group_begin.size()) - 1; }
  Index n_slabs() const { return static_cast<Index>(slabs.size()); }
};

// Rows of a slab that does not end its image come in multiples of `row_multiple`. A slab holds several images where one
// is small: up to four of 32 pixels in all, or, where products gain from many pixels more than threads from many slabs,
// of 512. Where `share_few`, fewer images than groups are cut into four pieces each, so that threads share one image evenly.
struct SlabSize {
  Index row_multiple = 1;
  bool join_images = false;
  bool share_few = true;
};
SlabPlan cut_into_slabs(const Shape& images, const SlabSize& size = {});

// Memory that grows to what is asked for and stays: no allocation once every size has been seen.
using Buffer = List<Real>;
inline Real* at_least(Buffer& buffer, Index n_values) {
  if (static_cast<Index>(buffer.size()) < n_values) buffer.resize(static_cast<std::size_t>(n_values));
  return buffer.data();
}

// What one thread needs for one slab.
struct Workspace {
  Buffer halo, patches, planes;  // input: with its halo; gathered; transformed
  Buffer products, pixels;       // of Winograd's planes; output
  Buffer gradient_row, panels;   // gradient of the output: one row, all rows packed
  Buffer gradient_halo;          // with its halo
};
Workspace& thread_workspace();

// Extent of a convolution: what is needed to lay out its input.
struct KernelExtent {
  Index KH, KW, C;
  Index p() const { return (KH - 1) / 2; }
  Index q() const { return (KW - 1) / 2; }
};

// Fills `halo` for a slab of images H x W; write_row(n, h, row) writes the W C numbers of one image row. Zeros right of
// the image extend to `padded_W` + 2q columns, and below it to `padded_rows` + 2p rows.
template <class WriteRow>
void fill_halo(Real* halo, const ImageSlab& slab, Index H, Index W, const KernelExtent& k, Index padded_rows,
               Index padded_W, const WriteRow& write_row) {
  const Index width = (padded_W + 2 * k.q()) * k.C, left = k.q() * k.C, right = left + W * k.C;
  for (Index n = slab.n_begin; n < slab.n_end; ++n) {
    for (Index i = 0; i < padded_rows + 2 * k.p(); ++i, halo += width) {
      const Index h = slab.h_begin - k.p() + i;
      if (h < 0 || h >= H) {
        std::fill(halo, halo + width, Real(0));
        continue;
      }
      std::fill(halo, halo + left, Real(0));
      write_row(n, h, halo + left);
      std::fill(halo + right, halo + width, Real(0));
    }
  }
}

// The rows of a tensor as write_row of fill_halo.
inline auto rows_of(const Tensor& x) {
  return [&x](Index n, Index h, Real* row) {
    const Real* from = x.pixel(n, h, 0);
    std::copy(from, from + x.shape().w * x.shape().c, row);
  };
}

// The same for n_channels channels from the first one on.
inline auto rows_of(const Tensor& x, Index first, Index n_channels) {
  return [&x, first, n_channels](Index n, Index h, Real* row) {
    for (Index w = 0; w < x.shape().w; ++w) std::copy_n(x.pixel(n, h, w) + first, n_channels, row + w * n_channels);
  };
}

struct TileRuns {
  const Real* a;
  Index n_runs, run_stride, pixels_per_run, lda;
  Index n_segments, segment_stride, K;
};

// True where the pixels of a slab are gathered into patches rather than read from the halo.
bool needs_patches(const ImageSlab& slab, Index W, const KernelExtent& k);

// Both from a halo without padding beyond its p and q.
void fill_patches(const Real* halo, const ImageSlab& slab, Index W, const KernelExtent& k, Buffer& patches);
TileRuns describe_runs(const Real* halo, const Real* patches, const ImageSlab& slab, Index W, const KernelExtent& k);

}  // namespace autodiff::kernels
