#include "propagator/complex_lanes.h"

namespace propagator {

namespace {

// Below this modulus the slope of decay() is summed as a power series: 0.5^14 / 15! is below the rounding error.
constexpr double series_limit = 0.5;
constexpr int n_series_terms = 14;

// sum_n (-z)^n / (n+1)!  =  (1 - exp(-z)) / z, by Horner's rule.
template <class C>
C slope_by_series(const C& z) {
  C sum(1.0);
  for (int n = n_series_terms; n >= 1; --n) sum = C(1.0) - (1.0 / (n + 1)) * (z * sum);
  return sum;
}

// sin and cos of the lanes: reduction to |r| <= pi/4 by multiples of pi/2 in three parts (Cody & Waite), then Taylor series to
// the powers 17 and 16. Absolute error seen: 2e-16 up to |x| = 1e6, 7e-16 up to 1e7, 1.3e-14 up to 2e8, less than what the
// rounding of x itself makes.
void sin_cos(const RealLanes& x, RealLanes& sine, RealLanes& cosine) {
  constexpr double round_to_integer = 6755399441055744.0;  // 1.5 * 2^52
  const RealLanes n = (x * 0.63661977236758134308 + round_to_integer) - round_to_integer;
  const RealLanes r = ((x - n * 1.5707962512969971) - n * 7.5497894158615964e-08) - n * 5.3903029534742385e-15;
  const RealLanes r2 = r * r;
  RealLanes s = RealLanes::Constant(1.0);
  RealLanes c = RealLanes::Constant(1.0);
  for (int i = 8; i >= 1; --i) {
    s = fused(r2 * s, RealLanes::Constant(-1.0 / (2 * i * (2 * i + 1))), RealLanes::Constant(1.0));
    c = fused(r2 * c, RealLanes::Constant(-1.0 / (2 * i * (2 * i - 1))), RealLanes::Constant(1.0));
  }
  s *= r;
  // Quadrants 0, 1, 2, 3: sine s, c, -s, -c and cosine c, -s, -c, s. Products with 0, 1 and -1 are exact.
  const RealLanes quadrant = n - 4.0 * (n * 0.25).floor();
  const RealLanes half = (quadrant * 0.5).floor();
  const RealLanes odd = quadrant - 2.0 * half;
  const RealLanes even = 1.0 - odd;
  const RealLanes sine_sign = 1.0 - 2.0 * half;
  sine = sine_sign * (odd * c + even * s);
  cosine = sine_sign * (even - odd) * (odd * s + even * c);
}

}  // namespace

ComplexLanes principal_sqrt(const ComplexLanes& z) {
  const RealLanes modulus = (z.re * z.re + z.im * z.im).sqrt();
  // The larger of the two parts by the stable formula, the other from re * im = z.im / 2.
  const RealLanes larger = (0.5 * (modulus + z.re.abs())).sqrt();
  const RealLanes smaller = 0.5 * z.im.abs() / larger.max(1e-300);
  const RealLanes zero = RealLanes::Zero();
  const RealLanes im = where_less(z.re, zero, larger, smaller);
  return {where_less(z.re, zero, smaller, larger), where_less(z.im, zero, -im, im)};
}

ComplexLanes exp_minus(const ComplexLanes& z) {
  RealLanes sine;
  RealLanes cosine;
  sin_cos(z.im, sine, cosine);
  const RealLanes modulus = (-z.re).max(-700.0).exp();
  const RealLanes kept = where_less(RealLanes::Constant(700.0), z.re, RealLanes::Zero(), modulus);
  return {kept * cosine, -kept * sine};
}

Decay<std::complex<double>> decay(const std::complex<double>& z) {
  if (std::abs(z) < series_limit) {
    const std::complex<double> slope = slope_by_series(z);
    return {1.0 - z * slope, slope};
  }
  const std::complex<double> factor = std::exp(-z);
  return {factor, (1.0 - factor) / z};
}

Decay<ComplexLanes> decay(const ComplexLanes& z) {
  const RealLanes modulus2 = z.re * z.re + z.im * z.im;
  const ComplexLanes factor = exp_minus(z);
  const ComplexLanes safe_z{modulus2.min(1.0).sign() * z.re + (modulus2 == 0.0).cast<double>(), z.im};
  const ComplexLanes slope = (ComplexLanes(1.0) - factor) / safe_z;
  if ((modulus2 >= series_limit * series_limit).all()) return {factor, slope};
  const ComplexLanes series = slope_by_series(z);
  const ComplexLanes small_factor = ComplexLanes(1.0) - z * series;
  const RealLanes limit2 = RealLanes::Constant(series_limit * series_limit);
  const auto select = [&](const RealLanes& small, const RealLanes& large) {
    return where_less(modulus2, limit2, small, large);
  };
  return {{select(small_factor.re, factor.re), select(small_factor.im, factor.im)},
          {select(series.re, slope.re), select(series.im, slope.im)}};
}

}  // namespace propagator
