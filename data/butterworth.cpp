#include "data/butterworth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

namespace data {
namespace {

using Complex = std::complex<double>;

// Poles, real zeros and gain of a filter. A Butterworth filter of any kind has real zeros only.
struct PolesZerosGain {
  std::vector<Complex> poles;
  std::vector<double> zeros;
  double gain;
};

void check_corner(const char* function, const char* name, double corner_hz, double dt_s) {
  if (!(dt_s > 0.0) || !std::isfinite(dt_s)) {
    throw std::invalid_argument(fmt::format("{}: dt_s = {}: expected a positive sampling interval", function, dt_s));
  }
  if (!(corner_hz > 0.0 && corner_hz < 0.5 / dt_s)) {
    throw std::invalid_argument(fmt::format("{}: {} = {}: expected above 0 and below the Nyquist frequency {} Hz",
                                            function, name, corner_hz, 0.5 / dt_s));
  }
}

void check_order(const char* function, int order) {
  if (order < 1 || order > 20) {
    throw std::invalid_argument(fmt::format("{}: order = {}: expected 1 to 20", function, order));
  }
}

std::vector<Complex> prototype_poles(int n) {
  std::vector<Complex> poles;
  for (int m = -n + 1; m < n; m += 2) {
    const double angle = std::numbers::pi * m / (2.0 * n);
    poles.push_back(m == 0 ? Complex(-1.0, 0.0) : -Complex(std::cos(angle), std::sin(angle)));  // (1)
  }
  return poles;
}

double prewarped(double frequency_hz, double dt_s) {
  return 4.0 * std::tan(std::numbers::pi * frequency_hz * dt_s);  // (2)
}

// Equation (6); the analog zeros all lie at s = 0 or at infinity.
PolesZerosGain bilinear(const PolesZerosGain& analog) {
  PolesZerosGain digital;
  Complex denominator = 1.0;
  for (const Complex& s : analog.poles) {
    digital.poles.push_back((4.0 + s) / (4.0 - s));
    denominator *= 4.0 - s;
  }
  const auto n_finite = static_cast<int>(analog.zeros.size());
  digital.gain = analog.gain * (std::pow(4.0, n_finite) / denominator).real();  // (6)
  digital.zeros.assign(analog.poles.size() - analog.zeros.size(), -1.0);
  digital.zeros.insert(digital.zeros.end(), analog.zeros.size(), 1.0);
  return digital;
}

// Removes and returns the element for which `distance` is smallest, the first of equals.
template <class T, class Distance>
T take_nearest(std::vector<T>& values, const Distance& distance) {
  const auto nearest =
      std::min_element(values.begin(), values.end(), [&](const T& a, const T& b) { return distance(a) < distance(b); });
  const T value = *nearest;
  values.erase(nearest);
  return value;
}

// The pairing of the header; `digital` has as many zeros as poles.
Sections pair_into_sections(PolesZerosGain digital) {
  if (digital.poles.size() % 2 == 1) {
    digital.poles.emplace_back(0.0);
    digital.zeros.push_back(0.0);
  }
  // One of each conjugate pair, and the real poles.
  std::vector<Complex> poles;
  for (const Complex& p : digital.poles) {
    if (p.imag() >= 0.0) poles.push_back(p);
  }
  const auto to_circle = [](const Complex& p) { return std::abs(1.0 - std::abs(p)); };
  Sections sections(digital.poles.size() / 2);
  for (auto section = sections.rbegin(); section != sections.rend(); ++section) {
    const Complex p1 = take_nearest(poles, to_circle);
    Complex p2 = std::conj(p1);
    if (p1.imag() == 0.0) {
      p2 = take_nearest(poles, [&](const Complex& p) { return p.imag() == 0.0 ? to_circle(p) : HUGE_VAL; });
    }
    const auto to_pole = [&](double zero) { return std::abs(p1 - zero); };
    const double z1 = take_nearest(digital.zeros, to_pole);
    const double z2 = take_nearest(digital.zeros, to_pole);
    *section = {1.0, -(z1 + z2), z1 * z2, -(p1 + p2).real(), (p1 * p2).real()};  // (7)
  }
  sections.front().b0 *= digital.gain;
  sections.front().b1 *= digital.gain;
  sections.front().b2 *= digital.gain;
  return sections;
}

// The state (s1, s2) in which a section answers a constant input 1 with a constant output.
Eigen::Array2d steady_state(const SecondOrderSection& c) {
  const double at_zero = (c.b0 + c.b1 + c.b2) / (1.0 + c.a1 + c.a2);
  const double s2 = c.b2 - c.a2 * at_zero;
  return {c.b1 - c.a1 * at_zero + s2, s2};
}

// One pass of all sections. With `constant` the state is the steady one for an input that has always been `constant`.
// Every sample goes through all sections before the next: a section waits for its own last output only, so that the
// processor works on several of them at a time.
void run_in_place(const Sections& sections, Eigen::ArrayXd& x, double constant) {
  std::vector<Eigen::Array2d> states;  // s1, s2
  for (const SecondOrderSection& c : sections) {
    states.emplace_back(constant * steady_state(c));
    constant *= (c.b0 + c.b1 + c.b2) / (1.0 + c.a1 + c.a2);
  }
  for (double& sample : x) {
    for (std::size_t k = 0; k < sections.size(); ++k) {
      const SecondOrderSection& c = sections[k];
      Eigen::Array2d& s = states[k];
      const double y = c.b0 * sample + s[0];  // (8)
      s[0] = c.b1 * sample - c.a1 * y + s[1];
      s[1] = c.b2 * sample - c.a2 * y;
      sample = y;
    }
  }
}

// Samples of odd reflection that scipy.signal.sosfiltfilt takes by default.
Eigen::Index reflected_samples(const Sections& sections) {
  const auto n = static_cast<Eigen::Index>(sections.size());
  const auto without_b2 = std::count_if(sections.begin(), sections.end(), [](const auto& c) { return c.b2 == 0.0; });
  const auto without_a2 = std::count_if(sections.begin(), sections.end(), [](const auto& c) { return c.a2 == 0.0; });
  return 3 * (2 * n + 1 - std::min(without_b2, without_a2));
}

}  // namespace

Sections butterworth_lowpass(int order, double corner_hz, double dt_s) {
  check_order("butterworth_lowpass", order);
  check_corner("butterworth_lowpass", "corner_hz", corner_hz, dt_s);
  const double W = prewarped(corner_hz, dt_s);
  PolesZerosGain analog{prototype_poles(order), {}, std::pow(W, order)};
  for (Complex& p : analog.poles) p *= W;  // (3)
  return pair_into_sections(bilinear(analog));
}

Sections butterworth_highpass(int order, double corner_hz, double dt_s) {
  check_order("butterworth_highpass", order);
  check_corner("butterworth_highpass", "corner_hz", corner_hz, dt_s);
  const double W = prewarped(corner_hz, dt_s);
  PolesZerosGain analog{prototype_poles(order), std::vector<double>(static_cast<std::size_t>(order), 0.0), 1.0};
  for (Complex& p : analog.poles) p = W / p;  // (4)
  return pair_into_sections(bilinear(analog));
}

Sections butterworth_bandpass(int order, double low_hz, double high_hz, double dt_s) {
  check_order("butterworth_bandpass", order);
  check_corner("butterworth_bandpass", "low_hz", low_hz, dt_s);
  check_corner("butterworth_bandpass", "high_hz", high_hz, dt_s);
  if (!(low_hz < high_hz)) {
    throw std::invalid_argument(
        fmt::format("butterworth_bandpass: low_hz = {}: expected below high_hz = {}", low_hz, high_hz));
  }
  const double W_low = prewarped(low_hz, dt_s);
  const double W_high = prewarped(high_hz, dt_s);
  const double B = W_high - W_low;
  PolesZerosGain analog{{}, std::vector<double>(static_cast<std::size_t>(order), 0.0), std::pow(B, order)};
  for (const Complex& p : prototype_poles(order)) {
    const Complex q = 0.5 * B * p;
    const Complex root = std::sqrt(q * q - W_low * W_high);
    analog.poles.push_back(q + root);  // (5)
    analog.poles.push_back(q - root);
  }
  return pair_into_sections(bilinear(analog));
}

double gain(const Sections& sections, double frequency_hz, double dt_s) {
  if (!(dt_s > 0.0 && frequency_hz >= 0.0 && frequency_hz * dt_s <= 0.5)) {
    throw std::invalid_argument(fmt::format("gain: frequency_hz = {}, dt_s = {}: expected dt_s above 0 and 0 to {} Hz",
                                            frequency_hz, dt_s, 0.5 / dt_s));
  }
  const Complex w = std::polar(1.0, -2.0 * std::numbers::pi * frequency_hz * dt_s);  // z^-1
  double product = 1.0;
  for (const SecondOrderSection& c : sections) {
    product *= std::abs((c.b0 + w * (c.b1 + w * c.b2)) / (1.0 + w * (c.a1 + w * c.a2)));  // (7)
  }
  return product;
}

double settling_time_s(const Sections& sections, double dt_s, double fraction) {
  if (!(fraction > 0.0 && fraction < 1.0 && dt_s > 0.0) || sections.empty()) {
    throw std::invalid_argument(fmt::format(
        "settling_time_s: {} sections, dt_s = {}, fraction = {}: expected one or more, above 0, between 0 and 1",
        sections.size(), dt_s, fraction));
  }
  double largest = 0.0;
  for (const SecondOrderSection& c : sections) {
    const Complex root = std::sqrt(Complex(0.25 * c.a1 * c.a1 - c.a2));
    largest = std::max({largest, std::abs(-0.5 * c.a1 + root), std::abs(-0.5 * c.a1 - root)});
  }
  return dt_s * std::log(fraction) / std::log(largest);
}

Eigen::ArrayXd filter_one_way(const Sections& sections, const Eigen::ArrayXd& x) {
  Eigen::ArrayXd y = x;
  run_in_place(sections, y, 0.0);
  return y;
}

Eigen::ArrayXd filter_zero_phase(const Sections& sections, const Eigen::ArrayXd& x) {
  Eigen::ArrayXd y = x;
  run_in_place(sections, y, 0.0);
  y.reverseInPlace();
  run_in_place(sections, y, 0.0);
  y.reverseInPlace();
  return y;
}

Eigen::ArrayXd filter_zero_phase_padded(const Sections& sections, const Eigen::ArrayXd& x) {
  const Eigen::Index n = x.size();
  const Eigen::Index edge = reflected_samples(sections);
  if (n <= edge) {
    throw std::invalid_argument(
        fmt::format("filter_zero_phase_padded: x has {} samples: expected more than the reflection of {}", n, edge));
  }
  Eigen::ArrayXd y(n + 2 * edge);
  y << 2.0 * x[0] - x.segment(1, edge).reverse(), x, 2.0 * x[n - 1] - x.segment(n - 1 - edge, edge).reverse();
  for (int pass = 0; pass < 2; ++pass) {
    run_in_place(sections, y, y[0]);
    y.reverseInPlace();
  }
  return y.segment(edge, n);
}

}  // namespace data
