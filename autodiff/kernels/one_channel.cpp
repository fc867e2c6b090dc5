#include "autodiff/kernels/one_channel.h"

#include "autodiff/kernels/image_slab.h"

namespace autodiff::kernels {
namespace {

using Eigen::internal::padd;
using Eigen::internal::ploadu;
using Eigen::internal::pmadd;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;

constexpr int n_taps = 9;

// v of (1) for one pixel; x points at the first of its taps.
inline Packet convolve_pixel(const Packet (&A)[n_taps], const Packet& bias, const Real* x, Index row) {
  Packet sum = pset1<Packet>(Real(0));
#pragma GCC unroll 9
  for (int tap = 0; tap < n_taps; ++tap) sum = pmadd(pset1<Packet>(x[tap / 3 * row + tap % 3]), A[tap], sum);
  return padd(bias, sum);  // (1)
}

}  // namespace

bool one_channel_serves(const Shape& images, const Shape& weight, const PoolWindow& window) {
  return images.c == 1 && weight.n == 3 && weight.h == 3 && weight.c % packet_size == 0 && window.ph == 2 &&
         window.pw == 2;
}

void one_channel_row(const Real* x, Index W, const Real* weight, const Real* bias, Index O, Real slope, Real* z,
                     std::uint8_t* winners) {
  const Index row = W + 2, n_windows = W / 2;
  Real* const winner_row = at_least(thread_workspace().gradient_row, n_windows * O);
  const Packet s = pset1<Packet>(slope);
  for (Index o = 0; o < O; o += packet_size) {
    Packet A[n_taps];
#pragma GCC unroll 9
    for (int tap = 0; tap < n_taps; ++tap) A[tap] = ploadu<Packet>(weight + tap * O + o);
    const Packet b = ploadu<Packet>(bias + o);
    for (Index w = 0; w < n_windows; ++w) {
      const Real* const first = x + 2 * w;
      Packet best = convolve_pixel(A, b, first, row), winner = pset1<Packet>(Real(0));
      take_larger(convolve_pixel(A, b, first + 1, row), 1, best, winner);
      take_larger(convolve_pixel(A, b, first + row, row), 2, best, winner);
      take_larger(convolve_pixel(A, b, first + row + 1, row), 3, best, winner);
      pstoreu(z + w * O + o, leaky(best, s));  // (2)
      pstoreu(winner_row + w * O + o, winner);
    }
  }
  if (winners != nullptr) to_bytes(winner_row, n_windows * O, winners);
}

void add_one_channel_gradients(const Real* x, Index W, const Real* dz, const std::uint8_t* winners, Index O,
                               Index first, Index n_channels, Real* sums) {
  const Index row = W + 2, n_windows = W / 2;
  Real* const winner_row = at_least(thread_workspace().pixels, n_windows * O);
  for (Index w = 0; w < n_windows; ++w) {
    for (Index i = w * O + first; i < w * O + first + n_channels; ++i) winner_row[i] = static_cast<Real>(winners[i]);
  }
  const Packet zero = pset1<Packet>(Real(0));
  for (Index o = first; o < first + n_channels; o += packet_size) {
    Packet db = zero, dA[n_taps];
    for (Packet& sum : dA) sum = zero;
    for (Index w = 0; w < n_windows; ++w) {
      const Packet d = ploadu<Packet>(dz + w * O + o), winner = ploadu<Packet>(winner_row + w * O + o);
      db = padd(db, d);  // (4)
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        const Packet won = winner == pset1<Packet>(Real(k)) ? d : zero;
        const Real* const x_k = x + 2 * w + k / 2 * row + k % 2;
#pragma GCC unroll 9
        for (int tap = 0; tap < n_taps; ++tap) {
          dA[tap] = pmadd(pset1<Packet>(x_k[tap / 3 * row + tap % 3]), won, dA[tap]);  // (3)
        }
      }
    }
    pstoreu(sums + o, padd(ploadu<Packet>(sums + o), db));
    for (Index tap = 0; tap < n_taps; ++tap) {
      Real* const sum = sums + (tap + 1) * O + o;
      pstoreu(sum, padd(ploadu<Packet>(sum), dA[tap]));
    }
  }
}

}  // namespace autodiff::kernels
