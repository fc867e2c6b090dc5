#include "propagator/haskell_matrix.h"

namespace propagator {

template <class C>
LayerTerms<C> layer_terms(const C& nu_a, const C& nu_b, const Medium& medium, double thickness_km) {
  const std::complex<double> h_one_minus_xi = thickness_km * (1.0 - medium.xi);
  LayerTerms<C> t;
  t.nu_a = nu_a;
  t.nu_b = nu_b;
  t.a_plus_b = thickness_km * (nu_a + nu_b);
  t.stretch = C(h_one_minus_xi) / (nu_a + nu_b);
  t.curvature = C(0.5 * h_one_minus_xi) / (nu_a * nu_b);
  const Decay<C> difference = decay(C(t.stretch * C(medium.k_beta2)));  // a - b
  t.ratio = difference.factor;
  t.slope = difference.slope;
  t.exp_b = exp_minus(C(thickness_km * nu_b));
  t.exp_a = t.ratio * t.exp_b;
  t.exp_ab = t.exp_a * t.exp_b;
  return t;
}

template <class C>
MotionStress<C> HaskellMatrix<C>::operator*(const MotionStress<C>& y) const {
  return {uu * y.u + uw * y.w + us * y.s + up * y.p, wu * y.u + ww * y.w - up * y.s + wp * y.p,
          su * y.u - pu * y.w + uu * y.s - wu * y.p, pu * y.u + pw * y.w - uw * y.s + ww * y.p};
}

template <class C>
HaskellMatrix<C> haskell_matrix(const real_of<C>& k, const Medium& medium, const LayerTerms<C>& t) {
  const C one(1.0);
  const C mu(medium.mu);
  const C inverse_mu(medium.inverse_mu);
  const C xi(medium.xi);
  const real_of<C> k2 = k * k;
  // All times exp(-a).
  const C Ca = 0.5 * (one + t.exp_a * t.exp_a);
  const C Cb = 0.5 * (t.ratio * (one + t.exp_b * t.exp_b));
  const C Xa = 0.5 * ((one - t.exp_a * t.exp_a) / t.nu_a);
  const C Xb = 0.5 * (t.ratio * (one - t.exp_b * t.exp_b) / t.nu_b);
  const C dC = 0.5 * (t.stretch * t.slope * (one - t.exp_ab));  // (5)
  const C dX =
      0.5 * (t.curvature * ((one + t.exp_ab) * t.slope - (one - t.exp_ab) * (one + t.ratio) / t.a_plus_b));  // (5)
  const C k2dC = k2 * dC;
  const C k2dX = k2 * dX;
  const C four_k2_less_kb2 = C(real_of<C>(4.0 * k2)) - C(medium.k_beta2);
  HaskellMatrix<C> H;  // (4)
  H.uu = Cb + 2.0 * k2dC;
  H.ww = Ca - 2.0 * k2dC;
  H.uw = k * (Xa - 2.0 * (Xb + k2dX));
  H.wu = k * (Xb - 2.0 * (xi * Xa - k2dX));
  H.us = (k2dX + Xb) * inverse_mu;
  H.wp = (xi * Xa - k2dX) * inverse_mu;
  H.up = -(k * (dC * inverse_mu));
  H.pu = k * (mu * (2.0 * (C(real_of<C>(2.0 * k2)) - C(medium.k_beta2)) * dC));
  H.su = mu * (4.0 * (k2 * (k2dX - xi * Xa)) + four_k2_less_kb2 * Xb);
  H.pw = mu * (four_k2_less_kb2 * Xa - 4.0 * (k2 * (k2dX + Xb)));
  return H;
}

template <class C>
ShMotionStress<C> sh_upwards(const ShMotionStress<C>& below, const Medium& medium, const LayerTerms<C>& t) {
  const C mu(medium.mu);
  const C square = t.exp_b * t.exp_b;
  const C Cb = 0.5 * (C(1.0) + square);
  const C sinh_b = 0.5 * (C(1.0) - square);
  const C impedance = mu * t.nu_b;
  return {Cb * below.v - sinh_b / impedance * below.tau, Cb * below.tau - sinh_b * impedance * below.v};  // (6)
}

template LayerTerms<std::complex<double>> layer_terms(const std::complex<double>&, const std::complex<double>&,
                                                      const Medium&, double);
template LayerTerms<ComplexLanes> layer_terms(const ComplexLanes&, const ComplexLanes&, const Medium&, double);
template struct HaskellMatrix<std::complex<double>>;
template struct HaskellMatrix<ComplexLanes>;
template HaskellMatrix<std::complex<double>> haskell_matrix(const double&, const Medium&,
                                                            const LayerTerms<std::complex<double>>&);
template HaskellMatrix<ComplexLanes> haskell_matrix(const RealLanes&, const Medium&, const LayerTerms<ComplexLanes>&);
template ShMotionStress<std::complex<double>> sh_upwards(const ShMotionStress<std::complex<double>>&, const Medium&,
                                                         const LayerTerms<std::complex<double>>&);
template ShMotionStress<ComplexLanes> sh_upwards(const ShMotionStress<ComplexLanes>&, const Medium&,
                                                 const LayerTerms<ComplexLanes>&);

}  // namespace propagator
