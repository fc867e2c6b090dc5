#include "data/records/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "data/butterworth.h"

namespace data {
namespace {

constexpr std::chrono::minutes longest_record{10};  // of those that hold a leap second

double smallest_step(const Eigen::ArrayXd& x) {
  double smallest = std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 1; i < x.size(); ++i) {
    const double step = std::abs(x[i] - x[i - 1]);
    if (step > 0.0) smallest = std::min(smallest, step);
  }
  return smallest;
}

// Whether samples [first, last] are entered and left by steps of more than 4 quanta; the ends of the record are none.
bool has_sharp_edges(const Eigen::ArrayXd& x, Eigen::Index first, Eigen::Index last, double quantum) {
  if (first == 0 || last == x.size() - 1) return false;
  return std::abs(x[first] - x[first - 1]) > 4.0 * quantum && std::abs(x[last] - x[last + 1]) > 4.0 * quantum;
}

// Rule (2) for one extreme value; returns the length of the first such plateau, or 0.
Eigen::Index plateau_at(const Eigen::ArrayXd& x, double extreme, Eigen::Index shortest, double quantum) {
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (x[i] != extreme) continue;
    const Eigen::Index first = i;
    while (i + 1 < x.size() && x[i + 1] == extreme) ++i;
    if (i - first + 1 >= shortest && has_sharp_edges(x, first, i, quantum)) return i - first + 1;
  }
  return 0;
}

// Whether an overlap is what a leap second leaves: the last second of the record that holds it, counted twice.
bool looks_like_leap_second(const Overlap& overlap, double dt_s) {
  using namespace std::chrono;
  constexpr milliseconds forgiven{500};  // of a time that rounding puts before midnight
  const sys_time<nanoseconds> from{nanoseconds{overlap.from_ns}};
  const auto day = floor<days>(from + forgiven);
  const year_month_day date{day};
  const bool is_the_day = date.day() == std::chrono::day{1} && (date.month() == January || date.month() == July);
  const double twice_s = seconds_between(overlap.from_ns, overlap.to_ns) + dt_s;
  return is_the_day && from - day <= longest_record && std::abs(twice_s - 1.0) <= 0.5 * dt_s;
}

double rms(const Eigen::ArrayXd& x, Eigen::Index first, Eigen::Index end) {
  return std::sqrt(x.segment(first, end - first).square().mean());
}

}  // namespace

std::string fault_in_samples(const Trace& trace, const QualitySettings& settings) {
  const Eigen::ArrayXd& x = trace.samples;
  if (x.size() == 0) return "too short: no samples";
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i])) return fmt::format("not a number: sample {} is {}", i, x[i]);
  }
  const double largest = x.maxCoeff(), smallest = x.minCoeff();
  if (largest == smallest) return fmt::format("flat: all samples are {:g}", largest);
  const Eigen::Index n_repeats = (x.tail(x.size() - 1) == x.head(x.size() - 1)).count();
  const double repeated_share = static_cast<double>(n_repeats) / static_cast<double>(x.size() - 1);
  if (repeated_share > 0.99)
    return fmt::format("flat: {:.1f} % of the samples repeat the one before", 100.0 * repeated_share);

  const double peak = std::max(std::abs(largest), std::abs(smallest));
  const double limit = settings.full_scale_share * settings.full_scale_counts;
  if (trace.quantity == Quantity::counts && peak > limit) {  // (1)
    return fmt::format("clipped: {:.0f} counts, beyond {:.0f} % of full scale {:.0f}", peak,
                       100.0 * settings.full_scale_share, settings.full_scale_counts);
  }
  const double quantum = trace.quantity == Quantity::counts ? 1.0 : smallest_step(x);
  for (const double extreme : {largest, smallest}) {
    const Eigen::Index n = plateau_at(x, extreme, settings.n_equal_extremes, quantum);  // (2)
    if (n > 0) return fmt::format("clipped: {} successive samples at the extreme {:g}", n, extreme);
  }
  return "";
}

std::string fault_in_coverage(const Segments& segments, std::int64_t from_ns, std::int64_t to_ns) {
  if (segments.traces.empty()) return "too short: no samples";
  const std::int64_t begin_ns = segments.traces.front().start_ns;
  std::int64_t last_ns = begin_ns;
  for (const Trace& trace : segments.traces) last_ns = std::max(last_ns, end_ns(trace));
  if (begin_ns > from_ns)
    return fmt::format("too short: begins {:.1f} s after the window", seconds_between(from_ns, begin_ns));
  if (last_ns < to_ns)
    return fmt::format("too short: ends {:.1f} s before the window does", seconds_between(last_ns, to_ns));
  for (const Gap& gap : segments.gaps) {
    if (gap.from_ns < to_ns && gap.to_ns > from_ns) {
      return fmt::format("gap: {:.2f} s without samples in the window", seconds_between(gap.from_ns, gap.to_ns));
    }
  }
  for (const RateChange& change : segments.rate_changes) {
    if (change.last_ns < to_ns && change.first_ns > from_ns) {
      return fmt::format("wrong rate: changes from {:g} to {:g} samples/s in the window", 1.0 / change.from_dt_s,
                         1.0 / change.to_dt_s);
    }
  }
  for (const Overlap& overlap : segments.overlaps) {
    if (overlap.conflicting && overlap.from_ns <= to_ns && overlap.to_ns >= from_ns) {
      return fmt::format("overlap: {:.2f} s of the window are given twice with different values{}",
                         seconds_between(overlap.from_ns, overlap.to_ns),
                         looks_like_leap_second(overlap, segments.traces.front().dt_s) ? " (a leap second?)" : "");
    }
  }
  return "";
}

std::string fault_in_rate(double dt_s, double declared_rate_hz, const PreprocessSettings& preprocess) {
  if (!(dt_s > 0.0)) throw std::invalid_argument(fmt::format("fault_in_rate: dt_s = {}: expected above 0", dt_s));
  if (declared_rate_hz > 0.0 && std::abs(dt_s * declared_rate_hz - 1.0) > 1e-4) {
    return fmt::format("wrong rate: {:g} samples/s, the metadata say {:g}", 1.0 / dt_s, declared_rate_hz);
  }
  if (dt_s > preprocess.dt_s * (1.0 + 1e-4)) {
    return fmt::format("wrong rate: {:g} samples/s, fewer than the {:g} of the network's input", 1.0 / dt_s,
                       1.0 / preprocess.dt_s);
  }
  if (!is_sampled_finely(dt_s, preprocess.high_hz)) {
    return fmt::format("wrong rate: {:g} samples/s, fewer than the {:.4g} of a band up to {:g} Hz", 1.0 / dt_s,
                       preprocess.high_hz / 0.35, preprocess.high_hz);
  }
  return "";
}

double signal_to_noise(const Eigen::ArrayXd& samples, double dt_s, double quiet_from_s, double p_s, double end_s,
                       const PreprocessSettings& preprocess) {
  const auto index = [&](double time_s) {
    return std::clamp<Eigen::Index>(static_cast<Eigen::Index>(std::llround(time_s / dt_s)), 0, samples.size());
  };
  const Eigen::Index noise_begin = index(quiet_from_s), noise_end = index(p_s - 2.0);
  const Eigen::Index signal_begin = index(p_s), signal_end = index(end_s);
  const auto shortest = static_cast<Eigen::Index>(1.0 / (preprocess.high_hz * dt_s));
  if (noise_end - noise_begin < shortest || signal_end <= signal_begin) return std::numeric_limits<double>::quiet_NaN();
  const Eigen::ArrayXd filtered =
      filter_one_way(butterworth_bandpass(preprocess.order, preprocess.low_hz, preprocess.high_hz, dt_s), samples);
  const double noise = rms(filtered, noise_begin, noise_end);
  if (!(noise > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return rms(filtered, signal_begin, signal_end) / noise;  // (3)
}

}  // namespace data
