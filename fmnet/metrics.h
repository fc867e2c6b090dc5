// How good predictions are, told by the Kagan angle: the smallest rotation that takes one double couple into the other,
// 0 to 120 degrees, blind to which of the two nodal planes was named. 20 degrees and less counts as good (the authors'
// Demo/Plot_kagan.m). Random pairs have a median of 79 degrees and 1 % within 20.
//
// With k good ones of n the share is p = k / n, and its 95 % interval is Wilson's,
//
//   (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n),   z = 1.959964     (1)
//
// which stays inside 0..1 and keeps its coverage near both ends, where the plain p -+ z sqrt(p (1 - p) / n) does not.
// The percentile q of sorted values x(0..n-1) is x interpolated linearly at q (n - 1).                       (2)
//
// Reference: Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209-212; Kagan, Y. Y. (1991), Geophys. J. Int. 106, 709-716.
#pragma once

#include <cstdint>
#include <vector>

#include "propagator/focal_mechanism.h"

namespace fmnet {

struct Interval {
  double low, high;
};

struct KaganSummary {
  std::int64_t n = 0;
  std::int64_t n_good = 0;  // angle <= threshold_deg
  double threshold_deg = 20.0;
  double share_good = 0.0;
  Interval share_interval{0.0, 1.0};  // 95 %
  double mean_deg = 0.0, median_deg = 0.0, percentile_90_deg = 0.0, largest_deg = 0.0;
};

Interval wilson_interval(std::int64_t n_good, std::int64_t n);   // (1); n >= 1
double percentile(std::vector<double> values, double fraction);  // (2); fraction 0..1

KaganSummary summarize_kagan(const std::vector<double>& angles_deg, double threshold_deg = 20.0);

// Counts of n_bins equal bins over 0..120 degrees; 120 itself falls into the last bin.
struct KaganHistogram {
  double bin_width_deg;
  std::vector<std::int64_t> counts;
};
KaganHistogram kagan_histogram(const std::vector<double>& angles_deg, int n_histogram_bins = 100);

}  // namespace fmnet
