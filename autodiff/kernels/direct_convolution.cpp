#include "autodiff/kernels/direct_convolution.h"

namespace autodiff::kernels {
namespace {

constexpr Index few_terms = 16;  // of a kernel row: below, adding partial sums in memory costs more than the products

}  // namespace

PackedKernel pack_kernel(const Tensor& weight, const Real* bias) {
  const Shape s = weight.shape();
  const Index K = s.n * s.h * s.w, O = s.c;
  PackedKernel kernel{{s.n, s.h, s.w}, O, padded_channels(O), {}, {}};
  const Index n_panels = (O + panel_width - 1) / panel_width;
  kernel.panels.assign(static_cast<std::size_t>(n_panels * K * panel_width), Real(0));
  for (Index b = 0; b < n_panels; ++b) {
    const Index first = b * panel_width, width = std::min(panel_width, O - first);
    for (Index k = 0; k < K; ++k) {
      const Real* from = weight.data() + k * O + first;
      std::copy(from, from + width, kernel.panels.data() + (b * K + k) * panel_width);  // (1)
    }
  }
  kernel.bias.assign(static_cast<std::size_t>(kernel.O_padded), Real(0));
  if (bias != nullptr) std::copy(bias, bias + O, kernel.bias.begin());
  return kernel;
}

Tensor turned(const Tensor& weight) {
  const Shape s = weight.shape();
  Tensor result = Tensor::uninitialized({s.n, s.h, s.c, s.w});
  for (Index tap = 0; tap < s.n * s.h; ++tap) {
    const Real* from = weight.data() + (s.n * s.h - 1 - tap) * s.w * s.c;
    Real* to = result.data() + tap * s.w * s.c;
    for (Index o = 0; o < s.c; ++o) {
      for (Index c = 0; c < s.w; ++c) to[o * s.w + c] = from[c * s.c + o];
    }
  }
  return result;
}

void convolve_runs(const TileRuns& x, const PackedKernel& kernel, bool accumulate, Real* y) {
  const Index ld = kernel.O_padded, panel_stride = x.n_segments * x.K * panel_width;
  for (Index run = 0; run < x.n_runs; ++run) {
    Real* y_run = y + run * x.pixels_per_run * ld;
    const Real* start = accumulate ? y_run : kernel.bias.data();
    const Index start_ld = accumulate ? ld : 0;
    const TileOperands row{x.a + run * x.run_stride,
                           x.lda,
                           kernel.panels.data(),
                           panel_width,
                           x.K,
                           start,
                           start_ld,
                           y_run,
                           ld,
                           x.n_segments,
                           x.segment_stride};
    if (x.K < few_terms) {
      multiply<false>(row, x.pixels_per_run, ld, panel_stride);
      continue;
    }
    for (Index first = 0; first < ld; first += panel_width) {
      TileOperands segment = row;
      segment.n_segments = 1;
      segment.b += first / panel_width * panel_stride;
      segment.start += first;
      segment.c += first;
      for (Index i = 0; i < x.n_segments; ++i) {
        multiply_panel<false>(segment, x.pixels_per_run, std::min(panel_width, ld - first) / packet_size);
        segment.a += x.segment_stride;
        segment.b += x.K * panel_width;
        segment.start = segment.c;
        segment.start_ld = ld;
      }
    }
  }
}

void weight_gradient_of_runs(const TileRuns& x, const Real* dy, Index dy_run_stride, Index O_padded, Real* dA) {
  for (Index run = 0; run < x.n_runs; ++run) {
    for (Index i = 0; i < x.n_segments; ++i) {
      Real* dA_i = dA + i * x.K * O_padded;
      const TileOperands product{x.a + run * x.run_stride + i * x.segment_stride,
                                 x.lda,
                                 dy + run * dy_run_stride,
                                 O_padded,
                                 x.pixels_per_run,
                                 dA_i,
                                 O_padded,
                                 dA_i,
                                 O_padded};
      multiply<true>(product, x.K, O_padded, panel_width);
    }
  }
}

void add_column_sums(const Real* dy, Index n_pixels, Index O_padded, Real* sum) {
  using namespace Eigen::internal;
  for (Index o = 0; o < O_padded; o += packet_size) {
    Packet partial = pset1<Packet>(0);
    for (Index i = 0; i < n_pixels; ++i) partial = padd(partial, ploadu<Packet>(dy + i * O_padded + o));
    pstoreu(sum + o, padd(ploadu<Packet>(sum + o), partial));
  }
}

}  // namespace autodiff::kernels
