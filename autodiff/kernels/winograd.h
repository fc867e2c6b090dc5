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
// f_i = N_i(a_i), and for infinity those of N = prod_l (t - a_l). With the points 0, a, -a, b, -b and f_i moved to g's
// side:
//
//   i   a_i     N_i                                             f_i
//   0    0      t^4 - (a^2 + b^2) t^2 + a^2 b^2                 a^2 b^2
//   1,2  a, -a  t^4 +- a t^3 - b^2 t^2 -+ a b^2 t               2 a^2 (a^2 - b^2)
//   3,4  b, -b  t^4 +- b t^3 - a^2 t^2 -+ a^2 b t               2 b^2 (b^2 - a^2)
//   5   inf     t^5 - (a^2 + b^2) t^3 + a^2 b^2 t               1
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
// The points decide how much rounding grows. a = 5/8, b = 3/2 have the least error of all pairs of eighths, about half
// that of the whole numbers a = 1, b = 2, and all their powers in (2), (4), (5) are exact (docs/7_kernels.md).
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

// The finite points other than 0, their powers, and 1 / f_i.
namespace winograd_points {
inline constexpr double a = 5.0 / 8, b = 3.0 / 2;
inline constexpr double a2 = a * a, b2 = b * b;
inline constexpr double f0_inverse = 1 / (a2 * b2), fa_inverse = 1 / (2 * a2 * (a2 - b2)),
                        fb_inverse = 1 / (2 * b2 * (b2 - a2));
}  // namespace winograd_points

template <class T>
T constant(double value) {
  return Eigen::internal::pset1<T>(static_cast<Real>(value));
}

template <class T>
std::array<T, 6> winograd_input(const std::array<T, 6>& x) {
  using namespace Eigen::internal;
  using namespace winograd_points;
  const T even_a = pmadd(constant<T>(-b2), x[2], x[4]), odd_a = pmadd(constant<T>(-b2), x[1], x[3]);
  const T even_b = pmadd(constant<T>(-a2), x[2], x[4]), odd_b = pmadd(constant<T>(-a2), x[1], x[3]);
  const T tail_0 = pmadd(constant<T>(-a2 - b2), x[2], x[4]), tail_5 = pmadd(constant<T>(-a2 - b2), x[3], x[5]);
  return {pmadd(constant<T>(a2 * b2), x[0], tail_0), pmadd(constant<T>(a), odd_a, even_a),
          pmadd(constant<T>(-a), odd_a, even_a),     pmadd(constant<T>(b), odd_b, even_b),
          pmadd(constant<T>(-b), odd_b, even_b),     pmadd(constant<T>(a2 * b2), x[1], tail_5)};  // (2)
}

template <class T>
std::array<T, 6> winograd_weight(const std::array<T, 3>& g) {
  using namespace Eigen::internal;
  using namespace winograd_points;
  const T even_a = pmul(constant<T>(fa_inverse), pmadd(constant<T>(a2), g[2], g[0]));
  const T even_b = pmul(constant<T>(fb_inverse), pmadd(constant<T>(b2), g[2], g[0]));
  const T odd_a = constant<T>(a * fa_inverse), odd_b = constant<T>(b * fb_inverse);
  return {pmul(constant<T>(f0_inverse), g[0]), pmadd(odd_a, g[1], even_a),          pmadd(pnegate(odd_a), g[1], even_a),
          pmadd(odd_b, g[1], even_b),          pmadd(pnegate(odd_b), g[1], even_b), g[2]};  // (3)
}

template <class T>
std::array<T, 4> winograd_output(const std::array<T, 6>& m) {
  using namespace Eigen::internal;
  using namespace winograd_points;
  const T sum_a = padd(m[1], m[2]), difference_a = psub(m[1], m[2]);
  const T sum_b = padd(m[3], m[4]), difference_b = psub(m[3], m[4]);
  return {padd(m[0], padd(sum_a, sum_b)), pmadd(constant<T>(b), difference_b, pmul(constant<T>(a), difference_a)),
          pmadd(constant<T>(b2), sum_b, pmul(constant<T>(a2), sum_a)),
          pmadd(constant<T>(b * b2), difference_b, pmadd(constant<T>(a * a2), difference_a, m[5]))};  // (4)
}

template <class T>
std::array<T, 6> winograd_gradient(const std::array<T, 4>& dy) {
  using namespace Eigen::internal;
  using namespace winograd_points;
  const T even_a = pmadd(constant<T>(a2), dy[2], dy[0]), odd_a = pmadd(constant<T>(a2), dy[3], dy[1]);
  const T even_b = pmadd(constant<T>(b2), dy[2], dy[0]), odd_b = pmadd(constant<T>(b2), dy[3], dy[1]);
  return {dy[0],
          pmadd(constant<T>(a), odd_a, even_a),
          pmadd(constant<T>(-a), odd_a, even_a),
          pmadd(constant<T>(b), odd_b, even_b),
          pmadd(constant<T>(-b), odd_b, even_b),
          dy[3]};  // (5)
}

template <class T>
std::array<T, 3> winograd_weight_gradient(const std::array<T, 6>& du) {
  using namespace Eigen::internal;
  using namespace winograd_points;
  const T sum_a = pmul(constant<T>(fa_inverse), padd(du[1], du[2]));
  const T sum_b = pmul(constant<T>(fb_inverse), padd(du[3], du[4]));
  const T difference_a = pmul(constant<T>(a * fa_inverse), psub(du[1], du[2]));
  const T difference_b = psub(du[3], du[4]);
  return {pmadd(constant<T>(f0_inverse), du[0], padd(sum_a, sum_b)),
          pmadd(constant<T>(b * fb_inverse), difference_b, difference_a),
          pmadd(constant<T>(a2), sum_a, pmadd(constant<T>(b2), sum_b, du[5]))};  // (6)
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
