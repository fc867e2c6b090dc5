#include "propagator/moment_tensor.h"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace propagator {

MomentTensor ned_from_use(const MomentTensorUse& m) { return {m.tt, m.pp, m.rr, -m.tp, m.rt, -m.rp}; }  // (4)

MomentTensorUse use_from_ned(const MomentTensor& m) { return {m.zz, m.xx, m.yy, m.xz, -m.yz, -m.xy}; }  // (4)

Eigen::Matrix3d matrix(const MomentTensor& m) {
  Eigen::Matrix3d M;
  M << m.xx, m.xy, m.xz,  //
      m.xy, m.yy, m.yz,   //
      m.xz, m.yz, m.zz;
  return M;
}

MomentTensor moment_tensor(const FocalMechanism& mechanism, double moment_n_m) {
  if (!(std::isfinite(moment_n_m) && moment_n_m >= 0.0)) {
    throw std::invalid_argument(fmt::format("moment_tensor: moment_n_m = {}: must be finite and >= 0", moment_n_m));
  }
  const auto [d, n] = slip_and_normal(checked_mechanism(mechanism, "moment_tensor"));
  const Eigen::Matrix3d M = moment_n_m * (d * n.transpose() + n * d.transpose());  // (1)
  return {M(0, 0), M(1, 1), M(2, 2), M(0, 1), M(0, 2), M(1, 2)};
}

FocalMechanism focal_mechanism(const MomentTensor& tensor) {
  const Eigen::Matrix3d M = matrix(tensor);
  const double size = M.cwiseAbs().maxCoeff();
  if (!M.allFinite()) throw std::invalid_argument("focal_mechanism: tensor: all six elements must be finite");
  // Scaled to about 1, so that moments of any size neither overflow nor underflow.
  const Eigen::Matrix3d scaled = size > 0.0 ? Eigen::Matrix3d(M / size) : M;
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(scaled);
  if (!(solver.eigenvalues()(2) - solver.eigenvalues()(0) > 1e-12)) {
    throw std::invalid_argument("focal_mechanism: tensor: is zero or isotropic, so it has no fault plane");
  }
  const Eigen::Vector3d T = solver.eigenvectors().col(2);
  const Eigen::Vector3d P = solver.eigenvectors().col(0);
  const Eigen::Vector3d n = (T + P) * std::numbers::sqrt2 / 2.0;  // (5)
  const Eigen::Vector3d d = (T - P) * std::numbers::sqrt2 / 2.0;  // (5)
  return canonical_plane(mechanism_from_vectors(d, n));
}

double scalar_moment_n_m(const MomentTensor& tensor) { return matrix(tensor).norm() / std::numbers::sqrt2; }  // (2)

double moment_magnitude(double moment_n_m) {
  if (!(std::isfinite(moment_n_m) && moment_n_m > 0.0)) {
    throw std::invalid_argument(fmt::format("moment_magnitude: moment_n_m = {}: must be finite and > 0", moment_n_m));
  }
  return (std::log10(moment_n_m) - 9.1) * 2.0 / 3.0;  // (3)
}

double moment_n_m_of_magnitude(double magnitude) {
  if (!(magnitude >= -10.0 && magnitude <= 12.0)) {
    throw std::invalid_argument(fmt::format("moment_n_m_of_magnitude: magnitude = {}: must lie in -10..12", magnitude));
  }
  return std::pow(10.0, 1.5 * magnitude + 9.1);  // (3)
}

}  // namespace propagator
