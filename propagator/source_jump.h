// A point source as a jump of displacement and stress across the source plane.
//
// A moment tensor is the equivalent force -M_ij d/dx_j delta(x); it enters y' = A y + F1 delta'(z) + F2 delta(z), whose
// solution jumps by F2 + A F1 (Takeuchi & Saito 1972; Aki & Richards 2002, section 7.4). A single force enters F2 alone.
// With L = lambda + 2 mu, y = (U, W, S, P) of haskell_matrix.h and z down, the jumps are
//
//   vertical strike slip SS, order 2   (0, 0, k, 0)                       SH (0, -k)
//   vertical dip slip    DS, order 1   (-1/mu, 0, 0, 0)                   SH (1/mu, 0)
//   45-degree dip slip   DD, order 0   (0, 2/L, -k (3 L - 4 mu) / L, 0)
//   explosion            EX, order 0   (0, 1/L, 2 mu k / L, 0)
//   horizontal force     HF, order 1   (0, 0, -1, 0)                      SH (0, 1)
//   vertical force       VF, order 0   (0, 0, 0, -1)                                                 (1)
//
// SS is (Mxx - Myy)/2 = -1, DS is Mxz = -1, DD is M = diag(-1, -1, 2), EX is M = diag(1, 1, 1); HF points north at
// azimuth 0, VF down. The elastic constants are those at the source; on an interface those of the side that
// GreensSettings::source_side names: DD, DS and EX differ from side to side.
#pragma once

#include "propagator/haskell_matrix.h"

namespace propagator {

enum class PointSource { strike_slip, dip_slip, dip_slip_45, explosion, horizontal_force, vertical_force };

// The order m of the azimuthal pattern: cos m phi on Z and R, sin m phi on T.
int azimuthal_order(PointSource source);

template <class C>
struct SourceJump {
  MotionStress<C> psv;
  ShMotionStress<C> sh;
};

template <class C>
SourceJump<C> source_jump(PointSource source, const real_of<C>& k, const Medium& medium);

}  // namespace propagator
