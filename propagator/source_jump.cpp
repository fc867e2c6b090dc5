#include "propagator/source_jump.h"

namespace propagator {

int azimuthal_order(PointSource source) {
  switch (source) {
    case PointSource::strike_slip:
      return 2;
    case PointSource::dip_slip:
    case PointSource::horizontal_force:
      return 1;
    default:
      return 0;
  }
}

template <class C>
SourceJump<C> source_jump(PointSource source, const real_of<C>& k, const Medium& medium) {
  const C zero(0.0);
  const C one(1.0);
  switch (source) {  // (1)
    case PointSource::strike_slip:
      return {{zero, zero, C(k), zero}, {zero, -C(k)}};
    case PointSource::dip_slip:
      return {{C(-medium.inverse_mu), zero, zero, zero}, {C(medium.inverse_mu), zero}};
    case PointSource::dip_slip_45:
      return {{zero, C(2.0 * medium.inverse_L), -(k * C(3.0 - 4.0 * medium.mu_over_L)), zero}, {zero, zero}};
    case PointSource::explosion:
      return {{zero, C(medium.inverse_L), k * C(2.0 * medium.mu_over_L), zero}, {zero, zero}};
    case PointSource::horizontal_force:
      return {{zero, zero, -one, zero}, {zero, one}};
    case PointSource::vertical_force:
      return {{zero, zero, zero, -one}, {zero, zero}};
  }
  return {{zero, zero, zero, zero}, {zero, zero}};
}

template SourceJump<std::complex<double>> source_jump(PointSource, const double&, const Medium&);
template SourceJump<ComplexLanes> source_jump(PointSource, const RealLanes&, const Medium&);

}  // namespace propagator
