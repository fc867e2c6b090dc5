// The compound matrix: 2x2 minors of P-SV solutions, stable at any k h (Dunkin 1965; Zhu & Rivera 2002).
//
// Below the source the field is a combination of the two solutions y1, y2 that radiate down in the half-space. Continued
// upwards with Haskell's matrix both become the fastest growing one, and their difference is lost. Their minors
//
//   [ab] = y1_a y2_b - y1_b y2_a,   a, b in U, W, S, P
//
// are one vector that itself grows fastest: nothing is lost. Of the six, [US] = -[WP], so five are carried:
//
//   e = [UW],  g = [US],  p = [UP],  w = [WS],  s = [SP].                                               (1)
//
// In the potentials of haskell_matrix.h the minors continue as products of a P and an S factor. Transformed back, with
//
//   Z = 4 mu^2 k^2 e - 4 mu k g - s,   M = 2 k (2 mu k e - g) - mu k_beta^2 e                           (2)
//
// and C, X as in haskell_matrix.h, the change over a layer of thickness h (y(z) from y(z + h)) is
//
//   de  = (Z/mu^2) (2 k^2 T - xi Xa Xb) - (M/mu) V
//         - (p/mu) (k^2 K + xi Xa Cb) - (w/mu) (k^2 K - Ca Xb)
//   dq  = (Z/mu) V + M Xa Xb - p Ca Xb + w Xa Cb
//   e'  = e + de
//   g'  = g - k dq + 2 mu k de
//   s'  = s - 4 mu^2 k^2 de + mu (4 k^2 - k_beta^2) dq
//   p'  = p Ca Cb - w Xa Yb - (Z/mu)(k^2 K - Ca Xb) - M Xa Cb
//   w'  = w Ca Cb - p Ya Xb - (Z/mu)(k^2 K + xi Xa Cb) + M Ca Xb                                        (3)
//
// with Y = nu^2 X and three combinations that are regular when w -> 0 (a and b of haskell_matrix.h):
//
//   T = (Ca Cb - 1 - (nu_a^2 + nu_b^2) Xa Xb / 2) / k_beta^4
//     = (h (1-xi) / (nu_a+nu_b))^2 / 2 (sinh^2((a-b)/2) / ((a-b)/2)^2 - sinh a sinh b / (a b))
//   V = k_beta^2 T - (1 + xi) Xa Xb / 2
//   K = (Ca Xb - Xa Cb) / k_beta^2
//     = h (1-xi) / (2 nu_a nu_b) (sinh(a+b)/(a+b) - sinh(a-b)/(a-b))                                    (4)
//
// All are scaled by exp(-a-b). The derivation is in docs/1_greens_functions.md; a test compares (3) with the minors
// of Haskell's matrix.
//
// In the half-space, divided by k_beta^2 (a factor common to all five cancels from the result):
//
//   e = (k^2 (1+xi) - k_alpha^2) / (k^2 + nu_a nu_b)   g = mu k (2 e - 1)   p = -mu nu_b   w = mu nu_a
//   s = -mu^2 (4 k^2 e - 4 k^2 + k_beta^2)                                                              (5)
#pragma once

#include "propagator/haskell_matrix.h"

namespace propagator {

template <class C>
struct Minors {
  C e, g, p, w, s;
};

// The plain way that (3) replaces: two solutions, carried upwards one by one by p_sv_upwards, and the minors (1) of what arrives. It
// defines what (3) computes, and is right as long as exp(Re (a - b)) of all layers stays far below 1e16.

// Continues a P-SV field by one layer upwards: (4) of haskell_matrix.h with h -> -h, times exp(-a). With z turned round, W and S change
// their signs.
template <class C>
MotionStress<C> p_sv_upwards(const real_of<C>& k, const MotionStress<C>& below, const Medium& medium,
                             const LayerTerms<C>& terms);

template <class C>
struct SolutionPair {
  MotionStress<C> y1, y2;
};

// The two solutions of unit displacement that have these minors, but for the factor e:
// y1 = (1, 0, -w/e, g/e), y2 = (0, 1, g/e, p/e).
template <class C>
SolutionPair<C> solutions_of(const Minors<C>& minors);

// (1)
template <class C>
Minors<C> minors_of(const SolutionPair<C>& y);

// Minors (5) of the two waves that go down.
template <class C>
Minors<C> half_space_minors(const real_of<C>& k, const Medium& medium, const C& nu_a, const C& nu_b);

// Continues minors from the bottom of a layer to its top: equation (3), times exp(-a-b).
template <class C>
Minors<C> minors_upwards(const real_of<C>& k, const Minors<C>& below, const Medium& medium, const LayerTerms<C>& terms);

// The determinant det[y1, y2, d, h] is linear in d: the coefficients of d.u, d.w, d.s, d.p (Laplace expansion).
template <class C>
MotionStress<C> determinant_coefficients(const Minors<C>& minors, const MotionStress<C>& h);

}  // namespace propagator
