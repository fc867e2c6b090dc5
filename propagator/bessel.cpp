#include "propagator/bessel.h"

#include <math.h>  // ::j0, ::j1

namespace propagator {

BesselValues bessel_j012(double z) {
  const double j0 = ::j0(z);
  const double j1 = ::j1(z);
  if (z > 1.0) return {j0, j1, 2.0 * j1 / z - j0};  // (1)
  const double q = -0.25 * z * z;
  double sum = 0.0;
  for (int m = 9; m >= 0; --m) sum = 1.0 + sum * q / ((m + 1.0) * (m + 3.0));
  return {j0, j1, -0.5 * q * sum};  // (2)
}

BesselTables bessel_tables(const Eigen::ArrayXd& k_per_km, const std::vector<double>& distances_km, int n_threads) {
  const Eigen::Index n_k = k_per_km.size();
  const Eigen::Index n_x = static_cast<Eigen::Index>(distances_km.size());
  BesselTables tables{Eigen::MatrixXd(n_k, n_x), Eigen::MatrixXd(n_k, n_x), Eigen::MatrixXd(n_k, n_x)};
#pragma omp parallel for schedule(static) num_threads(n_threads)
  for (Eigen::Index ix = 0; ix < n_x; ++ix) {
    for (Eigen::Index ik = 0; ik < n_k; ++ik) {
      const BesselValues value = bessel_j012(k_per_km[ik] * distances_km[static_cast<std::size_t>(ix)]);
      tables.j0(ik, ix) = value.j0;
      tables.j1(ik, ix) = value.j1;
      tables.j2(ik, ix) = value.j2;
    }
  }
  return tables;
}

}  // namespace propagator
