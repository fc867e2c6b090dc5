#include "autodiff/kernels/pool_activate.h"

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {
namespace {

using Eigen::internal::pcmp_eq;
using Eigen::internal::pcmp_lt;
using Eigen::internal::ploadu;
using Eigen::internal::pmul;
using Eigen::internal::pselect;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;

// One packet of channels of one window; `winner` receives k as a Real.
void pool_window(const Real* y, Index y_ld, Index W, const PoolWindow& window, Packet slope, Real* z, Real* winner) {
  Packet best = ploadu<Packet>(y), k_best = pset1<Packet>(0);
  Index k = 0;
  for (Index i = 0; i < window.ph; ++i) {
    for (Index j = 0; j < window.pw; ++j, ++k) {
      const Packet v = ploadu<Packet>(y + (i * W + j) * y_ld);
      const Packet is_number = pcmp_eq(v, v);
      const Packet larger = pcmp_lt(best, v);
      best = pselect(is_number, pselect(larger, v, best), v);
      k_best = pselect(is_number, pselect(larger, pset1<Packet>(Real(k)), k_best), pset1<Packet>(Real(k)));
    }
  }
  pstoreu(z, pselect(pcmp_lt(pset1<Packet>(0), best), best, pmul(slope, best)));  // (1)
  pstoreu(winner, k_best);
}

// The same for fewer channels than a packet has, by way of a copy of the window.
void pool_last_channels(const Real* y, Index y_ld, Index W, Index n_channels, const PoolWindow& window, Packet slope,
                        Real* z, Real* winner, Buffer& copy) {
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
  for (Index h = 0; h < n_rows; h += window.ph, winners += row_size) {
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
    for (Index i = 0; i < row_size; ++i) winners[i] = static_cast<std::uint8_t>(static_cast<int>(winner_row[i]));
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
