#include "autodiff/kernels/pool_activate.h"

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {
namespace {

using Eigen::internal::ploadu;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;

// One packet of channels of one window; `winner` receives k as a Real.
void pool_window(const Real* y, Index y_ld, Index W, const PoolWindow& window, const Packet& slope, Real* z,
                 Real* winner) {
  Packet best = ploadu<Packet>(y), k_best = pset1<Packet>(0);
  Index k = 0;
  for (Index i = 0; i < window.ph; ++i) {
    for (Index j = 0; j < window.pw; ++j, ++k) take_larger(ploadu<Packet>(y + (i * W + j) * y_ld), k, best, k_best);
  }
  pstoreu(z, leaky(best, slope));  // (1)
  pstoreu(winner, k_best);
}

// The same for fewer channels than a packet has, by way of a copy of the window.
void pool_last_channels(const Real* y, Index y_ld, Index W, Index n_channels, const PoolWindow& window,
                        const Packet& slope, Real* z, Real* winner, Buffer& copy) {
  Real* const padded = at_least(copy, window.ph * window.pw * packet_size);
  for (Index k = 0; k < window.ph * window.pw; ++k) {
    const Real* const v = y + (k / window.pw * W + k % window.pw) * y_ld;
    for (Index c = 0; c < packet_size; ++c) padded[k * packet_size + c] = c < n_channels ? v[c] : Real(0);
  }
  Real z_padded[packet_size], winner_padded[packet_size];
  pool_window(padded, packet_size, window.pw, window, slope, z_padded, winner_padded);
  std::copy_n(z_padded, n_channels, z);
  std::copy_n(winner_padded, n_channels, winner);
}

}  // namespace

void pool_and_activate(const Real* y, Index y_ld, Index n_rows, Index W, Index C, const PoolWindow& window, Real slope,
                       Real* z, std::uint8_t* winners) {
  Workspace& work = thread_workspace();
  const Index row_size = W / window.pw * C;
  Real* const winner_row = at_least(work.gradient_row, row_size);
  const Packet slope_packet = pset1<Packet>(slope);
  for (Index h = 0; h < n_rows; h += window.ph) {
    Real* winner = winner_row;
    for (Index w = 0; w < W; w += window.pw, z += C, winner += C) {
      const Real* const first = y + (h * W + w) * y_ld;
      Index c = 0;
      for (; c + packet_size <= C; c += packet_size) {
        pool_window(first + c, y_ld, W, window, slope_packet, z + c, winner + c);
      }
      if (c < C) {
        pool_last_channels(first + c, y_ld, W, C - c, window, slope_packet, z + c, winner + c, work.panels);
      }
    }
    if (winners != nullptr) to_bytes(winner_row, row_size, winners + h / window.ph * row_size);
  }
}

void spread_gradient(const Real* dz, const std::uint8_t* winners, Index i, Index W, Index C, const PoolWindow& window,
                     Real* dy_row) {
  for (Index w = 0; w < W / window.pw; ++w, dz += C, winners += C) {
    for (Index j = 0; j < window.pw; ++j, dy_row += C) {
      const int k = static_cast<int>(i * window.pw + j);
      for (Index c = 0; c < C; ++c) dy_row[c] = winners[c] == k ? dz[c] : Real(0);  // (2)
    }
  }
}

}  // namespace autodiff::kernels
