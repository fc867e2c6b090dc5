// S += J K for blocks of real matrices, with bits that depend neither on the processor's vector width nor on its caches.
//
//   S(i, c) <- fma(J(i, k), K(k, c), S(i, c)),   k = 0, 1, 2, ... in this order                           (1)
//
// (1) is the definition; an element is one chain of fused multiply-adds. The fast form keeps a tile of S in registers: three
// vectors of neighbouring rows i times 8 columns c, so that one step in k is 3 loads of J, 8 of K and 24 multiply-adds; with
// 16 registers two vectors times 6, which leaves one register free (with none, compilers load rows of J again for every
// column). Lanes are rows: no sum runs across lanes, and the chain (1) is the same for every width of a vector. A product over
// blocks of k one after the other (wavenumber_integral.h) goes on with the chain where it ended. A product of a
// library (Eigen's included) sums in an order that its blocking for the cache decides.
#pragma once

#include <Eigen/Core>

namespace propagator {

inline constexpr Eigen::Index row_multiple = 8;  // rows of J and S are a multiple of it; filled up with anything

// J (rows x n_k, n_k = columns of J), K (n_k x n_columns), S (rows x n_columns); columns contiguous. std::invalid_argument for
// other shapes.
void add_block_product(const Eigen::Ref<const Eigen::MatrixXd>& J, const Eigen::Ref<const Eigen::MatrixXd>& K,
                       Eigen::Ref<Eigen::MatrixXd> S);

}  // namespace propagator
