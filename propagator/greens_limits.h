// What the method cannot compute. Each function refuses (std::invalid_argument) with the place and what to change.
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
// (haskell_matrix.h). Where S is weakened far more than P, exp(b - a) leaves the range of double precision; squares of it occur,
// hence b - a <= 350, half of the 709 that the logarithm of the largest number is.
//
// Late windows. The static offset of a step is the mean of the first half of the lead (greens_functions.h), which must end
// before the first P of every pair. The P time is that of travel_time.h in the part of the model below the shallower of source and
// receiver: P comes no later than that, and earlier where layers above the shallower are faster.
#pragma once

#include <complex>
#include <vector>

#include "propagator/greens_settings.h"
#include "propagator/time_window.h"

namespace propagator {

// (1) and P against S. lowest, highest: complex frequencies w - i sigma, rad/s.
void refuse_lost_velocities(const LayeredModel& model, AttenuationLaw law, std::complex<double> lowest,
                            std::complex<double> highest);

void refuse_lost_shear_waves(const LayeredModel& model, AttenuationLaw law, std::complex<double> highest);

void refuse_late_window(const LayeredModel& model, const std::vector<double>& source_depths_km,
                        const std::vector<double>& distances_km, const TimeWindow& window,
                        const GreensSettings& settings);

}  // namespace propagator
