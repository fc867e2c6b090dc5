// THE one chain from ground motion to the rows that the network sees; synthetics and records both go through it.
//
//   1. Band-pass (butterworth.h) at the native sampling rate over the whole long record. The filter rings longer than the
//      window: filtering after the cut would change a trace by more than 10 %.
//   2. Cut: the window has n samples every D seconds, sample number m = before_p / D lies exactly on the P time, and
//      `margin` more samples are kept on both sides (so that a cut can be shifted later without interpolation):
//
//        y_j = x(t_P + (j - m - margin) D),   j = 0 .. n + 2 margin - 1                                        (1)
//
//      x(t) between the native samples x_i (interval d) is the Kaiser-windowed sinc series over 2 L = 32 neighbours,
//
//        x(t) = sum_i x_i sinc(u) I0(beta sqrt(1 - (u/L)^2)) / I0(beta),   u = t/d - i,  |u| < L              (2)
//
//      sinc(u) = sin(pi u) / (pi u), L = 16, beta = 10. Exact on native samples.
//   3. Normalise to a largest absolute value of 1 per trace, per station (its three rows) or per sample (all rows).
//      Rows that are zero throughout stay zero.
//
// Error of (2): for a sine at f the response is the box of the sinc convolved with the window's spectrum. For beta = 10 its side
// lobes lie 74 dB below the main lobe, whose half-width is sqrt(beta^2 + pi^2) / (2 pi L d) = 0.104/d, and the ripple that they
// leave on the box is 100 dB down (Kaiser 1974): the error stays below 3e-5 for f < 0.39/d. For a band to 0.1 Hz a native rate of
// 0.26 samples/s would do; filter_and_cut refuses high_hz > 0.35/d, here less than 0.29 samples/s. Above that, the band-pass
// has already removed what (2) would blur.
//
// Nothing is padded here: a record that does not hold the whole window and its 16 native samples on either side is an
// error. Who knows that the ground was at rest before the first sample (a synthetic before its origin time) prepends
// zeros and says so.
//
// Rows: 16 slots of stations, each with the components E, N, Z (0, 1, 2); spare slots are zero rows.
//   station_major    row = 3 slot + component            component_major    row = slot + n_slots component      (3)
#pragma once

#include <Eigen/Core>

#include "data/trace.h"

namespace data {

using Waveforms = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;  // n_rows x n_samples

enum class FilterPhase { one_way, zero_phase };
enum class Normalization { trace, station, sample };
enum class RowOrder { station_major, component_major };

inline constexpr int n_components = 3;  // E, N, Z

struct PreprocessSettings {
  double low_hz = 0.05;
  double high_hz = 0.1;
  int order = 4;
  FilterPhase phase = FilterPhase::one_way;
  Quantity quantity = Quantity::displacement;  // displacement or velocity; the caller converts beforehand
  double dt_s = 1.0;
  int n_samples = 128;
  double before_p_s = 15.0;  // a whole number of dt_s
  Normalization normalization = Normalization::trace;
  RowOrder row_order = RowOrder::station_major;
  int n_rows = 48;  // a multiple of 3
};

// Throws std::invalid_argument naming the field where one is out of range.
void check(const PreprocessSettings& settings);

// Stations that fit in: n_rows / 3.
int n_slots(const PreprocessSettings& settings);

// Native samples needed on either side of the window by the interpolation (2).
inline constexpr int interpolation_half_width = 16;

// First and last time (s after the first native sample) that a record must hold for its window: the window itself and
// interpolation_half_width native samples on either side.
struct TimeSpan {
  double first_s, last_s;
};
TimeSpan required_span(double dt_s, double p_s, const PreprocessSettings& settings, int margin = 0);

// Whether (2) errs as little as said for records sampled at dt_s and a band up to high_hz: high_hz <= 0.35/d.
bool is_sampled_finely(double dt_s, double high_hz);

// Step 1 alone: the band-pass at the sampling interval dt_s.
Eigen::ArrayXd filter(const Eigen::ArrayXd& samples, double dt_s, const PreprocessSettings& settings);

// Step 2 alone, equations (1) and (2), on a record already filtered. p_s is the P time in s after the first sample.
// Returns n_samples + 2 margin values. Throws std::invalid_argument where required_span is not inside the record.
Eigen::ArrayXd cut(const Eigen::ArrayXd& filtered, double dt_s, double p_s, const PreprocessSettings& settings,
                   int margin = 0);

// Steps 1 and 2.
Eigen::ArrayXd filter_and_cut(const Eigen::ArrayXd& samples, double dt_s, double p_s,
                              const PreprocessSettings& settings, int margin = 0);

// Step 3, in place. rows must have n_rows rows; NaN or infinity throws std::runtime_error naming the row.
void normalize(Waveforms& rows, const PreprocessSettings& settings);

// Equation (3). station_slot in 0 .. n_slots-1, component 0 = E, 1 = N, 2 = Z.
int row_of(int station_slot, int component, const PreprocessSettings& settings);

}  // namespace data
