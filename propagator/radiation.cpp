#include "propagator/radiation.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace propagator {

namespace {

void refuse_infinite(const char* function, const char* argument, double value) {
  if (!std::isfinite(value))
    throw std::invalid_argument(fmt::format("{}: {} = {}: must be finite", function, argument, value));
}

void refuse_infinite(const char* function, const MomentTensor& M) {
  refuse_infinite(function, "tensor.xx", M.xx);
  refuse_infinite(function, "tensor.yy", M.yy);
  refuse_infinite(function, "tensor.zz", M.zz);
  refuse_infinite(function, "tensor.xy", M.xy);
  refuse_infinite(function, "tensor.xz", M.xz);
  refuse_infinite(function, "tensor.yz", M.yz);
}

}  // namespace

RadiationWeights radiation_weights(const MomentTensor& M, double azimuth_rad) {
  refuse_infinite("radiation_weights", M);
  refuse_infinite("radiation_weights", "azimuth_rad", azimuth_rad);
  const double cos_phi = std::cos(azimuth_rad), sin_phi = std::sin(azimuth_rad);
  const double cos_2phi = std::cos(2.0 * azimuth_rad), sin_2phi = std::sin(2.0 * azimuth_rad);
  const double half_difference = (M.xx - M.yy) / 2.0;
  return {
      .ss = -(half_difference * cos_2phi + M.xy * sin_2phi),           // (3)
      .ds = -(M.xz * cos_phi + M.yz * sin_phi),                        // (4)
      .dd = (2.0 * M.zz - M.xx - M.yy) / 6.0,                          // (5)
      .ex = (M.xx + M.yy + M.zz) / 3.0,                                // (6)
      .transverse_ss = -half_difference * sin_2phi + M.xy * cos_2phi,  // (7)
      .transverse_ds = -M.xz * sin_phi + M.yz * cos_phi,               // (8)
  };
}

double p_radiation(const MomentTensor& tensor, double azimuth_rad, double takeoff_rad) {
  refuse_infinite("p_radiation", tensor);
  refuse_infinite("p_radiation", "azimuth_rad", azimuth_rad);
  if (!(takeoff_rad >= 0.0 && takeoff_rad <= std::numbers::pi)) {
    throw std::invalid_argument(fmt::format("p_radiation: takeoff_rad = {}: must lie in 0..pi", takeoff_rad));
  }
  const double sin_i = std::sin(takeoff_rad);
  const Eigen::Vector3d gamma(sin_i * std::cos(azimuth_rad), sin_i * std::sin(azimuth_rad), std::cos(takeoff_rad));
  return gamma.dot(matrix(tensor) * gamma);  // (9)
}

}  // namespace propagator
