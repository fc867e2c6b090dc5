#include "autodiff/kernels/winograd_convolution.h"

#include "autodiff/kernels/winograd.h"

namespace autodiff::kernels {
namespace {

using Eigen::internal::padd;
using Eigen::internal::ploadu;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;

// Of a panel of M: an odd number of packets from plane to plane.
Index panel_plane_stride(const WinogradTiles& tiles) { return tiles.n_tiles() * panel_width + packet_size; }

// Calls visit(t, image, first row, first column of the output) for each tile, t counting up.
template <class Visit>
void for_each_tile(const WinogradTiles& tiles, const Visit& visit) {
  Index t = 0;
  for (Index n = 0; n < tiles.n_images; ++n) {
    for (Index h = 0; h < tiles.n_rows; h += 4) {
      for (Index w = 0; w < tiles.W; w += 4) visit(t++, n, h, w);
    }
  }
}

// The output transform of one tile and one panel into y, whose pixels are ld apart and rows W pixels.
struct OutputTile {
  Index n_rows, n_columns, W, ld;
  bool accumulate;

  void write(const Real* m, Index plane_stride, Packet bias, Real* y) const {
    winograd_2d<Packet, 6, 4>(
        winograd_output<Packet>, [&](Index i, Index j) { return ploadu<Packet>(m + (6 * i + j) * plane_stride); },
        [&](Index i, Index j, Packet value) {
          if (i >= n_rows || j >= n_columns) return;
          Real* const pixel = y + (i * W + j) * ld;
          pstoreu(pixel, padd(value, accumulate ? ploadu<Packet>(pixel) : bias));  // (2)
        });
  }
};

void write_panel(const WinogradTiles& tiles, const Real* M, Index n_packets, Index ld, const Real* bias,
                 bool accumulate, Real* y) {
  for_each_tile(tiles, [&](Index t, Index n, Index h, Index w) {
    const OutputTile tile{tiles.n_rows - h, tiles.W - w, tiles.W, ld, accumulate};
    Real* const first = y + ((n * tiles.n_rows + h) * tiles.W + w) * ld;
    for (Index p = 0; p < n_packets * packet_size; p += packet_size) {
      tile.write(M + t * panel_width + p, panel_plane_stride(tiles), ploadu<Packet>(bias + p), first + p);
    }
  });
}

// The gradient transform of every tile for one panel of dy, whose pixels are panel_width apart.
void gradient_panel(const WinogradTiles& tiles, const Real* dy, Index n_packets, Real* dM) {
  const Index plane_stride = panel_plane_stride(tiles);
  for_each_tile(tiles, [&](Index t, Index n, Index h, Index w) {
    const Index n_rows = tiles.n_rows - h, n_columns = tiles.W - w;
    for (Index p = 0; p < n_packets * packet_size; p += packet_size) {
      const Real* const first = dy + ((n * tiles.n_rows + h) * tiles.W + w) * panel_width + p;
      Real* const m = dM + t * panel_width + p;
      winograd_2d<Packet, 4, 6>(
          winograd_gradient<Packet>,
          [&](Index i, Index j) {
            if (i >= n_rows || j >= n_columns) return pset1<Packet>(0);
            return ploadu<Packet>(first + (i * tiles.W + j) * panel_width);
          },
          [&](Index i, Index j, Packet value) { pstoreu(m + (6 * i + j) * plane_stride, value); });
    }
  });
}

}  // namespace

WinogradKernel winograd_kernel(const Tensor& weight, const Real* bias) {
  const Index C = weight.shape().w, O = weight.shape().c, O_padded = padded_channels(O);
  const Index n_panels = (O + panel_width - 1) / panel_width;
  WinogradKernel kernel{C, O_padded, {}, {}};
  const Index plane = kernel.plane_stride();
  kernel.U = PooledArray<Real>(n_panels * winograd_planes * plane);
#pragma omp parallel for schedule(static)
  for (Index c = 0; c < C; ++c) {
    for (Index o = 0; o < O; o += packet_size) {
      Real g[9][packet_size] = {};
      for (Index tap = 0; tap < 9; ++tap) {
        const Real* from = weight.data() + (tap * C + c) * O + o;
        std::copy(from, from + std::min(packet_size, O - o), g[tap]);
      }
      Real* const U = kernel.U.data() + o / panel_width * winograd_planes * plane + c * panel_width + o % panel_width;
      winograd_2d<Packet, 3, 6>(
          winograd_weight<Packet>, [&](Index i, Index j) { return ploadu<Packet>(g[3 * i + j]); },
          [&](Index i, Index j, Packet value) { pstoreu(U + (6 * i + j) * plane, value); });
    }
  }
  kernel.bias.assign(static_cast<std::size_t>(O_padded), Real(0));
  if (bias != nullptr) std::copy(bias, bias + O, kernel.bias.begin());
  return kernel;
}

void winograd_input_planes(const WinogradTiles& tiles, const Real* halo, Real* V) {
  const Index row = (tiles.padded_W() + 2) * tiles.C, plane_stride = tiles.plane_stride();
  for_each_tile(tiles, [&](Index t, Index n, Index h, Index w) {
    const Real* const x = halo + (n * (tiles.padded_rows() + 2) + h) * row + w * tiles.C;
    Real* const v = V + t * tiles.C;
    for (Index c = 0; c < tiles.C; c += packet_size) {
      winograd_2d<Packet, 6, 6>(
          winograd_input<Packet>, [&](Index i, Index j) { return ploadu<Packet>(x + i * row + j * tiles.C + c); },
          [&](Index i, Index j, Packet value) { pstoreu(v + (6 * i + j) * plane_stride + c, value); });  // (1)
    }
  });
}

void winograd_convolve(const WinogradTiles& tiles, const Real* V, const WinogradKernel& kernel, bool accumulate,
                       Buffer& M, Real* y) {
  const Index plane_stride = panel_plane_stride(tiles), plane = kernel.plane_stride();
  at_least(M, winograd_planes * plane_stride);
  for (Index first = 0; first < kernel.O_padded; first += panel_width) {
    const Index n_packets = std::min(panel_width, kernel.O_padded - first) / packet_size;
    const Real* const U = kernel.U.data() + first / panel_width * winograd_planes * plane;
    for (Index pl = 0; pl < winograd_planes; ++pl) {
      multiply_panel<false>({.a = V + pl * tiles.plane_stride(),
                             .lda = tiles.C,
                             .b = U + pl * plane,
                             .ldb = panel_width,
                             .K = tiles.C,
                             .start = nullptr,
                             .start_ld = 0,
                             .c = M.data() + pl * plane_stride,
                             .ldc = panel_width},
                            tiles.n_tiles(), n_packets);  // (2)
    }
    write_panel(tiles, M.data(), n_packets, kernel.O_padded, kernel.bias.data() + first, accumulate, y + first);
  }
}

void winograd_weight_products(const WinogradTiles& tiles, const Real* V, const Real* dy_panels, Index O_padded,
                              bool accumulate, Buffer& dM, Real* dU) {
  const Index plane_stride = panel_plane_stride(tiles), n_pixels = tiles.n_images * tiles.n_rows * tiles.W;
  at_least(dM, winograd_planes * plane_stride);
  for (Index first = 0; first < O_padded; first += panel_width) {
    const Index n_packets = std::min(panel_width, O_padded - first) / packet_size;
    gradient_panel(tiles, dy_panels + first * n_pixels, n_packets, dM.data());
    for (Index pl = 0; pl < winograd_planes; ++pl) {
      Real* const product = dU + pl * tiles.C * O_padded + first;
      multiply_panel<true>({.a = V + pl * tiles.plane_stride(),
                            .lda = tiles.C,
                            .b = dM.data() + pl * plane_stride,
                            .ldb = panel_width,
                            .K = tiles.n_tiles(),
                            .start = accumulate ? product : nullptr,
                            .start_ld = O_padded,
                            .c = product,
                            .ldc = O_padded},
                           tiles.C, n_packets);  // (3)
    }
  }
}

void winograd_weight_gradients(const Real* dU, Index plane_stride, Index n, Real* dA, Index tap_stride) {
  for (Index i = 0; i < n; i += packet_size) {
    winograd_2d<Packet, 6, 3>(
        winograd_weight_gradient<Packet>,
        [&](Index p, Index q) { return ploadu<Packet>(dU + (6 * p + q) * plane_stride + i); },
        [&](Index p, Index q, Packet value) { pstoreu(dA + (3 * p + q) * tap_stride + i, value); });  // (4)
  }
}

}  // namespace autodiff::kernels
