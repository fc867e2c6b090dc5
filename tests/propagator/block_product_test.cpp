#include "propagator/block_product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace {

// Every element one chain of fused multiply-adds in the order of k: equal bits, for every remainder of rows and columns.
TEST(BlockProduct, HasTheBitsOfTheChainAsWritten) {
  for (const Eigen::Index n_rows : {8, 16, 24, 40}) {
    for (const Eigen::Index n_columns : {1, 4, 7, 16}) {
      const Eigen::MatrixXd J = Eigen::MatrixXd::NullaryExpr(
          n_rows, 37, [](Eigen::Index i, Eigen::Index j) { return std::sin(static_cast<double>(1 + 7 * i + 3 * j)); });
      const Eigen::MatrixXd K = Eigen::MatrixXd::NullaryExpr(37, n_columns, [](Eigen::Index i, Eigen::Index j) {
        return std::cos(static_cast<double>(2 + 5 * i + 11 * j));
      });
      Eigen::MatrixXd S = Eigen::MatrixXd::Constant(n_rows, n_columns, 0.1);
      Eigen::MatrixXd expected = S;
      for (Eigen::Index c = 0; c < n_columns; ++c) {
        for (Eigen::Index i = 0; i < n_rows; ++i) {
          for (Eigen::Index k = 0; k < 37; ++k) expected(i, c) = std::fma(J(i, k), K(k, c), expected(i, c));
        }
      }
      propagator::add_block_product(J, K, S);
      EXPECT_EQ(S, expected) << n_rows << " x " << n_columns;
    }
  }
}

TEST(BlockProduct, RefusesShapesThatDoNotFit) {
  Eigen::MatrixXd S = Eigen::MatrixXd::Zero(8, 3);
  EXPECT_THROW(propagator::add_block_product(Eigen::MatrixXd::Zero(8, 5), Eigen::MatrixXd::Zero(4, 3), S),
               std::invalid_argument);
  EXPECT_THROW(propagator::add_block_product(Eigen::MatrixXd::Zero(16, 5), Eigen::MatrixXd::Zero(5, 3), S),
               std::invalid_argument);
  Eigen::MatrixXd six_rows = Eigen::MatrixXd::Zero(6, 3);
  EXPECT_THROW(propagator::add_block_product(Eigen::MatrixXd::Zero(6, 5), Eigen::MatrixXd::Zero(5, 3), six_rows),
               std::invalid_argument);
}

}  // namespace
