// A point moment tensor as a jump of displacement and stress across the source plane.
//
// The equivalent force -M_ij d/dx_j delta(x) enters y' = A y + F1 delta'(z) + F2 delta(z); its solution jumps by
// F2 + A F1 (Takeuchi & Saito 1972; Aki & Richards 2002, section 7.4). With L = lambda + 2 mu and the signs of
// equation (1) of greens_functions.h, y = (U, W, S, P) of haskell_matrix.h, z down, the jumps are
//
//   45-degree dip slip   DD, order 0   (0, 2/L, -k (3 L - 4 mu) / L, 0)
//   vertical dip slip    DS, order 1   (-1/mu, 0, 0, 0)                   SH (1/mu, 0)
//   vertical strike slip SS, order 2   (0, 0, k, 0)                       SH (0, -k)
//   explosion            EX, order 0   (0, 1/L, 2 mu k / L, 0)                                       (1)
//
// DD is M = diag(-1, -1, 2), EX is M = diag(1, 1, 1), DS is Mxz = -1, SS is (Mxx - Myy)/2 = -1. The elastic constants
// are those at the source; on
// an interface those of the side that GreensSettings::source_side names: DD, DS and EX differ from side to side.
#pragma once

#include "propagator/haskell_matrix.h"

namespace propagator {

template <class C>
struct SourceJumps {
  MotionStress<C> dip_slip_45, dip_slip, strike_slip, explosion;
  ShMotionStress<C> dip_slip_sh, strike_slip_sh;
};

template <class C>
SourceJumps<C> source_jumps(const real_of<C>& k, const Medium& source);

}  // namespace propagator
