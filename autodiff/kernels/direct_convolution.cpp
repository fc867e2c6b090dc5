#include "autodiff/kernels/direct_convolution.h"

#include "autodiff/parallel.h"

namespace autodiff::kernels {
namespace {

// Summed over in registers at once. Their lines of x and dy (64 bytes each) fit the first-level cache beside each
// other.
constexpr Index pixels_at_once = 64;

// to[j to_ld + i] = from[i from_ld + j] for a packet of rows i and of columns j, in registers.
template <class P>
void transpose_square(const Real* from, Index from_ld, Real* to, Index to_ld) {
  Eigen::internal::PacketBlock<P, packet_size> square;
  for (Index i = 0; i < packet_size; ++i) square.packet[i] = Eigen::internal::ploadu<P>(from + i * from_ld);
  Eigen::internal::ptranspose(square);
  for (Index j = 0; j < packet_size; ++j) Eigen::internal::pstoreu(to + j * to_ld, square.packet[j]);
}

// The same for fewer rows or columns.
void transpose_rest(const Real* from, Index from_ld, Index n_rows, Index n_columns, Real* to, Index to_ld) {
  for (Index j = 0; j < n_columns; ++j) {
    for (Index i = 0; i < n_rows; ++i) to[j * to_ld + i] = from[i * from_ld + j];
  }
}

}  // namespace

PackedKernel pack_kernel(const Tensor& weight, const Real* bias) {
  const Shape s = weight.shape();
  const Index K = s.n * s.h * s.w, O = s.c;
  const Index n_panels = (O + panel_width - 1) / panel_width;
  PackedKernel kernel{padded_channels(O), PooledArray<Real>(n_panels * K * panel_width), {}};
#pragma omp parallel for schedule(static) if (weight.size() > worth_threads)
  for (Index b = 0; b < n_panels; ++b) {
    const Index first = b * panel_width, width = std::min(panel_width, O - first);
    for (Index k = 0; k < K; ++k) {
      const Real* from = weight.data() + k * O + first;
      Real* const to = kernel.panels.data() + (b * K + k) * panel_width;
      std::fill(std::copy(from, from + width, to), to + panel_width, Real(0));  // (1)
    }
  }
  kernel.bias.assign(static_cast<std::size_t>(kernel.O_padded), Real(0));
  if (bias != nullptr) std::copy(bias, bias + O, kernel.bias.begin());
  return kernel;
}

Tensor turned(const Tensor& weight) {
  const Shape s = weight.shape();
  Tensor result = Tensor::uninitialized({s.n, s.h, s.c, s.w});
  const Index n_taps = s.n * s.h, n_strips = (s.c + packet_size - 1) / packet_size;
#pragma omp parallel for schedule(static) if (s.size() > worth_threads)
  for (Index strip = 0; strip < n_taps * n_strips; ++strip) {
    const Index tap = strip / n_strips, o = strip % n_strips * packet_size, n_o = std::min(packet_size, s.c - o);
    const Real* const from = weight.data() + (n_taps - 1 - tap) * s.w * s.c + o;
    Real* const to = result.data() + (tap * s.c + o) * s.w;
    for (Index c = 0; c < s.w; c += packet_size) {
      const Index n_c = std::min(packet_size, s.w - c);
      if (n_c == packet_size && n_o == packet_size) {
        transpose_square<Packet>(from + c * s.c, s.c, to + c, s.w);
      } else {
        transpose_rest(from + c * s.c, s.c, n_c, n_o, to + c, s.w);
      }
    }
  }
  return result;
}

void convolve_runs(const TileRuns& x, const PackedKernel& kernel, bool accumulate, Real* y) {
  const Index ld = kernel.O_padded, panel_stride = x.n_segments * x.K * panel_width;
  for (Index run = 0; run < x.n_runs; ++run) {
    Real* y_run = y + run * x.pixels_per_run * ld;
    const TileOperands row{.a = x.a + run * x.run_stride,
                           .lda = x.lda,
                           .b = kernel.panels.data(),
                           .ldb = panel_width,
                           .K = x.K,
                           .start = accumulate ? y_run : kernel.bias.data(),
                           .start_ld = accumulate ? ld : 0,
                           .c = y_run,
                           .ldc = ld,
                           .n_segments = x.n_segments,
                           .a_segment = x.segment_stride};
    multiply<false>(row, x.pixels_per_run, ld, panel_stride);
  }
}

void pack_pixels(const Real* y, Index n_pixels, Index O, Real* panels, Index panel_pixels) {
  for (Index first = 0; first < O; first += panel_width, panels += panel_pixels * panel_width) {
    const Index width = std::min(panel_width, O - first);
    for (Index i = 0; i < n_pixels; ++i) {
      Real* const packed = panels + i * panel_width;
      const Real* const from = y + i * O + first;
      if (width == panel_width) {
        for (Index l = 0; l < panel_width; ++l) packed[l] = from[l];  // (2)
      } else {
        for (Index l = 0; l < panel_width; ++l) packed[l] = l < width ? from[l] : Real(0);  // (2)
      }
    }
  }
}

void weight_gradient_of_runs(const TileRuns& x, const Real* dy_panels, Index O_padded, bool accumulate, Real* dA) {
  const Index n_pixels = x.n_runs * x.pixels_per_run;
  const Index runs_at_once = std::max<Index>(1, pixels_at_once / x.pixels_per_run);
  for (Index run = 0; run < x.n_runs; run += runs_at_once) {
    const bool add = accumulate || run > 0;
    for (Index i = 0; i < x.n_segments; ++i) {
      Real* dA_i = dA + i * x.K * O_padded;
      const TileOperands product{.a = x.a + run * x.run_stride + i * x.segment_stride,
                                 .lda = x.lda,
                                 .b = dy_panels + run * x.pixels_per_run * panel_width,
                                 .ldb = panel_width,
                                 .K = x.pixels_per_run,
                                 .start = add ? dA_i : nullptr,
                                 .start_ld = O_padded,
                                 .c = dA_i,
                                 .ldc = O_padded,
                                 .n_segments = std::min(runs_at_once, x.n_runs - run),
                                 .a_segment = x.run_stride};
      multiply<true>(product, x.K, O_padded, n_pixels * panel_width);
    }
  }
}

void pixel_sums(const Real* panels, Index n_pixels, Index O_padded, bool accumulate, Real* sum) {
  using Eigen::internal::padd;
  using Eigen::internal::ploadu;
  for (Index o = 0; o < O_padded; o += packet_size) {
    const Real* y = panels + o / panel_width * n_pixels * panel_width + o % panel_width;
    Packet partial = ploadu<Packet>(y);
    for (Index i = 1; i < n_pixels; ++i) partial = padd(partial, ploadu<Packet>(y + i * panel_width));
    Eigen::internal::pstoreu(sum + o, accumulate ? padd(ploadu<Packet>(sum + o), partial) : partial);
  }
}

}  // namespace autodiff::kernels
