// Some complex numbers that go through the same arithmetic, those of neighbouring wavenumbers: as many as a vector register
// holds real numbers, four with AVX2 and eight with AVX-512. With twice as many the registers do not suffice.
//
// Real and imaginary parts lie apart, so that every operation is two to six vector instructions. The formulas of the layer
// algebra are templates over their number type: with std::complex<double> they are the plain definition, with ComplexLanes
// the fast form. real_of<C> is the matching real type.
//
// Which products are fused with a sum is written out, and the compiler fuses no other (CMakeLists.txt): the same bits for every
// vector width.
//
//   exp(-z), (1 - exp(-z)) / z    decay
//   sqrt(z) with Re >= 0          principal_sqrt
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <complex>

namespace propagator {

inline constexpr int n_lanes = std::max(4, static_cast<int>(Eigen::internal::packet_traits<double>::size));
using RealLanes = Eigen::Array<double, n_lanes, 1>;

// a b + c, rounded once.
inline RealLanes fused(const RealLanes& a, const RealLanes& b, const RealLanes& c) {
  using Packet = Eigen::internal::packet_traits<double>::type;
  constexpr int width = Eigen::internal::packet_traits<double>::size;
  RealLanes sum;
  for (int i = 0; i < n_lanes; i += width) {
    Eigen::internal::pstoreu(sum.data() + i, Eigen::internal::pmadd(Eigen::internal::ploadu<Packet>(a.data() + i),
                                                                    Eigen::internal::ploadu<Packet>(b.data() + i),
                                                                    Eigen::internal::ploadu<Packet>(c.data() + i)));
  }
  return sum;
}

// In each lane x where a < b, else y.
inline RealLanes where_less(const RealLanes& a, const RealLanes& b, const RealLanes& x, const RealLanes& y) {
  using Packet = Eigen::internal::packet_traits<double>::type;
  constexpr int width = Eigen::internal::packet_traits<double>::size;
  RealLanes chosen;
  for (int i = 0; i < n_lanes; i += width) {
    const Packet less = Eigen::internal::pcmp_lt(Eigen::internal::ploadu<Packet>(a.data() + i),
                                                 Eigen::internal::ploadu<Packet>(b.data() + i));
    Eigen::internal::pstoreu(chosen.data() + i,
                             Eigen::internal::pselect(less, Eigen::internal::ploadu<Packet>(x.data() + i),
                                                      Eigen::internal::ploadu<Packet>(y.data() + i)));
  }
  return chosen;
}

struct ComplexLanes {
  RealLanes re;
  RealLanes im;

  ComplexLanes() = default;
  ComplexLanes(const RealLanes& real, const RealLanes& imaginary) : re(real), im(imaginary) {}
  ComplexLanes(std::complex<double> z)  // NOLINT: the same constant in all lanes, as std::complex does from double
      : re(RealLanes::Constant(z.real())), im(RealLanes::Constant(z.imag())) {}
  ComplexLanes(double x) : re(RealLanes::Constant(x)), im(RealLanes::Zero()) {}  // NOLINT: see above
  ComplexLanes(const RealLanes& real) : re(real), im(RealLanes::Zero()) {}       // NOLINT: see above

  friend ComplexLanes operator+(const ComplexLanes& a, const ComplexLanes& b) { return {a.re + b.re, a.im + b.im}; }
  friend ComplexLanes operator-(const ComplexLanes& a, const ComplexLanes& b) { return {a.re - b.re, a.im - b.im}; }
  friend ComplexLanes operator-(const ComplexLanes& a) { return {-a.re, -a.im}; }
  friend ComplexLanes operator*(const ComplexLanes& a, const ComplexLanes& b) {
    return {fused(a.re, b.re, -(a.im * b.im)), fused(a.re, b.im, a.im * b.re)};
  }
  friend ComplexLanes operator*(const RealLanes& a, const ComplexLanes& b) { return {a * b.re, a * b.im}; }
  friend ComplexLanes operator*(const ComplexLanes& a, const RealLanes& b) { return b * a; }
  friend ComplexLanes operator*(double a, const ComplexLanes& b) { return {a * b.re, a * b.im}; }
  friend ComplexLanes operator*(const ComplexLanes& a, double b) { return b * a; }
  friend ComplexLanes operator/(const ComplexLanes& a, const ComplexLanes& b) {
    const RealLanes scale = 1.0 / fused(b.re, b.re, b.im * b.im);
    return {fused(a.re, b.re, a.im * b.im) * scale, fused(a.im, b.re, -(a.re * b.im)) * scale};
  }
};

template <class C>
struct RealOf;
template <>
struct RealOf<std::complex<double>> {
  using type = double;
};
template <>
struct RealOf<ComplexLanes> {
  using type = RealLanes;
};
template <class C>
using real_of = typename RealOf<C>::type;

inline std::complex<double> principal_sqrt(std::complex<double> z) { return std::sqrt(z); }
ComplexLanes principal_sqrt(const ComplexLanes& z);

// exp(-z) and (1 - exp(-z)) / z for Re z > -700, the second without cancellation at small z (1 at z = 0).
template <class C>
struct Decay {
  C factor;
  C slope;
};
Decay<std::complex<double>> decay(const std::complex<double>& z);
Decay<ComplexLanes> decay(const ComplexLanes& z);

inline std::complex<double> exp_minus(const std::complex<double>& z) { return std::exp(-z); }
ComplexLanes exp_minus(const ComplexLanes& z);

}  // namespace propagator
