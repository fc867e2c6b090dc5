// Digital Butterworth filters as a cascade of second-order sections, from the poles, and three ways to apply them.
//
// Analog low-pass of order n and cut-off 1 rad/s: the poles lie on the left half of the unit circle,
//
//   p_m = -exp(i pi m / (2 n)),   m = -n+1, -n+3, ..., n-1                                                    (1)
//
// and |H(i w)|^2 = 1 / (1 + w^(2n)). The bilinear transform s = 4 (z - 1) / (z + 1) (sampling interval normalised to 1/2)
// maps the analog frequency W to the digital one; so that each corner f of the finished filter falls exactly where it is
// asked, the analog corner is placed at (prewarping)
//
//   W(f) = 4 tan(pi f dt)                                                                                     (2)
//
// Transforms of the low-pass, each with its gain k (k = 1 in (1)):
//
//   low-pass    p -> W p,                  k -> k W^n                                                         (3)
//   high-pass   p -> W / p,                k -> k / prod(-p) = k;  n zeros at s = 0                           (4)
//   band-pass   p -> q +- sqrt(q^2 - W0^2),  q = p B / 2,  B = W(high) - W(low),  W0^2 = W(low) W(high),
//               k -> k B^n;  n zeros at s = 0: twice as many poles as the order                               (5)
//
// Bilinear transform of poles, zeros and gain (the zeros at infinity go to z = -1):
//
//   z = (4 + s) / (4 - s),   k -> k Re( prod_zeros (4 - s) / prod_poles (4 - s) )                             (6)
//
// Pairing into sections, from the last to the first, as scipy.signal.zpk2sos(pairing='nearest') does, so that the two agree
// number by number: take the pole nearest to the unit circle with its conjugate (a real pole with the next nearest real one),
// then the two zeros nearest to it. An odd number of poles is made even by one pole and one zero at z = 0. The
// first section carries the gain. Section, with a0 = 1:
//
//   H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2)                                                 (7)
//
// run in direct form II transposed with the state (s1, s2):
//
//   y = b0 x + s1,   s1 <- b1 x - a1 y + s2,   s2 <- b2 x - a2 y                                              (8)
//
// Accuracy: coefficients agree with scipy's to 1e-13 in a1 and a2, and relatively in the gain. For a band far below the
// sampling rate the poles crowd at z = 1: for order 4, 0.05-0.1 Hz and 100 samples/s 1 - |p| is 4.1e-4 for the nearest, so
// rounding of a1 and a2 (1e-16) moves a pole by up to 6e-11 of its distance to the circle, and rounding noise inside the sections
// is amplified by at most 1/(1-|p|)^2 = 5.9e6: output is good to 1e-9 of the largest *input* there. The polynomial form
// (b, a) of the same filter would be useless; that is why sections are used.
//
// Sources: Oppenheim & Schafer (2010), ch. 7; Butterworth (1930); SciPy 1.10 for the pairing.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace data {

struct SecondOrderSection {
  double b0, b1, b2, a1, a2;
};

using Sections = std::vector<SecondOrderSection>;

// Equations (1) to (7). order 1..20; corners in Hz with 0 < low < high < 1/(2 dt); dt in s. The band-pass has `order`
// sections and falls by 6 dB per octave and order on each side; its gain at each corner is 1/sqrt(2).
// Throw std::invalid_argument outside these ranges.
Sections butterworth_bandpass(int order, double low_hz, double high_hz, double dt_s);
Sections butterworth_lowpass(int order, double corner_hz, double dt_s);
Sections butterworth_highpass(int order, double corner_hz, double dt_s);

// |H(exp(2 pi i f dt))|: the gain of one pass at frequency_hz, 0 <= f <= 1/(2 dt). Zero-phase filtering has its square.
double gain(const Sections& sections, double frequency_hz, double dt_s);

// Time in s after which the impulse response has fallen to `fraction` (0..1) of its size: ln(fraction) / ln|p| samples,
// with p the pole nearest to the unit circle. For order 4, 0.05-0.1 Hz and 1e-3 it is 164 s at 1 sample/s, 167 s at 20 and
// more: longer than a 128 s window, which is why a record is filtered first and cut afterwards.
double settling_time_s(const Sections& sections, double dt_s, double fraction);

// One pass (8), starting at rest. Causal: output before the first non-zero sample is exactly zero.
Eigen::ArrayXd filter_one_way(const Sections& sections, const Eigen::ArrayXd& x);

// Forward, then backward, each from rest: zero phase and squared gain. What ObsPy calls zerophase=True. What the forward
// pass would still ring after the last sample is lost, so the record should end settling_time_s after what matters.
Eigen::ArrayXd filter_zero_phase(const Sections& sections, const Eigen::ArrayXd& x);

// Forward and backward on the record continued at both ends by its odd reflection, 2 x_0 - x_i, of 3 (2 n_sections + 1)
// samples (fewer where b2 = a2 = 0, as scipy counts), each pass starting in the steady state for a constant equal to
// its first sample. The default of scipy.signal.sosfiltfilt. x must have more samples than the reflection.
Eigen::ArrayXd filter_zero_phase_padded(const Sections& sections, const Eigen::ArrayXd& x);

}  // namespace data
