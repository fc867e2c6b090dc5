#include "fmnet/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace fmnet {
namespace {

constexpr double largest_kagan_deg = 120.0;

void require_kagan_angles(const char* function, const std::vector<double>& angles_deg) {
  for (const double angle : angles_deg) {
    if (!(angle >= 0.0 && angle <= largest_kagan_deg + 1e-6)) {
      throw std::invalid_argument(fmt::format("{}: angle = {} degrees: must be from 0 to 120", function, angle));
    }
  }
}

}  // namespace

Interval wilson_interval(std::int64_t n_good, std::int64_t n) {
  if (n < 1 || n_good < 0 || n_good > n) {
    throw std::invalid_argument(
        fmt::format("wilson_interval: {} of {}: expected 0 <= n_good <= n and n >= 1", n_good, n));
  }
  constexpr double z = 1.959963984540054;
  const double count = static_cast<double>(n);
  const double p = static_cast<double>(n_good) / count;
  const double centre = p + z * z / (2.0 * count);
  const double half_width = z * std::sqrt(p * (1.0 - p) / count + z * z / (4.0 * count * count));
  const double scale = 1.0 + z * z / count;
  return {std::max(0.0, (centre - half_width) / scale), std::min(1.0, (centre + half_width) / scale)};  // (1)
}

double percentile(std::vector<double> values, double fraction) {
  if (values.empty() || !(fraction >= 0.0 && fraction <= 1.0)) {
    throw std::invalid_argument(fmt::format(
        "percentile: {} values, fraction = {}: expected at least one value and 0..1", values.size(), fraction));
  }
  std::sort(values.begin(), values.end());
  const double place = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);  // (2)
}

KaganSummary summarize_kagan(const std::vector<double>& angles_deg, double threshold_deg) {
  require_kagan_angles("summarize_kagan", angles_deg);
  KaganSummary summary;
  summary.threshold_deg = threshold_deg;
  summary.n = static_cast<std::int64_t>(angles_deg.size());
  if (angles_deg.empty()) return summary;
  summary.n_good = std::count_if(angles_deg.begin(), angles_deg.end(),
                                 [threshold_deg](double angle) { return angle <= threshold_deg; });
  summary.share_good = static_cast<double>(summary.n_good) / static_cast<double>(summary.n);
  summary.share_interval = wilson_interval(summary.n_good, summary.n);
  summary.mean_deg = std::accumulate(angles_deg.begin(), angles_deg.end(), 0.0) / static_cast<double>(summary.n);
  summary.median_deg = percentile(angles_deg, 0.5);
  summary.percentile_90_deg = percentile(angles_deg, 0.9);
  summary.largest_deg = *std::max_element(angles_deg.begin(), angles_deg.end());
  return summary;
}

KaganHistogram kagan_histogram(const std::vector<double>& angles_deg, int n_histogram_bins) {
  if (n_histogram_bins < 1) {
    throw std::invalid_argument(
        fmt::format("kagan_histogram: n_histogram_bins = {}: must be 1 or more", n_histogram_bins));
  }
  require_kagan_angles("kagan_histogram", angles_deg);
  KaganHistogram histogram{largest_kagan_deg / n_histogram_bins,
                           std::vector<std::int64_t>(static_cast<std::size_t>(n_histogram_bins), 0)};
  for (const double angle : angles_deg) {
    const int bin = std::min(static_cast<int>(angle / histogram.bin_width_deg), n_histogram_bins - 1);
    ++histogram.counts[static_cast<std::size_t>(bin)];
  }
  return histogram;
}

}  // namespace fmnet
