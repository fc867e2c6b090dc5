#include "propagator/compound_matrix.h"

namespace propagator {

template <class C>
MotionStress<C> p_sv_upwards(const real_of<C>& k, const MotionStress<C>& below, const Medium& medium,
                             const LayerTerms<C>& terms) {
  const MotionStress<C> y = haskell_matrix(k, medium, terms) * MotionStress<C>{below.u, -below.w, -below.s, below.p};
  return {y.u, -y.w, -y.s, y.p};
}

template <class C>
SolutionPair<C> solutions_of(const Minors<C>& m) {
  const C zero(0.0), one(1.0);
  return {{one, zero, -(m.w / m.e), m.g / m.e}, {zero, one, m.g / m.e, m.p / m.e}};
}

template <class C>
Minors<C> minors_of(const SolutionPair<C>& y) {
  const MotionStress<C>&a = y.y1, &b = y.y2;
  return {a.u * b.w - b.u * a.w, a.u * b.s - b.u * a.s, a.u * b.p - b.u * a.p, a.w * b.s - b.w * a.s,
          a.s * b.p - b.s * a.p};  // (1)
}

template <class C>
Minors<C> half_space_minors(const real_of<C>& k, const Medium& medium, const C& nu_a, const C& nu_b) {
  const real_of<C> k2 = k * k;
  const C mu(medium.mu);
  Minors<C> m;  // (5)
  m.e = (k2 * C(1.0 + medium.xi) - C(medium.k_alpha2)) / (C(k2) + nu_a * nu_b);
  m.g = k * (mu * (2.0 * m.e - C(1.0)));
  m.p = -(mu * nu_b);
  m.w = mu * nu_a;
  m.s = -(mu * mu * (4.0 * (k2 * (m.e - C(1.0))) + C(medium.k_beta2)));
  return m;
}

template <class C>
Minors<C> minors_upwards(const real_of<C>& k, const Minors<C>& below, const Medium& medium, const LayerTerms<C>& t) {
  const C one(1.0);
  const C mu(medium.mu);
  const C inverse_mu(medium.inverse_mu);
  const C xi(medium.xi);
  const C kb2(medium.k_beta2);
  const real_of<C> k2 = k * k;
  const C square_a = t.exp_a * t.exp_a;
  const C square_b = t.exp_b * t.exp_b;

  // Products of one P and one S factor, times exp(-a-b).
  const C sinh_a = 0.5 * (one - square_a);
  const C sinh_b = 0.5 * (one - square_b);
  const C cosh_a = 0.5 * (one + square_a);
  const C cosh_b = 0.5 * (one + square_b);
  const C CC = cosh_a * cosh_b;
  const C Xa = sinh_a / t.nu_a;
  const C Xb = sinh_b / t.nu_b;
  const C XX = Xa * Xb;
  const C CX = cosh_a * Xb;
  const C XC = Xa * cosh_b;
  const C XY = Xa * (t.nu_b * sinh_b);
  const C YX = t.nu_a * sinh_a * Xb;
  const C root = t.exp_b * t.slope;
  const C T = 0.5 * (t.stretch * t.stretch * root * root -
                     C((1.0 - medium.xi) * (1.0 - medium.xi)) * XX / ((t.nu_a + t.nu_b) * (t.nu_a + t.nu_b)));  // (4)
  const C V = kb2 * T - 0.5 * (C(1.0 + medium.xi) * XX);                                                        // (4)
  const C K =
      0.5 * (t.curvature * ((one - t.exp_ab * t.exp_ab) / t.a_plus_b - square_b * t.slope * (one + t.ratio)));  // (4)
  const C k2K = k2 * K;
  const C P_term = k2K + xi * XC;
  const C W_term = k2K - CX;

  const C Z = 4.0 * (mu * (k * (mu * (k * below.e) - below.g))) - below.s;                // (2)
  const C M = 2.0 * (k * (2.0 * (mu * (k * below.e)) - below.g)) - mu * (kb2 * below.e);  // (2)
  const C Z_mu = Z * inverse_mu;
  const C de = inverse_mu * (Z_mu * (2.0 * (k2 * T) - xi * XX) - M * V - below.p * P_term - below.w * W_term);  // (3)
  const C dq = Z_mu * V + M * XX - below.p * CX + below.w * XC;                                                 // (3)
  Minors<C> m;
  m.e = t.exp_ab * below.e + de;  // (3)
  m.g = t.exp_ab * below.g + k * (2.0 * (mu * de) - dq);
  m.s = t.exp_ab * below.s + mu * ((C(real_of<C>(4.0 * k2)) - kb2) * dq - 4.0 * (mu * (k2 * de)));
  m.p = below.p * CC - below.w * XY - Z_mu * W_term - M * XC;
  m.w = below.w * CC - below.p * YX - Z_mu * P_term + M * CX;
  return m;
}

template <class C>
MotionStress<C> determinant_coefficients(const Minors<C>& m, const MotionStress<C>& h) {
  return {m.s * h.w + m.g * h.s + m.w * h.p, -(m.s * h.u) + m.p * h.s - m.g * h.p, m.e * h.p - m.g * h.u - m.p * h.w,
          m.g * h.w - m.w * h.u - m.e * h.s};
}

template MotionStress<std::complex<double>> p_sv_upwards(const double&, const MotionStress<std::complex<double>>&,
                                                         const Medium&, const LayerTerms<std::complex<double>>&);
template SolutionPair<std::complex<double>> solutions_of(const Minors<std::complex<double>>&);
template Minors<std::complex<double>> minors_of(const SolutionPair<std::complex<double>>&);
template Minors<std::complex<double>> half_space_minors(const double&, const Medium&, const std::complex<double>&,
                                                        const std::complex<double>&);
template Minors<ComplexLanes> half_space_minors(const RealLanes&, const Medium&, const ComplexLanes&,
                                                const ComplexLanes&);
template Minors<std::complex<double>> minors_upwards(const double&, const Minors<std::complex<double>>&, const Medium&,
                                                     const LayerTerms<std::complex<double>>&);
template Minors<ComplexLanes> minors_upwards(const RealLanes&, const Minors<ComplexLanes>&, const Medium&,
                                             const LayerTerms<ComplexLanes>&);
template MotionStress<std::complex<double>> determinant_coefficients(const Minors<std::complex<double>>&,
                                                                     const MotionStress<std::complex<double>>&);
template MotionStress<ComplexLanes> determinant_coefficients(const Minors<ComplexLanes>&,
                                                             const MotionStress<ComplexLanes>&);

}  // namespace propagator
