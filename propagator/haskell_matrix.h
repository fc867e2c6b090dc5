// Propagators of one homogeneous layer (Thomson 1950; Haskell 1953), in a form that keeps its accuracy when w -> 0.
//
// P-SV. z points down; at wavenumber k the field is u_r = U(z) J_m'(k r), u_z = W(z) J_m(k r), and likewise for the
// stresses S = tau_rz, P = tau_zz. The motion-stress vector y = (U, W, S, P) obeys y' = A y:
//
//   U' = S/mu - k W                            S' = k^2 (lambda+2mu) U - k lambda W' - rho w^2 U
//   W' = (P + lambda k U) / (lambda+2mu)       P' = k S - rho w^2 W                                      (1)
//
// Its solutions are a P wave (potential phi) and an SV wave (potential psi),
//
//   U = k phi + psi'     S = 2 mu k phi' + Omega psi      Omega = 2 mu k^2 - rho w^2 = mu (2 k^2 - k_beta^2)
//   W = phi' + k psi     P = Omega phi + 2 mu k psi'                                                     (2)
//
// phi and psi continue over the thickness h with Ca = cosh(nu_a h), Xa = sinh(nu_a h) / nu_a and Cb, Xb. Haskell's
// matrix y(z + h) = H y(z) is (2) at z + h times the inverse of (2) at z. Written out, it holds differences such as
// (Ca - Cb) / k_beta^2, which are 0/0 in the static limit. With xi = k_alpha^2 / k_beta^2 and the divided differences
//
//   dC = (Ca - Cb) / k_beta^2,   dX = (Xa - Xb) / k_beta^2                                               (3)
//
// all elements are sums of terms of one size:
//
//   H_UU = H_SS =  Cb + 2 k^2 dC                 H_UW = -H_PS = k (Xa - 2 Xb - 2 k^2 dX)
//   H_WW = H_PP =  Ca - 2 k^2 dC                 H_WU = -H_SP = k (Xb - 2 xi Xa + 2 k^2 dX)
//   H_US = (k^2 dX + Xb) / mu                    H_WP = (xi Xa - k^2 dX) / mu
//   H_UP = -H_WS = -k dC / mu                    H_PU = -H_SW = 2 mu k (2 k^2 - k_beta^2) dC
//   H_SU = mu (4 k^2 (k^2 dX - xi Xa) + (4 k^2 - k_beta^2) Xb)
//   H_PW = mu (-4 k^2 (k^2 dX + Xb) + (4 k^2 - k_beta^2) Xa)                                             (4)
//
// and with a = nu_a h, b = nu_b h, R = exp(-(a-b)), g = (1 - R)/(a-b), E = exp(-a-b),
// a - b = h k_beta^2 (1 - xi) / (nu_a + nu_b), (3) needs no division by k_beta^2:
//
//   dC e^-a = h (1-xi) / (nu_a + nu_b) g (1 - E) / 2
//   dX e^-a = h (1-xi) / (2 nu_a nu_b) ((1 + E) g - (1 - E)(1 + R) / (a+b)) / 2                          (5)
//
// Everything is scaled by exp(-a), the largest exponential where Re a >= Re b. Where S is attenuated more than P, Re b > Re a and
// R = exp(b - a) grows: greens_limits.h keeps it within the range of double precision.
//
// SH. y = (V, tau), V' = tau/mu, tau' = mu nu_b^2 V:
//
//   V(z+h) = Cb V + Xb tau / mu,   tau(z+h) = mu nu_b^2 Xb V + Cb tau                                    (6)
//
// Units: km, 1/km, km/s, g/cm3 (km/s)2. Two solutions carried by (4) cannot be told apart once Re(a - b) of the stack
// exceeds about 36 (docs/1_greens_functions.md); compound_matrix.h carries their minors instead.
#pragma once

#include <Eigen/Core>

#include "propagator/attenuation.h"
#include "propagator/complex_lanes.h"

namespace propagator {

// What the propagators of one layer share at one wavenumber and frequency.
template <class C>
struct LayerTerms {
  C nu_a, nu_b;
  C exp_a, exp_b;  // exp(-a), exp(-b)
  C exp_ab;        // E = exp(-a-b)
  C ratio, slope;  // R, g
  C stretch;       // h (1 - xi) / (nu_a + nu_b)
  C curvature;     // h (1 - xi) / (2 nu_a nu_b)
  C a_plus_b;
};

template <class C>
LayerTerms<C> layer_terms(const C& nu_a, const C& nu_b, const Medium& medium, double thickness_km);

template <class C>
struct MotionStress {
  C u, w, s, p;
};

// H of equation (4) times exp(-a).
template <class C>
struct HaskellMatrix {
  C uu, uw, us, up, wu, ww, wp, su, pu, pw;

  MotionStress<C> operator*(const MotionStress<C>& y) const;
};

template <class C>
HaskellMatrix<C> haskell_matrix(const real_of<C>& k, const Medium& medium, const LayerTerms<C>& terms);

template <class C>
struct ShMotionStress {
  C v, tau;
};

// Continues an SH field by one layer upwards: equation (6) with h -> -h, times exp(-b).
template <class C>
ShMotionStress<C> sh_upwards(const ShMotionStress<C>& below, const Medium& medium, const LayerTerms<C>& terms);

}  // namespace propagator
