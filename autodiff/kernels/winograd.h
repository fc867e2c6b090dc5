// Winograd's minimal filtering F(4x4, 3x3): 16 outputs of a 3x3 cross-correlation from 36 multiplications instead of
// 144.
//
// Derivation (Toom 1963, Cook 1966; Winograd 1980; Lavin & Gray 2016 for networks). Let g(t) = g0 + g1 t + g2 t^2 and
// d(t) = d0 + .. + d3 t^3. Their product s(t) has six coefficients, so it is fixed by its values at five finite points
// a_i and its leading coefficient ("the value at infinity"). With V_k the 6 x k matrix of rows (1, a_i, a_i^2, ..),
// whose last row takes the leading coefficient, s = V_6^-1 [(V_3 g) . (V_4 d)], the dot element by element. For fixed g
// this is s = T d with T[k+j,k] = g_j; its transpose is the correlation that is wanted,
//
//   y_k = sum_j g_j x_{k+j} = (T^T x)_k,     y = V_4^T [(V_3 g) . (V_6^-T x)]                                (1)
//
// Row i of V_6^-T holds the coefficients of Lagrange's polynomial N_i(t)/f_i, N_i = prod_{l != i} (t - a_l),
// f_i = N_i(a_i), and for infinity those of N = prod_l (t - a_l). With the points 0, 1, -1, 2, -2 and f_i moved to g's
// side:
//
//   i   a_i   N_i                            f_i
//   0    0    t^4 - 5 t^2 + 4                 4
//   1    1    t^4 +   t^3 - 4 t^2 - 4 t      -6
//   2   -1    t^4 -   t^3 - 4 t^2 + 4 t      -6
//   3    2    t^4 + 2 t^3 -   t^2 - 2 t      24
//   4   -2    t^4 - 2 t^3 -   t^2 + 2 t      24
//   5   inf   t^5 - 5 t^3 + 4 t               1
//
//   v = B^T x    v_i = coefficients of N_i times x                    winograd_input       6 -> 6            (2)
//   u = G g      u_i = (g0 + a_i g1 + a_i^2 g2) / f_i, u_5 = g2       winograd_weight      3 -> 6            (3)
//   y = A^T m    y_k = sum_i a_i^k m_i (+ m_5 for k = 3), m = u . v   winograd_output      6 -> 4            (4)
//
// In two dimensions each transform is applied to the columns, then to the rows of a tile: V = B^T X B, U = G g G^T,
// Y = A^T M A. Summed over channels before (4), M[plane] = V[plane] U[plane] is one matrix product per plane, 36 in
// all.
//
// (1) is linear in g, in x, and in y's dual, so the gradient of the weight uses the transposed transforms,
//
//   dm = A dy    (dy = gradient of y)                                 winograd_gradient    4 -> 6            (5)
//   dg = G^T du,  du[plane] = sum over tiles of v . dm                winograd_weight_gradient  6 -> 3       (6)
//
// and the gradient of x is (1) with the turned kernel.
//
// Rounding: the rows of A^T and B^T add up to 1 + 1 + 1 + 8 + 8 and 10 in magnitude; in two dimensions the
// largest error is about six times that of the direct sum (docs/7_kernels.md tells how it was measured).
//
// T is a number or a packet of numbers.
#pragma once

#include <Eigen/Core>
#include <array>

#include "autodiff/real.h"

namespace autodiff::kernels {

inline constexpr int winograd_m = 4;  // outputs of a tile in each direction
inline constexpr int winograd_n = 6;  // inputs of a tile, points of evaluation
inline constexpr int winograd_planes = winograd_n * winograd_n;

template <class T>
std::array<T, 6> winograd_input(const std::array<T, 6>& x) {
  using namespace Eigen::internal;
  const T two = pset1<T>(2), four = pset1<T>(4), minus_four = pset1<T>(-4), minus_five = pset1<T>(-5);
  const T even1 = pmadd(minus_four, x[2], x[4]), odd1 = pmadd(minus_four, x[1], x[3]);
  const T even2 = psub(x[4], x[2]), odd2 = pmul(two, psub(x[3], x[1]));
  return {pmadd(four, x[0], pmadd(minus_five, x[2], x[4])),
          padd(even1, odd1),
          psub(even1, odd1),
          padd(even2, odd2),
          psub(even2, odd2),
          pmadd(four, x[1], pmadd(minus_five, x[3], x[5]))};  // (2)
}

template <class T>
std::array<T, 6> winograd_weight(const std::array<T, 3>& g) {
  using namespace Eigen::internal;
  const T sixth = pset1<T>(Real(-1) / 6), twenty_fourth = pset1<T>(Real(1) / 24), twelfth = pset1<T>(Real(1) / 12);
  const T even1 = pmul(sixth, padd(g[0], g[2])), odd1 = pmul(sixth, g[1]);
  const T even2 = pmul(twenty_fourth, pmadd(pset1<T>(4), g[2], g[0])), odd2 = pmul(twelfth, g[1]);
  return {pmul(pset1<T>(Real(1) / 4), g[0]),
          padd(even1, odd1),
          psub(even1, odd1),
          padd(even2, odd2),
          psub(even2, odd2),
          g[2]};  // (3)
}

template <class T>
std::array<T, 4> winograd_output(const std::array<T, 6>& m) {
  using namespace Eigen::internal;
  const T sum1 = padd(m[1], m[2]), difference1 = psub(m[1], m[2]);
  const T sum2 = padd(m[3], m[4]), difference2 = psub(m[3], m[4]);
  return {padd(m[0], padd(sum1, sum2)), pmadd(pset1<T>(2), difference2, difference1), pmadd(pset1<T>(4), sum2, sum1),
          pmadd(pset1<T>(8), difference2, padd(difference1, m[5]))};  // (4)
}

template <class T>
std::array<T, 6> winograd_gradient(const std::array<T, 4>& dy) {
  using namespace Eigen::internal;
  const T four = pset1<T>(4);
  const T even1 = padd(dy[0], dy[2]), odd1 = padd(dy[1], dy[3]);
  const T even2 = pmadd(four, dy[2], dy[0]), odd2 = pmul(pset1<T>(2), pmadd(four, dy[3], dy[1]));
  return {dy[0], padd(even1, odd1), psub(even1, odd1), padd(even2, odd2), psub(even2, odd2), dy[3]};  // (5)
}

template <class T>
std::array<T, 3> winograd_weight_gradient(const std::array<T, 6>& du) {
  using namespace Eigen::internal;
  const T sixth = pset1<T>(Real(1) / 6);
  const T sum1 = padd(du[1], du[2]), difference1 = psub(du[2], du[1]);
  const T sum2 = padd(du[3], du[4]), difference2 = psub(du[3], du[4]);
  const T tail = pmadd(pset1<T>(Real(1) / 24), sum2, pmul(pset1<T>(Real(1) / 4), du[0]));
  return {psub(tail, pmul(sixth, sum1)), pmadd(sixth, difference1, pmul(pset1<T>(Real(1) / 12), difference2)),
          pmadd(sixth, psub(sum2, sum1), du[5])};  // (6)
}

// A transform applied to the columns, then to the rows of an n_in x n_in tile: load(i, j) gives an element, store(i, j,
// value) takes one of the n_out x n_out results.
template <class T, std::size_t n_in, std::size_t n_out, class Load, class Store>
inline void winograd_2d(std::array<T, n_out> (*transform)(const std::array<T, n_in>&), const Load& load,
                        const Store& store) {
  T half_done[n_out][n_in];
#pragma GCC unroll 6
  for (std::size_t j = 0; j < n_in; ++j) {
    std::array<T, n_in> column;
#pragma GCC unroll 6
    for (std::size_t i = 0; i < n_in; ++i) column[i] = load(i, j);
    const std::array<T, n_out> result = transform(column);
#pragma GCC unroll 6
    for (std::size_t i = 0; i < n_out; ++i) half_done[i][j] = result[i];
  }
#pragma GCC unroll 6
  for (std::size_t i = 0; i < n_out; ++i) {
    std::array<T, n_in> row;
#pragma GCC unroll 6
    for (std::size_t j = 0; j < n_in; ++j) row[j] = half_done[i][j];
    const std::array<T, n_out> result = transform(row);
#pragma GCC unroll 6
    for (std::size_t j = 0; j < n_out; ++j) store(i, j, result[j]);
  }
}

}  // namespace autodiff::kernels
