#include "propagator/source_jump.h"

namespace propagator {

template <class C>
SourceJumps<C> source_jumps(const real_of<C>& k, const Medium& source) {
  const std::complex<double> mu = source.mu;
  const std::complex<double> L = source.source_modulus;
  const C zero(0.0);
  SourceJumps<C> jumps;  // (1)
  jumps.dip_slip_45 = {zero, C(2.0 / L), -(k * C(3.0 - 4.0 * mu / L)), zero};
  jumps.dip_slip = {C(-1.0 / mu), zero, zero, zero};
  jumps.strike_slip = {zero, zero, C(k), zero};
  jumps.explosion = {zero, C(1.0 / L), k * C(2.0 * mu / L), zero};
  jumps.dip_slip_sh = {C(1.0 / mu), zero};
  jumps.strike_slip_sh = {zero, -C(k)};
  return jumps;
}

template SourceJumps<std::complex<double>> source_jumps(const double&, const Medium&);
template SourceJumps<ComplexLanes> source_jumps(const RealLanes&, const Medium&);

}  // namespace propagator
