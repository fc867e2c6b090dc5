// Winograd's transforms against a derivation of their own: Lagrange's polynomials through the points of evaluation are
// multiplied out here, and the three matrices of winograd.h, equations (2) to (4), read off from them.
#include "autodiff/kernels/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace autodiff::kernels {
namespace {

using Points = std::vector<double>;  // and infinity
const Points points = {0, 5.0 / 8, -5.0 / 8, 3.0 / 2, -3.0 / 2};
using Polynomial = std::vector<double>;  // coefficients from the constant term up

// prod_{l != skipped} (t - a_l), six coefficients.
Polynomial product_of_roots(const Points& of, std::size_t skipped) {
  Polynomial p = {1, 0, 0, 0, 0, 0};
  for (std::size_t l = 0; l < of.size(); ++l) {
    if (l == skipped) continue;
    for (std::size_t k = p.size(); k-- > 0;) p[k] = (k > 0 ? p[k - 1] : 0) - of[l] * p[k];
  }
  return p;
}

double value_at(const Polynomial& p, double t) {
  double value = 0;
  for (std::size_t k = p.size(); k-- > 0;) value = value * t + p[k];
  return value;
}

// The column of a transform that belongs to input number j.
template <std::size_t n_in, std::size_t n_out>
std::array<double, n_out> column(std::array<double, n_out> (*transform)(const std::array<double, n_in>&),
                                 std::size_t j) {
  std::array<double, n_in> unit{};
  unit[j] = 1;
  return transform(unit);
}

const double rounding = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon());  // of the constants 1 / f_i

TEST(Winograd, InputTransformHoldsLagrangePolynomials) {
  for (std::size_t i = 0; i < 6; ++i) {
    const Polynomial N = product_of_roots(points, i);  // i = 5 leaves out none: the point at infinity
    for (std::size_t j = 0; j < 6; ++j) EXPECT_EQ(column(winograd_input<double>, j)[i], N[j]) << i << " " << j;
  }
}

TEST(Winograd, WeightTransformHoldsPowersOfThePoints) {
  for (std::size_t i = 0; i < 5; ++i) {
    const double f = value_at(product_of_roots(points, i), points[i]);
    for (std::size_t j = 0; j < 3; ++j) {
      const double expected = std::pow(points[i], double(j)) / f;
      EXPECT_NEAR(column(winograd_weight<double>, j)[i], expected, rounding) << i << " " << j;
      EXPECT_NEAR(column(winograd_weight_gradient<double>, i)[j], expected, rounding) << i << " " << j;
    }
  }
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_EQ(column(winograd_weight<double>, j)[5], j == 2 ? 1 : 0);
    EXPECT_EQ(column(winograd_weight_gradient<double>, 5)[j], j == 2 ? 1 : 0);
  }
}

TEST(Winograd, OutputTransformHoldsPowersOfThePoints) {
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t i = 0; i < 6; ++i) {
      const double expected = i < 5 ? std::pow(points[i], double(k)) : (k == 3 ? 1 : 0);
      EXPECT_EQ(column(winograd_output<double>, i)[k], expected);
      EXPECT_EQ(column(winograd_gradient<double>, k)[i], expected);
    }
  }
}

// 16 outputs of one tile with whole numbers, against the sum of nine products. Exact but for the constants of G.
TEST(Winograd, GivesTheSixteenCorrelationsOfATile) {
  double X[6][6], g[3][3], V[6][6], U[6][6], Y[4][4];
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) X[i][j] = (7 * i + 5 * j * j) % 11 - 5;
  }
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) g[i][j] = (5 * i + 3 * j) % 7 - 3;
  }
  winograd_2d<double, 6, 6>(
      winograd_input<double>, [&](std::size_t i, std::size_t j) { return X[i][j]; },
      [&](std::size_t i, std::size_t j, double v) { V[i][j] = v; });
  winograd_2d<double, 3, 6>(
      winograd_weight<double>, [&](std::size_t i, std::size_t j) { return g[i][j]; },
      [&](std::size_t i, std::size_t j, double u) { U[i][j] = u; });
  winograd_2d<double, 6, 4>(
      winograd_output<double>, [&](std::size_t i, std::size_t j) { return U[i][j] * V[i][j]; },
      [&](std::size_t i, std::size_t j, double y) { Y[i][j] = y; });
  for (int h = 0; h < 4; ++h) {
    for (int w = 0; w < 4; ++w) {
      double expected = 0;
      for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) expected += g[i][j] * X[h + i][w + j];
      }
      EXPECT_NEAR(Y[h][w], expected, 1e4 * rounding);  // |terms| of (4) up to 11 |U||V| ~ 1e3
    }
  }
}

// The matrices B^T, G, A^T of any points, in single precision.
struct Matrices {
  float B[6][6], G[6][3], A[4][6];
};

Matrices matrices(const Points& of) {
  Matrices m{};
  for (std::size_t i = 0; i < 6; ++i) {
    const Polynomial N = product_of_roots(of, i);
    for (std::size_t j = 0; j < 6; ++j) m.B[i][j] = static_cast<float>(N[j]);
    for (std::size_t j = 0; j < 3; ++j) {
      m.G[i][j] = i < 5 ? static_cast<float>(std::pow(of[i], double(j)) / value_at(N, of[i])) : float(j == 2);
    }
    for (std::size_t k = 0; k < 4; ++k)
      m.A[k][i] = i < 5 ? static_cast<float>(std::pow(of[i], double(k))) : float(k == 3);
  }
  return m;
}

// T X T^T.
template <std::size_t n, std::size_t m>
std::array<std::array<float, n>, n> both_ways(const float (&T)[n][m], const std::array<std::array<float, m>, m>& X) {
  float half_done[n][m];
  std::array<std::array<float, n>, n> result;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      half_done[i][j] = 0;
      for (std::size_t k = 0; k < m; ++k) half_done[i][j] += T[i][k] * X[k][j];
    }
    for (std::size_t j = 0; j < n; ++j) {
      result[i][j] = 0;
      for (std::size_t k = 0; k < m; ++k) result[i][j] += T[j][k] * half_done[i][k];
    }
  }
  return result;
}

// The root mean square error of y = A^T [(G g G^T) . (B^T X B)] A in single precision, summed over 64 channels of normal
// random numbers, in units of that of y.
double relative_error(const Points& of) {
  const Matrices m = matrices(of);
  std::mt19937 generator(3);
  std::normal_distribution<float> normal;
  double error = 0, size = 0;
  for (int tile = 0; tile < 60; ++tile) {
    std::array<std::array<float, 6>, 6> M{};
    double exact[4][4] = {};
    for (int channel = 0; channel < 64; ++channel) {
      std::array<std::array<float, 6>, 6> X;
      std::array<std::array<float, 3>, 3> g;
      for (auto& row : X) std::generate(row.begin(), row.end(), [&] { return normal(generator); });
      for (auto& row : g) std::generate(row.begin(), row.end(), [&] { return normal(generator); });
      const auto V = both_ways(m.B, X), U = both_ways(m.G, g);
      for (std::size_t i = 0; i < 36; ++i) M[i / 6][i % 6] += U[i / 6][i % 6] * V[i / 6][i % 6];
      for (std::size_t i = 0; i < 144; ++i) {
        const std::size_t h = i / 36, w = i / 9 % 4, p = i / 3 % 3, q = i % 3;
        exact[h][w] += double(g[p][q]) * double(X[h + p][w + q]);
      }
    }
    const auto Y = both_ways(m.A, M);
    for (std::size_t i = 0; i < 16; ++i) {
      error += std::pow(Y[i / 4][i % 4] - exact[i / 4][i % 4], 2);
      size += std::pow(exact[i / 4][i % 4], 2);
    }
  }
  return std::sqrt(error / size);
}

// 960 outputs tell an error to a few per cent: no pair of eighths a < b <= 2 is better by more than a tenth.
TEST(Winograd, PointsAreThoseOfTheLeastError) {
  const double chosen = relative_error(points);
  for (int a = 3; a <= 8; ++a) {
    for (int b = a + 1; b <= 16; ++b) {
      const double error = relative_error({0, a / 8.0, -a / 8.0, b / 8.0, -b / 8.0});
      EXPECT_GT(error, 0.9 * chosen) << a << "/8, " << b << "/8";
    }
  }
  EXPECT_LT(chosen, 0.6 * relative_error({0, 1, -1, 2, -2}));
}

}  // namespace
}  // namespace autodiff::kernels
