// What the method cannot compute. Each function refuses (std::invalid_argument) with the place and what to change. Layers are
// counted from 1, as a reader of a model's file counts them.
//
// Low Q. The velocities (1) of attenuation.h are a power law of frequency to first order in 1 / Q. Towards low frequencies they
// fall, at w0 exp(-pi Q) through zero. At the lowest frequency used, |w| = |w_min - i sigma|, each layer must keep
//
//   1 + ln(|w| / w0) / (pi Q) >= 0.4                                                        (1)
//
// where the power law itself has 0.55. A step in a window of 288 s (w_min = 0, sigma = 4 / T) so needs Q >= 3.3; Q = 5 serves
// windows of up to two hours. P must also stay faster than S at both ends of the band: Re (c_s / c_p)^2 < 1.
//
// Strong attenuation. The elements of a layer's matrices are scaled by the decay of P and S in it, exp(-a) and exp(-b)
// (haskell_matrix.h). Where S is weakened far more than P, exp(b - a) leaves the range of double precision, and so does the square of
// exp(-b) that K of compound_matrix.h (4) takes: in each layer, or part of one between two sources,
//
//   b - a <= 350                                                                            (2)
//
// half of the 708 that is minus the logarithm of the smallest number of full precision. Between a source and the receiver the
// factors of all layers multiply, parts of the half-space included (surface_response.h (1): solutions grow with exp(b - a), and
// exp(-sum b) scales them back), hence
//
//   sum over the layers between receiver and source (b - a) <= 690                          (3)
//
// for the farthest source on either side.
//
// Late windows. The static offset of a step is the mean of the first half of the lead (greens_functions.h), which must end
// before the first P of every pair. In any window waves that come earlier wrap around; where they come more than a whole window
// T before it begins they lie where they lie in a window of 2 T, too, and no comparison of windows tells them (error_estimate.h).
// So P must not come earlier than T before the window begins. The P time is that of travel_time.h: P comes no later than that, and
// earlier where layers above both source and receiver are faster.
//
// Lost digits. The sum over wavenumbers of the damped series rounds to 1e-16 of its terms, and a wave at the time t is
// exp(-sigma t) of it. Undamping restores the wave and multiplies the rounding: nothing is left where for the last sample
//
//   sigma t > 36 = ln(1 / 2.2e-16)                                                          (4)
#pragma once

#include <complex>
#include <vector>

#include "propagator/greens_settings.h"
#include "propagator/surface_response.h"
#include "propagator/time_window.h"

namespace propagator {

// (1) and P against S, in the name of `function`. lowest, highest: complex frequencies w - i sigma, rad/s.
void refuse_lost_velocities(const char* function, const LayeredModel& model, AttenuationLaw law,
                            std::complex<double> lowest, std::complex<double> highest);

// (2), (3). stack: of the model, cut at the receiver and the sources.
void refuse_lost_shear_waves(const char* function, const LayeredModel& model, const LayerStack& stack,
                             AttenuationLaw law, std::complex<double> highest);

void refuse_late_window(const LayeredModel& model, const std::vector<double>& source_depths_km,
                        const std::vector<double>& distances_km, const TimeWindow& window,
                        const GreensSettings& settings);

// (4)
void refuse_lost_digits(const TimeWindow& window, const GreensSettings& settings);

}  // namespace propagator
