#include "fmnet/trust/curve_trust.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace fmnet {
namespace {

constexpr double smallest_second_peak = 0.1;

std::vector<double> curve_of(const LabelCurves& curves, int curve) {
  std::vector<double> y;
  for (int i = 0; i < n_bins; ++i) y.push_back(curves[static_cast<std::size_t>(i * n_curves + curve)]);
  return y;
}

// Bins from the peak to the place where y falls to half of it, in the direction `step` (-1 or 1).
double half_width(const std::vector<double>& y, int peak, int step) {
  const double half = 0.5 * y[static_cast<std::size_t>(peak)];
  int i = peak;
  while (i + step >= 0 && i + step < n_bins && y[static_cast<std::size_t>(i + step)] > half) i += step;
  if (i + step < 0 || i + step >= n_bins) return std::abs(i - peak);
  const double above = y[static_cast<std::size_t>(i)], below = y[static_cast<std::size_t>(i + step)];
  return std::abs(i - peak) + (above - half) / (above - below);
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0.0, mean_b = 0.0, ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

std::optional<SecondPeak> second_peak(const std::vector<double>& y, int peak, int curve, double far_bins) {
  const bool is_circular = curve == 0;
  const auto at = [&](int i) {
    if (is_circular) i = (i + n_bins) % n_bins;
    return i < 0 || i >= n_bins ? -1e300 : y[static_cast<std::size_t>(i)];
  };
  std::optional<SecondPeak> found;
  const double highest = y[static_cast<std::size_t>(peak)];
  for (int i = 0; i < n_bins; ++i) {
    const int along = std::abs(i - peak), distance = is_circular ? std::min(along, n_bins - along) : along;
    const double relative = at(i) / highest;
    if (distance <= far_bins || at(i) < at(i - 1) || at(i) < at(i + 1) || relative < smallest_second_peak) continue;
    if (!found || relative > found->relative_height) found = SecondPeak{angle_of_bin(curve, i + 1.0), relative};
  }
  return found;
}

}  // namespace

std::array<CurveTrust, n_curves> assess_curves(const LabelCurves& curves, const LabelSettings& settings) {
  const propagator::FocalMechanism read = decode_curves(curves, settings);
  LabelSettings as_read = settings;
  as_read.plane = LabelPlane::as_drawn;
  const LabelCurves ideal = label_curves(read, as_read);
  std::array<CurveTrust, n_curves> trust;
  for (int curve = 0; curve < n_curves; ++curve) {
    const std::vector<double> y = curve_of(curves, curve);
    const int peak = static_cast<int>(std::max_element(y.begin(), y.end()) - y.begin());
    CurveTrust& one = trust[static_cast<std::size_t>(curve)];
    one.height = y[static_cast<std::size_t>(peak)];                                                               // (1)
    const double bins = half_width(y, peak, -1) + half_width(y, peak, 1);                                         // (2)
    one.width_deg = angle_of_bin(curve, bins) - angle_of_bin(curve, 0.0);                                         // (2)
    one.likeness = correlation(y, curve_of(ideal, curve));                                                        // (3)
    if (one.height > 0.0) one.second_peak = second_peak(y, peak, curve, 2.5 * settings.standard_deviation_bins);  // (4)
  }
  return trust;
}

}  // namespace fmnet
