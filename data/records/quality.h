// Whether a channel may be used, and if not, why not. Each function returns "" or the reason in words.
//
// Samples are judged where they are used (station_motion.h): from at most 600 s before the window to at most 30 s behind it, with a
// zero-phase filter as long as that rings. What a record holds elsewhere, a later and larger earthquake say, does not matter; a fault
// there becomes a note.
//
//   not a number   a sample is NaN or infinite
//   flat           all samples are equal, or more than 99 % repeat the one before
//   clipped        counts beyond 95 % of the digitizer's full scale (2^23 for 24 bits),
//                  |x| > 0.95 full_scale                                                                       (1)
//                  or a plateau at the largest or smallest value: three or more equal successive samples that
//                  the record enters and leaves with steps of more than 4 quanta (quantum: one count; in other
//                  units the smallest step in the record); a smooth peak is left with steps of about one
//                  quantum, and the first and last sample of a record tell nothing of what lies beyond         (2)
//   gap, overlap   samples of the window are missing, or given twice with different values. One second given twice in the first
//                  ten minutes of a January or July may be a leap second, and the reason says so: the time of the record that
//                  holds it is counted without it, so that its last second lies where the next record begins
//   too short      there is no sample, or the record begins after or ends before the window
//   wrong rate     the sampling interval differs from the declared one by more than 1e-4, or the record is
//                  sampled more coarsely than the network's input or than 0.35 / high_hz (preprocess.h); or it
//                  changes inside the window
//   signal to noise: both in the band, filtered one way so that nothing runs ahead of P,
//                  rms over [P, end of the window] / rms over [quiet_from, P - 2 s]                         (3)
//
// The full scale applies to counts only: SAC files in metres are tested by (2) alone.
#pragma once

#include <cstdint>
#include <string>

#include "data/preprocess.h"
#include "data/records/segments.h"
#include "data/trace.h"

namespace data {

struct QualitySettings {
  double full_scale_counts = 8388608.0;  // 2^23
  double full_scale_share = 0.95;
  int n_equal_extremes = 3;
  double min_snr = 2.0;
};

std::string fault_in_samples(const Trace& trace, const QualitySettings& settings);

// The window is [from_ns, to_ns].
std::string fault_in_coverage(const Segments& segments, std::int64_t from_ns, std::int64_t to_ns);

// Throws std::invalid_argument for dt_s not above 0.
std::string fault_in_rate(double dt_s, double declared_rate_hz, const PreprocessSettings& preprocess);

// Ratio (3) of a series in ground motion; quiet_from_s (the end of its taper), p_s and end_s are seconds after its first
// sample. NaN where fewer than 1 / high_hz seconds of noise are at hand or the noise is exactly zero.
double signal_to_noise(const Eigen::ArrayXd& samples, double dt_s, double quiet_from_s, double p_s, double end_s,
                       const PreprocessSettings& preprocess);

}  // namespace data
