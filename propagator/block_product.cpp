#include "propagator/block_product.h"

#include <fmt/format.h>

#include <stdexcept>

namespace propagator {

namespace {

using Packet = Eigen::internal::packet_traits<double>::type;
constexpr Eigen::Index width = Eigen::internal::packet_traits<double>::size;
constexpr bool many_registers = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32;
constexpr int tile_packets = many_registers ? 3 : 2;
constexpr int tile_columns = many_registers ? 8 : 6;
static_assert(row_multiple % width == 0, "rows are filled up to whole vectors");

// Equation (1) for n_packets vectors of rows and n_columns columns.
template <int n_packets, int n_columns>
void add_tile(const double* J, Eigen::Index J_stride, const double* K, Eigen::Index K_stride, Eigen::Index n_k,
              double* S, Eigen::Index S_stride) {
  Packet sum[n_packets][n_columns];
  for (int c = 0; c < n_columns; ++c) {
    for (int p = 0; p < n_packets; ++p) {
      sum[p][c] = Eigen::internal::ploadu<Packet>(S + p * width + c * S_stride);
    }
  }
  for (Eigen::Index k = 0; k < n_k; ++k, J += J_stride, ++K) {
    Packet rows[n_packets];
    for (int p = 0; p < n_packets; ++p) rows[p] = Eigen::internal::ploadu<Packet>(J + p * width);
    for (int c = 0; c < n_columns; ++c) {
      const Packet value = Eigen::internal::pset1<Packet>(K[c * K_stride]);
      for (int p = 0; p < n_packets; ++p) sum[p][c] = Eigen::internal::pmadd(rows[p], value, sum[p][c]);  // (1)
    }
  }
  for (int c = 0; c < n_columns; ++c) {
    for (int p = 0; p < n_packets; ++p) Eigen::internal::pstoreu(S + p * width + c * S_stride, sum[p][c]);
  }
}

template <int n_columns>
void add_columns(const Eigen::Ref<const Eigen::MatrixXd>& J, const double* K, Eigen::Index K_stride, double* S,
                 Eigen::Index S_stride) {
  const auto tile = [&]<int n_packets>(Eigen::Index row) {
    add_tile<n_packets, n_columns>(J.data() + row, J.outerStride(), K, K_stride, J.cols(), S + row, S_stride);
  };
  Eigen::Index row = 0;
  for (; row + tile_packets * width <= J.rows(); row += tile_packets * width)
    tile.template operator()<tile_packets>(row);
  for (; row < J.rows(); row += width) tile.template operator()<1>(row);
}

}  // namespace

void add_block_product(const Eigen::Ref<const Eigen::MatrixXd>& J, const Eigen::Ref<const Eigen::MatrixXd>& K,
                       Eigen::Ref<Eigen::MatrixXd> S) {
  if (J.rows() % row_multiple != 0 || J.rows() != S.rows() || J.cols() != K.rows() || K.cols() != S.cols()) {
    throw std::invalid_argument(fmt::format(
        "add_block_product: J {} x {}, K {} x {}, S {} x {}: expected rows that are a multiple of {}, and the "
        "shapes of S += J K",
        J.rows(), J.cols(), K.rows(), K.cols(), S.rows(), S.cols(), row_multiple));
  }
  Eigen::Index c = 0;
  for (; c + tile_columns <= K.cols(); c += tile_columns) {
    add_columns<tile_columns>(J, K.data() + c * K.outerStride(), K.outerStride(), S.data() + c * S.outerStride(),
                              S.outerStride());
  }
  for (; c < K.cols(); ++c)
    add_columns<1>(J, K.data() + c * K.outerStride(), K.outerStride(), S.data() + c * S.outerStride(), S.outerStride());
}

}  // namespace propagator
