// Winograd's transforms against a derivation of their own: Lagrange's polynomials through the points of evaluation are
// multiplied out here, and the three matrices of winograd.h, equations (2) to (4), read off from them.
#include "autodiff/kernels/winograd.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace autodiff::kernels {
namespace {

const std::vector<double> points = {0, 1, -1, 2, -2};  // and infinity
using Polynomial = std::vector<double>;                // coefficients from the constant term up

// prod_{l != skipped} (t - a_l), six coefficients.
Polynomial product_of_roots(std::size_t skipped) {
  Polynomial p = {1, 0, 0, 0, 0, 0};
  for (std::size_t l = 0; l < points.size(); ++l) {
    if (l == skipped) continue;
    for (std::size_t k = p.size(); k-- > 0;) p[k] = (k > 0 ? p[k - 1] : 0) - points[l] * p[k];
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

const double rounding = 4 * static_cast<double>(std::numeric_limits<Real>::epsilon());  // of the constants 1/6, 1/24

TEST(Winograd, InputTransformHoldsLagrangePolynomials) {
  for (std::size_t i = 0; i < 6; ++i) {
    const Polynomial N = product_of_roots(i);  // i = 5 leaves out none: the point at infinity
    for (std::size_t j = 0; j < 6; ++j) EXPECT_EQ(column(winograd_input<double>, j)[i], N[j]) << i << " " << j;
  }
}

TEST(Winograd, WeightTransformHoldsPowersOfThePoints) {
  for (std::size_t i = 0; i < 5; ++i) {
    const double f = value_at(product_of_roots(i), points[i]);
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
      EXPECT_NEAR(Y[h][w], expected, 1e4 * rounding);  // |terms| of (4) up to 64 |U||V| ~ 1e4
    }
  }
}

}  // namespace
}  // namespace autodiff::kernels
