#include "autodiff/kernels/pool_activate.h"

#include <type_traits>

namespace autodiff::kernels {
namespace {

constexpr Index chunk = 16;  // channels at a time, held in registers

// One window, n_channels <= chunk channels.
template <class ChannelCount>
void pool_window(const Real* y, Index y_ld, Index W, const PoolWindow& window, Real slope, ChannelCount n_channels,
                 Real* z, std::uint8_t* winners) {
  Real best[chunk], winner[chunk];
  for (Index c = 0; c < n_channels; ++c) {
    best[c] = y[c];
    winner[c] = 0;
  }
  for (Index k = 1; k < window.ph * window.pw; ++k) {
    const Real* const v = y + (k / window.pw * W + k % window.pw) * y_ld;
    for (Index c = 0; c < n_channels; ++c) {
      const bool larger = (v[c] > best[c]) | (v[c] != v[c]);
      best[c] = larger ? v[c] : best[c];
      winner[c] = larger ? Real(k) : winner[c];
    }
  }
  for (Index c = 0; c < n_channels; ++c) z[c] = best[c] > 0 ? best[c] : slope * best[c];  // (1)
  for (Index c = 0; c < n_channels; ++c) winners[c] = static_cast<std::uint8_t>(static_cast<int>(winner[c]));
}

}  // namespace

void pool_and_activate(const Real* y, Index y_ld, Index n_rows, Index W, Index C, const PoolWindow& window, Real slope,
                       Real* z, std::uint8_t* winners) {
  for (Index h = 0; h < n_rows; h += window.ph) {
    for (Index w = 0; w < W; w += window.pw, z += C, winners += C) {
      const Real* const first = y + (h * W + w) * y_ld;
      Index c = 0;
      for (; c + chunk <= C; c += chunk) {
        pool_window(first + c, y_ld, W, window, slope, std::integral_constant<Index, chunk>{}, z + c, winners + c);
      }
      if (c < C) pool_window(first + c, y_ld, W, window, slope, C - c, z + c, winners + c);
    }
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
