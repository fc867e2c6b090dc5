// From the counts of a digitizer to ground displacement or velocity.
//
// A linear instrument turns ground motion u of spectrum U into counts of spectrum H U. With the poles p_j and zeros z_j of
// the sensor in rad/s, its normalisation A0 at f0, the gains g_s of all stages and the delay tau that the data logger has
// left uncorrected, at s = i omega,
//
//   H_in(omega) = prod_s g_s  A0 prod_j (s - z_j) / prod_j (s - p_j)  exp(-i omega tau)                        (1)
//
// per unit of the quantity that the sensor senses (displacement, velocity, acceleration: order k = 0, 1, 2). For an output
// quantity of order k_out
//
//   H(omega) = H_in(omega) (i omega)^(k - k_out)                                                               (2)
//
// Removal, in this order (the order of ObsPy's remove_response, so that the results compare):
//
//   1. subtract the mean (of all samples, or of the first n_mean: the mean before the shaking is the better zero of an
//      accelerometer, because strong shaking tilts it and leaves a step; subtracting the mean of all samples would turn
//      the quiet part before P into an offset, and its taper into a false arrival);
//   2. taper: with m = round(n p / 2), at least 1, p = taper_share of the n samples in all, multiply sample i <= m
//      by sin(pi i / 2m), likewise at the end (quarter sine, as SAC does);                                     (3)
//      where samples near an end are wanted as they are, m is limited there (longest_flank_begin, longest_flank_end; 0: no
//      taper), which ObsPy does not do;
//   3. transform with n_fft >= 2 n, of factors 2, 3 and 5 only, sum x e^(-i omega t);
//   4. multiply by the four-corner cosine of corners f1 < f2 < f3 < f4: 0 below f1 and above f4, 1 from f2 to f3,
//      (1 - cos(pi (f - f1)/(f2 - f1))) / 2 between f1 and f2, (1 + cos(pi (f - f3)/(f4 - f3))) / 2 above f3;  (4)
//   5. water level w (decibels, infinite by default: h = 0): where 0 < |H| < h = 10^(-w/20) max|H|, H becomes h H/|H|;    (5)
//   6. divide by H; a frequency at which H is zero becomes zero, one at which H is infinite inside the corners (a pole on the
//      imaginary axis) is an error; transform back; keep n samples.                                            (6)
//
// The corners make the output extend before the first sample and behind the last, by 1 / (f2 - f1) and more. Cut off there,
// it would begin with a jump, at which every later filter rings. `padding_s` keeps that much more on either side; n_fft is
// then at least n + 2 padding, too. (ObsPy keeps none.)
//
// For an accelerometer and displacement H falls as omega^2, so that a water level would replace the band of interest: the
// default is none, and the corners 0.01, 0.02, 0.2 and 0.4 Hz limit the output instead. The digital filters of the logger
// are not evaluated (below 0.1 Hz at 20 samples/s and more they are 1), their declared delays are.
//
// Cost: two transforms of n_fft, complex double; 16 n_fft bytes a buffer.
#pragma once

#include <array>
#include <complex>
#include <limits>
#include <vector>

#include "data/trace.h"

namespace data {

struct InstrumentResponse {
  Quantity input = Quantity::velocity;             // what the sensor senses; not counts
  std::vector<std::complex<double>> poles, zeros;  // rad/s
  double A0 = 1.0;
  double gain = 1.0;     // product of all stage gains: counts per input unit at f0
  double delay_s = 0.0;  // positive: samples are stamped later than the motion they show
  bool operator==(const InstrumentResponse&) const = default;
};

struct ResponseSettings {
  double taper_share = 0.05;
  Eigen::Index longest_flank_begin =
      std::numeric_limits<Eigen::Index>::max();  // samples that (3) may taper at the start,
  Eigen::Index longest_flank_end = std::numeric_limits<Eigen::Index>::max();  // and at the end
  std::array<double, 4> corners_hz = {0.01, 0.02, 0.2, 0.4};
  double water_level_db = std::numeric_limits<double>::infinity();  // infinity: no water level
  Eigen::Index n_mean = 0;  // samples at the start whose mean is subtracted; 0: all
  double padding_s = 0.0;   // output before the first and behind the last sample
};

// Equation (2). frequency_hz >= 0; at 0 the value may be zero or infinite.
std::complex<double> evaluate_response(const InstrumentResponse& response, double frequency_hz, Quantity output);

// The m of (3), and its weights for n samples with a flank of m_begin samples at the start and m_end at the end. Each from 0 to n.
Eigen::Index taper_flank(Eigen::Index n, double taper_share);
Eigen::ArrayXd quarter_sine_taper(Eigen::Index n, Eigen::Index m_begin, Eigen::Index m_end);

// Weight (4).
double four_corner_cosine(double frequency_hz, const std::array<double, 4>& corners_hz);

// Returns the trace in the output quantity (displacement, velocity or acceleration; m, m/s, m/s^2), longer by padding_s on
// either side, its start accordingly earlier.
// Throws std::invalid_argument for an empty trace, an output in counts, corners that do not grow, a share outside 0..1;
// std::runtime_error with the frequency where the response is not finite.
Trace remove_response(const Trace& trace, const InstrumentResponse& response, Quantity output,
                      const ResponseSettings& settings);

}  // namespace data
