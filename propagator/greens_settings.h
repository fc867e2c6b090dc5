// What Green's functions are asked for: the source, the receiver, the samples, the band, the accuracy.
#pragma once

#include <span>
#include <vector>

#include "propagator/attenuation.h"
#include "propagator/layered_model.h"
#include "propagator/source_jump.h"
#include "propagator/wavenumber_grid.h"

namespace propagator {

// Which sources, and hence which series: ZSS RSS TSS ZDS RDS TDS ZDD RDD; the same and ZEX REX; ZHF RHF THF ZVF RVF.
enum class Excitation { double_couple, moment_tensor, single_force };
std::span<const PointSource> point_sources(Excitation excitation);

// What the moment or the force does at the origin time.
enum class SourceTime { step, impulse };

struct GreensSettings {
  int n_samples = 256;
  double dt_s = 1.0;
  SourceTime source_time = SourceTime::step;
  Excitation excitation = Excitation::moment_tensor;

  // Time of the first output sample after the origin time. The offset of a step is taken from the first half of the lead
  // (without a lead, from the first sample), which must lie before the first P: refused else, unless min_frequency_hz leaves no
  // offset. Waves that come before the window wrap around to its end, amplified by exp(sigma T); a window that begins more
  // than T after P is refused.
  double first_sample_s = 0.0;
  int lead_samples = -1;  // samples of the window before the first output sample; -1: 32 for a step, 0 for an impulse
  double window_s = 0.0;  // T; 0: the lead and the output, or longer where late waves would wrap around
  double damping = 0.0;   // sigma T; 0: 4 for a step, 2 for an impulse
  double taper = 0.3;     // the part of the band over which H falls to zero
  double min_frequency_hz = 0.0;  // H rises from zero at half of this frequency to one; 0: no lower end
  double max_frequency_hz = 0.0;  // the upper end of the band; 0: the Nyquist frequency

  double receiver_depth_km = 0.0;
  AttenuationLaw attenuation = AttenuationLaw::constant_q;
  InterfaceSide source_side =
      InterfaceSide::below;        // a source on an interface takes its elastic constants from this side
  bool free_surface = true;        // false: the top layer continues upwards without end
  WavenumberSettings wavenumbers;  // the tolerance; or fk's step and limit of the sum over wavenumbers
  int n_threads = 0;               // 0: as many as OpenMP would use
};

int threads_of(const GreensSettings& settings);

// All that is asked for, and in whose name it is refused. It refers to what it is made of.
struct GreensRequest {
  const char* function;
  const LayeredModel& model;
  const std::vector<double>& source_depths_km;
  const std::vector<double>& distances_km;
  const GreensSettings& settings;
};

// Throws std::invalid_argument for a depth, a distance or a setting that is out of range, those of `wavenumbers` excepted
// (WavenumberGrid).
void check_request(const GreensRequest& asked);

}  // namespace propagator
