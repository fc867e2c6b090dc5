#include "propagator/bessel.h"

#include <fmt/format.h>
#include <math.h>  // ::j0, ::j1

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace propagator {

namespace {

constexpr int n_coefficients = 12;
constexpr int n_intervals = 2048;

using Pair = Eigen::Array2d;  // of J0 and J1
using PairPacket = Eigen::internal::Packet2d;
using Polynomial = std::array<Pair, n_coefficients>;  // coefficients of powers of u

// Coefficients of powers from values at the Chebyshev points cos((m + 1/2) pi / n): first those of Chebyshev
// polynomials, then T_0 = 1, T_1 = u, T_(p+1) = 2 u T_p - T_(p-1) written out.
Polynomial polynomial_on(int interval) {
  std::array<Pair, n_coefficients> values;
  for (std::size_t m = 0; m < n_coefficients; ++m) {
    const double angle = (static_cast<double>(m) + 0.5) * std::numbers::pi / n_coefficients;
    const double offset = 0.5 + 0.5 * std::cos(angle);
    const double z = interval + offset;
    const double rest = offset - (z - interval);  // what rounding took from z: J' carries the values there
    const double j0 = ::j0(z);
    const double j1 = ::j1(z);
    values[m] = Pair(j0 - rest * j1, j1 + rest * (j0 - j1 / z));
  }
  Polynomial sum;
  sum.fill(Pair::Zero());
  std::array<double, n_coefficients> before{}, now{};
  before[1] = 1.0;  // T_(-1) = T_1
  now[0] = 1.0;
  for (std::size_t p = 0; p < n_coefficients; ++p) {
    Pair coefficient = Pair::Zero();
    for (std::size_t m = 0; m < n_coefficients; ++m) {
      const double angle = (static_cast<double>(m) + 0.5) * std::numbers::pi / n_coefficients;
      coefficient += std::cos(static_cast<double>(p) * angle) * values[m];
    }
    coefficient *= (p == 0 ? 1.0 : 2.0) / n_coefficients;
    for (std::size_t i = 0; i <= p; ++i) sum[i] += coefficient * now[i];
    std::array<double, n_coefficients> next{};
    for (std::size_t i = 0; i + 1 < n_coefficients; ++i) next[i + 1] = 2.0 * now[i];
    for (std::size_t i = 0; i < n_coefficients; ++i) next[i] -= before[i];
    before = now;
    now = next;
  }
  return sum;
}

const Polynomial* polynomials() {
  static const std::vector<Polynomial> all = [] {
    std::vector<Polynomial> made;
    for (int i = 0; i < n_intervals; ++i) made.push_back(polynomial_on(i));
    return made;
  }();
  return all.data();
}

}  // namespace

BesselValues bessel_j012(double z) {
  if (!(z >= 0.0)) throw std::invalid_argument(fmt::format("bessel_j012: z = {}: expected 0 or above", z));
  const double j0 = ::j0(z);
  const double j1 = ::j1(z);
  if (z > 1.0) return {j0, j1, 2.0 * j1 / z - j0};  // (1)
  const double q = -0.25 * z * z;
  double sum = 0.0;
  for (int m = 9; m >= 0; --m) sum = 1.0 + sum * q / ((m + 1.0) * (m + 3.0));
  return {j0, j1, -0.5 * q * sum};  // (2)
}

void bessel_block(std::span<const double> k_per_km, std::span<const double> x_km, BesselBlock& block) {
  const Polynomial* const polynomial = polynomials();
  const auto n_x = static_cast<Eigen::Index>(x_km.size());
  for (Eigen::MatrixXd* matrix : {&block.j0, &block.j1, &block.j2}) {
    matrix->resize(n_x, static_cast<Eigen::Index>(k_per_km.size()));
  }
  Eigen::Index entry = 0;
  for (const double k : k_per_km) {
    for (const double x : x_km) {
      const double z = k * x;
      BesselValues J;
      if (z >= 1.0 && z < n_intervals) {
        const int interval = static_cast<int>(z);
        const Polynomial& c = polynomial[interval];
        const double u = 2.0 * (z - interval) - 1.0;
        const PairPacket uu = Eigen::internal::pset1<PairPacket>(u);
        PairPacket sum = Eigen::internal::pload<PairPacket>(c[n_coefficients - 1].data());
        for (std::size_t i = n_coefficients - 1; i-- > 0;) {
          sum = Eigen::internal::pmadd(sum, uu, Eigen::internal::pload<PairPacket>(c[i].data()));
        }
        Pair value;
        Eigen::internal::pstore(value.data(), sum);
        J = {value[0], value[1], 2.0 * value[1] / z - value[0]};  // (1)
      } else {
        J = bessel_j012(z);
      }
      block.j0.data()[entry] = J.j0;
      block.j1.data()[entry] = J.j1;
      block.j2.data()[entry] = J.j2;
      ++entry;
    }
  }
}

}  // namespace propagator
