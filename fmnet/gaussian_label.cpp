#include "fmnet/gaussian_label.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fmnet {
namespace {

constexpr int strike_curve = 0;

double value_at(const LabelCurves& curves, int curve, int bin) {
  return curves[static_cast<std::size_t>(bin - 1) * n_curves + static_cast<std::size_t>(curve)];
}

bool is_circular(int curve, const LabelSettings& settings) {
  return curve == strike_curve && settings.strike_label == StrikeLabel::circular;
}

int peak_bin(const LabelCurves& curves, int curve) {
  int best = 1;
  for (int bin = 1; bin <= n_bins; ++bin) {
    const double value = value_at(curves, curve, bin);
    if (!std::isfinite(value)) {
      throw std::invalid_argument(
          fmt::format("decode_curves: curve {} has the value {} in bin {}: must be finite", curve, value, bin));
    }
    if (value > value_at(curves, curve, best)) best = bin;
  }
  return best;
}

// The apex of the parabola through (-1, log left), (0, log middle), (1, log right), relative to the middle.
double apex(double left, double middle, double right) {
  if (!(left > 0.0 && middle > 0.0 && right > 0.0)) return 0.0;
  const double curvature = std::log(left) - 2.0 * std::log(middle) + std::log(right);
  if (!(curvature < 0.0)) return 0.0;
  return std::clamp(0.5 * (std::log(left) - std::log(right)) / curvature, -0.5, 0.5);
}

double peak_place(const LabelCurves& curves, int curve, const LabelSettings& settings) {
  const int best = peak_bin(curves, curve);
  if (settings.decoding == PeakDecoding::bin) return best;
  const bool circular = is_circular(curve, settings);
  if (!circular && (best == 1 || best == n_bins)) return best;
  const int left = best == 1 ? n_bins : best - 1;
  const int right = best == n_bins ? 1 : best + 1;
  return best + apex(value_at(curves, curve, left), value_at(curves, curve, best), value_at(curves, curve, right));
}

}  // namespace

const Choices<LabelPlane>& label_plane_names() {
  static const Choices<LabelPlane> names = {{LabelPlane::canonical, "canonical"}, {LabelPlane::as_drawn, "as_drawn"}};
  return names;
}

const Choices<StrikeLabel>& strike_label_names() {
  static const Choices<StrikeLabel> names = {{StrikeLabel::plain, "plain"}, {StrikeLabel::circular, "circular"}};
  return names;
}

const Choices<PeakDecoding>& peak_decoding_names() {
  static const Choices<PeakDecoding> names = {{PeakDecoding::bin, "bin"}, {PeakDecoding::parabola, "parabola"}};
  return names;
}

AngleRange angle_range(int curve) {
  constexpr std::array<AngleRange, n_curves> ranges = {{{0.0, 360.0}, {0.0, 90.0}, {-90.0, 90.0}}};
  if (curve < 0 || curve >= n_curves) {
    throw std::invalid_argument(fmt::format("angle_range: curve = {}: must be 0, 1 or 2", curve));
  }
  return ranges[static_cast<std::size_t>(curve)];
}

double bin_of_angle(int curve, double angle_deg) {
  const AngleRange range = angle_range(curve);
  const double slack = 1e-9 * (range.end_deg - range.begin_deg);
  if (!(angle_deg >= range.begin_deg - slack && angle_deg <= range.end_deg + slack)) {
    throw std::invalid_argument(fmt::format("bin_of_angle: curve {}: angle = {} degrees: must be from {} to {}", curve,
                                            angle_deg, range.begin_deg, range.end_deg));
  }
  const double bin = n_bins * (angle_deg - range.begin_deg) / (range.end_deg - range.begin_deg);  // (1)
  return curve == strike_curve && bin <= 0.0 ? bin + n_bins : bin;
}

double angle_of_bin(int curve, double bin) {
  const AngleRange range = angle_range(curve);
  return bin * (range.end_deg - range.begin_deg) / n_bins + range.begin_deg;  // (3)
}

LabelCurves label_curves(const propagator::FocalMechanism& mechanism, const LabelSettings& settings) {
  if (!(settings.standard_deviation_bins > 0.0)) {
    throw std::invalid_argument(
        fmt::format("label_curves: standard deviation = {} bins: must be above 0", settings.standard_deviation_bins));
  }
  const bool as_drawn = settings.plane == LabelPlane::as_drawn && std::abs(mechanism.rake_deg) <= 90.0;
  const propagator::FocalMechanism plane = as_drawn ? mechanism : propagator::canonical_plane(mechanism);
  const std::array<double, n_curves> angles = {plane.strike_deg, plane.dip_deg, plane.rake_deg};
  const double s = settings.standard_deviation_bins;
  LabelCurves curves{};
  for (int curve = 0; curve < n_curves; ++curve) {
    const double i0 = bin_of_angle(curve, angles[static_cast<std::size_t>(curve)]);
    for (int i = 1; i <= n_bins; ++i) {
      double d = std::abs(i - i0);
      if (is_circular(curve, settings)) d = std::min(d, n_bins - d);
      curves[static_cast<std::size_t>(i - 1) * n_curves + static_cast<std::size_t>(curve)] =
          std::exp(-d * d / (2.0 * s * s));  // (2)
    }
  }
  return curves;
}

propagator::FocalMechanism decode_curves(const LabelCurves& curves, const LabelSettings& settings) {
  std::array<double, n_curves> angles{};
  for (int curve = 0; curve < n_curves; ++curve) {
    angles[static_cast<std::size_t>(curve)] = angle_of_bin(curve, peak_place(curves, curve, settings));
  }
  if (angles[0] > 360.0) angles[0] -= 360.0;
  return {angles[0], angles[1], angles[2]};
}

}  // namespace fmnet
