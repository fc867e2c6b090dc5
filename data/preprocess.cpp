#include "data/preprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "data/butterworth.h"

namespace data {
namespace {

constexpr double kaiser_beta = 10.0;

void require_preprocess(bool ok, const char* field, double value, const char* expected) {
  if (!ok) throw std::invalid_argument(fmt::format("PreprocessSettings: {} = {}: expected {}", field, value, expected));
}

// Modified Bessel function I0 by its power series sum (x/2)^2k / (k!)^2; all terms are positive.
double bessel_i0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= (0.5 * x / k) * (0.5 * x / k);
    sum += term;
  }
  return sum;
}

using SincWeights = Eigen::Array<double, 2 * interpolation_half_width, 1>;

// The 2 L weights of equation (2) for a time that lies `fraction` (0..1) of an interval after native sample number L - 1.
SincWeights sinc_weights(double fraction) {
  constexpr int L = interpolation_half_width;
  const double at_centre = bessel_i0(kaiser_beta);
  SincWeights weights = SincWeights::Zero();
  for (int i = 0; i < 2 * L; ++i) {
    const double u = fraction + (L - 1 - i);
    if (std::abs(u) >= L) continue;
    const double sinc = u == 0.0 ? 1.0 : std::sin(std::numbers::pi * u) / (std::numbers::pi * u);
    weights[i] = sinc * bessel_i0(kaiser_beta * std::sqrt(1.0 - (u / L) * (u / L))) / at_centre;  // (2)
  }
  return weights;
}

// Equation (2) at a position in native samples. When the wanted interval is a whole number of native ones the fraction is
// always the same, and so are the weights.
class Interpolator {
 public:
  explicit Interpolator(const Eigen::ArrayXd& x) : x_(x) {}

  double operator()(double position) {
    constexpr int L = interpolation_half_width;
    // A position within 1e-9 of a native sample is that sample: no interpolation where none is needed.
    const double nearest = std::round(position);
    if (std::abs(position - nearest) < 1e-9) return x_[static_cast<Eigen::Index>(nearest)];
    const double below = std::floor(position);
    if (std::abs(position - below - fraction_) > 1e-9) {
      fraction_ = position - below;
      weights_ = sinc_weights(fraction_);
    }
    const auto first = static_cast<Eigen::Index>(below) - (L - 1);
    double y = 0.0;
    for (Eigen::Index i = 0; i < 2 * L; ++i) y += x_[first + i] * weights_[i];
    return y;
  }

 private:
  const Eigen::ArrayXd& x_;
  double fraction_ = -1.0;
  SincWeights weights_ = SincWeights::Zero();
};

}  // namespace

void check(const PreprocessSettings& s) {
  require_preprocess(s.low_hz > 0.0, "low_hz", s.low_hz, "above 0");
  require_preprocess(s.high_hz > s.low_hz && std::isfinite(s.high_hz), "high_hz", s.high_hz, "above low_hz");
  require_preprocess(s.order >= 1 && s.order <= 20, "order", s.order, "1 to 20");
  require_preprocess(s.quantity == Quantity::displacement || s.quantity == Quantity::velocity, "quantity",
                     static_cast<int>(s.quantity), "displacement or velocity");
  require_preprocess(s.dt_s > 0.0 && std::isfinite(s.dt_s), "dt_s", s.dt_s, "above 0");
  require_preprocess(s.high_hz * s.dt_s < 0.5, "high_hz", s.high_hz, "below the Nyquist frequency of dt_s");
  require_preprocess(s.n_samples >= 1 && s.n_samples <= 1'000'000, "n_samples", s.n_samples, "1 to 1000000");
  const double m = s.before_p_s / s.dt_s;
  require_preprocess(m >= 0.0 && m < s.n_samples && std::abs(m - std::round(m)) < 1e-9, "before_p_s", s.before_p_s,
                     "a whole number of dt_s inside the window");
  require_preprocess(s.n_rows >= n_components && s.n_rows % n_components == 0 && s.n_rows <= 3000, "n_rows", s.n_rows,
                     "a multiple of 3 up to 3000");
}

int n_slots(const PreprocessSettings& settings) { return settings.n_rows / n_components; }

TimeSpan required_span(double dt_s, double p_s, const PreprocessSettings& settings, int margin) {
  const double D = settings.dt_s;
  const double first_s = p_s - settings.before_p_s - margin * D;
  const double last_s = first_s + (settings.n_samples + 2 * margin - 1) * D;
  return {first_s - interpolation_half_width * dt_s, last_s + interpolation_half_width * dt_s};
}

bool is_sampled_finely(double dt_s, double high_hz) { return high_hz * dt_s <= 0.35 + 1e-12; }

Eigen::ArrayXd filter(const Eigen::ArrayXd& samples, double dt_s, const PreprocessSettings& settings) {
  check(settings);
  const Sections sections = butterworth_bandpass(settings.order, settings.low_hz, settings.high_hz, dt_s);
  return settings.phase == FilterPhase::one_way ? filter_one_way(sections, samples)
                                                : filter_zero_phase(sections, samples);
}

Eigen::ArrayXd cut(const Eigen::ArrayXd& filtered, double dt_s, double p_s, const PreprocessSettings& settings,
                   int margin) {
  check(settings);
  if (margin < 0) throw std::invalid_argument(fmt::format("cut: margin = {}: expected 0 or more", margin));
  if (!is_sampled_finely(dt_s, settings.high_hz)) {
    throw std::invalid_argument(fmt::format("cut: dt_s = {}: expected at most {} s for a band up to {} Hz", dt_s,
                                            0.35 / settings.high_hz, settings.high_hz));
  }
  const TimeSpan span = required_span(dt_s, p_s, settings, margin);
  const double held_s = static_cast<double>(filtered.size() - 1) * dt_s;
  // Half a thousandth of a sample forgives the rounding of times.
  if (!(span.first_s >= -5e-4 * dt_s && span.last_s <= held_s + 5e-4 * dt_s)) {
    throw std::invalid_argument(
        fmt::format("cut: the window needs the record from {:.3f} to {:.3f} s after its first sample: expected inside "
                    "0 to {:.3f} s",
                    span.first_s, span.last_s, held_s));
  }
  Eigen::ArrayXd y(settings.n_samples + 2 * margin);
  Interpolator interpolate(filtered);
  const double start_s = p_s - settings.before_p_s - margin * settings.dt_s;
  for (Eigen::Index j = 0; j < y.size(); ++j) {
    y[j] = interpolate((start_s + static_cast<double>(j) * settings.dt_s) / dt_s);  // (1)
  }
  return y;
}

Eigen::ArrayXd filter_and_cut(const Eigen::ArrayXd& samples, double dt_s, double p_s,
                              const PreprocessSettings& settings, int margin) {
  return cut(filter(samples, dt_s, settings), dt_s, p_s, settings, margin);
}

void normalize(Waveforms& rows, const PreprocessSettings& settings) {
  if (rows.rows() != settings.n_rows) {
    throw std::invalid_argument(fmt::format("normalize: {} rows: expected {}", rows.rows(), settings.n_rows));
  }
  Eigen::ArrayXf scale = rows.cwiseAbs().rowwise().maxCoeff();
  for (Eigen::Index row = 0; row < scale.size(); ++row) {
    if (!rows.row(row).allFinite()) throw std::runtime_error(fmt::format("normalize: row {} is not finite", row));
  }
  if (settings.normalization == Normalization::sample) scale.setConstant(scale.maxCoeff());
  if (settings.normalization == Normalization::station) {
    for (int slot = 0; slot < n_slots(settings); ++slot) {
      float largest = 0.0f;
      for (int c = 0; c < n_components; ++c) largest = std::max(largest, scale[row_of(slot, c, settings)]);
      for (int c = 0; c < n_components; ++c) scale[row_of(slot, c, settings)] = largest;
    }
  }
  for (Eigen::Index row = 0; row < scale.size(); ++row) {
    if (scale[row] > 0.0f) rows.row(row) /= scale[row];
  }
}

int row_of(int station_slot, int component, const PreprocessSettings& settings) {
  const int slots = n_slots(settings);
  if (station_slot < 0 || station_slot >= slots || component < 0 || component >= n_components) {
    throw std::invalid_argument(
        fmt::format("row_of: slot {}, component {}: expected 0 to {} and 0 to 2", station_slot, component, slots - 1));
  }
  return settings.row_order == RowOrder::station_major ? n_components * station_slot + component
                                                       : station_slot + slots * component;  // (3)
}

}  // namespace data
