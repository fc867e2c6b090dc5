// What makes one training sample differ from the clean synthetic: noise, errors of the P time, missing stations.
//
// Everything is a pure function of (seed, key), key = index of the sample, through data/random.h: each effect draws from its
// own substream, so that switching one off leaves the others as they were.
//
// Signal-to-noise ratio. Let A_s be the largest absolute value of the three noise-free components of station s inside the
// window. The ratio r of a sample is drawn once, log-uniform between snr_min and snr_max, and
//
//   sigma_s = q_s median_s(A_s) / r,   q_s = exp(spread g_s),  g_s standard normal                            (1)
//
// is the root mean square of the noise at each component of station s. The ground noise is thus the same everywhere but for
// the factor q_s: stations with small amplitudes, which are the far ones and those near a nodal plane, are noisier
// relative to their signal, as in a real network. The ratio of a single station is A_s / sigma_s = r A_s / (q_s median).
//
// The noise level (noise_model.h) is drawn uniformly between noise_level_min and noise_level_max. Since (1) fixes the size, it
// only decides the shape of the spectrum inside the band.
//
// Time shift of station s, whole samples: d + d_s, with d uniform on -max_event_shift_samples .. max_event_shift_samples once for
// the sample (an error of the origin time, a rupture that takes its time) and d_s uniform on -max_station_shift_samples ..
// max_station_shift_samples for each station (an error of its pick; its three components move together). A positive shift
// takes the window later, so the P arrives earlier in it:  y_j = x_(j + d + d_s)                             (2)
//
// Missing stations: each with probability drop_station_probability; their rows are zero.
#pragma once

#include <cstdint>
#include <vector>

namespace data {

struct AugmentSettings {
  bool noise = true;
  double snr_min = 3.0;
  double snr_max = 100.0;
  double noise_level_min = 0.0;     // 0: Peterson's low noise model
  double noise_level_max = 1.0;     // 1: his high noise model
  double noise_level_spread = 0.5;  // standard deviation of ln q_s
  int max_event_shift_samples = 8;
  int max_station_shift_samples = 1;      // together |shift| < 10 s at 1 sample/s
  double drop_station_probability = 0.0;  // below 1
};

// Throws std::invalid_argument naming the field where one is out of range.
void check(const AugmentSettings& settings);

// The largest |d + d_s| of (2).
inline int largest_shift_samples(const AugmentSettings& settings) {
  return settings.max_event_shift_samples + settings.max_station_shift_samples;
}

// The substream of data/random.h that each effect draws from.
enum class Draw : std::uint64_t { source = 0, station_noise = 1, shift = 2, dropped = 3, noise = 4 };

// All that is drawn for one sample, the noise traces themselves excepted.
struct Augmentation {
  double snr, noise_level;
  std::vector<double> noise_factor;  // q_s
  std::vector<int> shift_samples;    // per station
  std::vector<bool> dropped;         // per station
};

// Throws std::invalid_argument as check does.
Augmentation draw_augmentation(const AugmentSettings& settings, int n_stations, std::uint64_t seed, std::uint64_t key);

}  // namespace data
