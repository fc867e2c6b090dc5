#include "propagator/seismogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "propagator/radiation.h"

namespace propagator {

namespace {

[[noreturn]] void throw_wrong_series(const GreensFunctions& greens, const char* expected) {
  throw std::invalid_argument(
      fmt::format("ground_motion: greens has {} series: expected {}", greens.series.cols(), expected));
}

void require_finite(const char* argument, double value) {
  if (!std::isfinite(value)) {
    throw std::invalid_argument(fmt::format("ground_motion: {} = {}: must be finite", argument, value));
  }
}

}  // namespace

GroundMotion ground_motion(const GreensFunctions& greens, const MomentTensor& M, double azimuth_rad) {
  using enum Fundamental;
  const RadiationWeights w = radiation_weights(M, azimuth_rad);
  const double largest =
      std::max({std::abs(M.xx), std::abs(M.yy), std::abs(M.zz), std::abs(M.xy), std::abs(M.xz), std::abs(M.yz)});
  const bool isotropic_part = std::abs(M.xx + M.yy + M.zz) > 1e-9 * largest;
  if (greens.series.cols() < (isotropic_part ? 10 : 8)) {
    throw_wrong_series(greens, "the ten of a moment tensor, or eight for one without trace");
  }
  const auto g = [&greens](Fundamental series) -> Eigen::Ref<const Eigen::ArrayXd> {
    return greens.series.col(static_cast<int>(series));
  };
  GroundMotion u{w.ss * g(ZSS) + w.ds * g(ZDS) + w.dd * g(ZDD), w.ss * g(RSS) + w.ds * g(RDS) + w.dd * g(RDD),
                 w.transverse_ss * g(TSS) + w.transverse_ds * g(TDS)};
  if (isotropic_part) {
    u.up += w.ex * g(ZEX);
    u.radial += w.ex * g(REX);
  }
  return u;
}

GroundMotion ground_motion(const GreensFunctions& greens, const Force& force, double azimuth_rad) {
  using enum ForceSeries;
  require_finite("force.north", force.north);
  require_finite("force.east", force.east);
  require_finite("force.down", force.down);
  require_finite("azimuth_rad", azimuth_rad);
  if (greens.series.cols() != 5) throw_wrong_series(greens, "the five of a single force");
  const auto g = [&greens](ForceSeries series) -> Eigen::Ref<const Eigen::ArrayXd> {
    return greens.series.col(static_cast<int>(series));
  };
  const double along = force.north * std::cos(azimuth_rad) + force.east * std::sin(azimuth_rad);
  const double across = force.north * std::sin(azimuth_rad) - force.east * std::cos(azimuth_rad);
  return {along * g(ZHF) + force.down * g(ZVF), along * g(RHF) + force.down * g(RVF), across * g(THF)};
}

Eigen::ArrayXd moment_rate(int n_samples, double dt_s, double duration_s, double rise) {
  if (duration_s == 0.0) return Eigen::ArrayXd::Ones(1);
  const double length_s = n_samples * dt_s;
  if (!(duration_s >= 2.0 * dt_s && duration_s <= length_s)) {
    throw std::invalid_argument(fmt::format("moment_rate: duration_s = {}: expected 0, or {} (two samples) to {}",
                                            duration_s, 2.0 * dt_s, length_s));
  }
  if (!(rise > 0.0 && rise <= 0.5)) {
    throw std::invalid_argument(fmt::format("moment_rate: rise = {}: expected above 0, at most 0.5", rise));
  }
  const auto n = static_cast<Eigen::Index>(std::floor(duration_s / dt_s)) + 1;
  Eigen::ArrayXd rate(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double part = static_cast<double>(i) * dt_s / duration_s;
    rate[i] = std::max(0.0, std::min(1.0, std::min(part, 1.0 - part) / rise));
  }
  return rate / rate.sum();
}

Eigen::ArrayXd with_source_time(const Eigen::ArrayXd& series, const Eigen::ArrayXd& moment_rate) {
  Eigen::ArrayXd smooth = Eigen::ArrayXd::Zero(series.size());
  for (Eigen::Index i = 0; i < std::min(moment_rate.size(), series.size()); ++i) {
    smooth.tail(series.size() - i) += moment_rate[i] * series.head(series.size() - i);  // (1)
  }
  return smooth;
}

}  // namespace propagator
