// Seismograms of any mechanism at the places of a Green's library, as the network sees them.
//
// For a mechanism with the moment tensor M (1 N m), azimuth phi (source to station) and the weights of
// propagator/radiation.h:
//
//   u_Z = w_SS ZSS + w_DS ZDS + w_DD ZDD,   u_R the same with R,   u_T = t_SS TSS + t_DS TDS                  (1)
//
// R points away from the source, T clockwise seen from above. With the back-azimuth b (station to source, clockwise from north),
// R points along b + 180 degrees and T along b + 270 degrees:
//
//   u_E = -u_R sin b - u_T cos b,    u_N = -u_R cos b + u_T sin b                                             (2)
//
// (2) is what ObsPy calls rotate_rt_ne. The azimuth at the source and the back-azimuth at the station are separate
// numbers: on the ellipsoid they do not differ by 180 degrees.
//
// A sample: (1) and (2) for each station, moved by its time shift; plus noise (augment.h, noise_model.h); rows of dropped
// stations zero; then normalised (preprocess.h). Station s of the library fills slot s, further slots stay zero.
//
// Cost: about 94 multiply-adds a number, most of them for noise, and 0.67 coin sums (noise_model.h); see docs/performance.md.
#pragma once

#include <cstdint>
#include <memory>

#include "data/augment.h"
#include "data/greens_library.h"
#include "data/noise_model.h"
#include "data/preprocess.h"
#include "propagator/focal_mechanism.h"
#include "propagator/moment_tensor.h"

namespace data {

// Equation (2) for one sample.
struct EastNorth {
  double east, north;
};
EastNorth east_north_from_radial_transverse(double radial, double transverse, double back_azimuth_rad);

class Synthesizer {
 public:
  // Throws std::invalid_argument without a library, or where it was filtered or cut in another way than `preprocess` says, has more
  // stations than slots, or a margin smaller than the largest time shift.
  Synthesizer(std::shared_ptr<const GreensLibrary> library, const PreprocessSettings& preprocess,
              const AugmentSettings& augment, std::uint64_t seed);

  // Ground motion for 1 N m in SI units, no noise, no shift, not normalised.
  Waveforms ground_motion(std::int64_t place, const propagator::FocalMechanism& mechanism) const;

  // The same for a tensor without volume change, in N m; linear in the tensor. Throws std::invalid_argument where the trace is
  // more than 1e-9 of the norm: the library has no series for it.
  Waveforms ground_motion(std::int64_t place, const propagator::MomentTensor& tensor) const;

  // The same, normalised.
  Waveforms clean(std::int64_t place, const propagator::FocalMechanism& mechanism) const;

  // With noise, shifts and missing stations: a pure function of (seed, key, place, mechanism).
  Waveforms synthesize(std::int64_t place, const propagator::FocalMechanism& mechanism, std::uint64_t key) const;

  // The same with disturbances that the caller has drawn; `key` decides the noise traces. A shift beyond the library's
  // margin, or lists that are not as long as the station list, are std::invalid_argument.
  Waveforms disturbed(std::int64_t place, const propagator::FocalMechanism& mechanism, const Augmentation& drawn,
                      bool with_noise, std::uint64_t key) const;

  const GreensLibrary& library() const { return *library_; }
  const PreprocessSettings& preprocess() const { return preprocess_; }
  const AugmentSettings& augment() const { return augment_; }
  std::uint64_t seed() const { return seed_; }

 private:
  Waveforms shifted(std::int64_t place, const propagator::MomentTensor& M, const std::vector<int>& shift_samples) const;
  void add_noise(Waveforms& rows, const Augmentation& drawn, std::uint64_t key) const;

  std::shared_ptr<const GreensLibrary> library_;
  PreprocessSettings preprocess_;
  AugmentSettings augment_;
  std::uint64_t seed_;
  NoiseModel noise_;
};

}  // namespace data
