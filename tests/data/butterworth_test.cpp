#include "data/butterworth.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <fstream>
#include <limits>
#include <numbers>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using data::Sections;

// One line of tests/golden/butterworth.tsv.
struct Golden {
  std::string kind;
  int order;
  double low_hz, high_hz, dt_s;
  std::vector<double> values;
  std::string name() const {
    return kind + " order " + std::to_string(order) + " from " + std::to_string(low_hz) + " to " +
           std::to_string(high_hz) + " Hz, dt " + std::to_string(dt_s) + " s";
  }
};

std::vector<Golden> golden() {
  std::ifstream file(std::string(FMNET_SOURCE_DIR) + "/tests/golden/butterworth.tsv");
  std::vector<Golden> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    Golden g;
    double rate_hz = 0.0;
    fields >> g.kind >> g.order >> g.low_hz >> g.high_hz >> rate_hz;
    g.dt_s = 1.0 / rate_hz;
    for (double value; fields >> value;) g.values.push_back(value);
    lines.push_back(g);
  }
  return lines;
}

Sections design(const Golden& g) {
  if (g.kind == "lowpass") return data::butterworth_lowpass(g.order, g.low_hz, g.dt_s);
  if (g.kind == "highpass") return data::butterworth_highpass(g.order, g.low_hz, g.dt_s);
  return data::butterworth_bandpass(g.order, g.low_hz, g.high_hz, g.dt_s);
}

// The series of butterworth.py.
Eigen::ArrayXd series(int n) {
  Eigen::ArrayXd x(n);
  for (int i = 0; i < n; ++i) {
    x[i] = std::sin(0.37 * i) + 0.5 * std::cos(0.011 * i * i / 7.0) + 0.25 + (i >= n / 3 ? 1.0 : 0.0);
  }
  return x;
}

TEST(Butterworth, SectionsEqualThoseOfScipy) {
  int n_cases = 0;
  for (const Golden& g : golden()) {
    if (g.kind != "bandpass" && g.kind != "lowpass" && g.kind != "highpass") continue;
    const Sections sections = design(g);
    ASSERT_EQ(sections.size() * 6, g.values.size()) << g.name();
    for (std::size_t i = 0; i < sections.size(); ++i) {
      const double* expected = &g.values[6 * i];
      const auto& c = sections[i];
      // Denominators and unit numerators are of order 1: rounding of a few operations. The first section carries the gain,
      // a product of up to 16 factors each with a rounding error of 2e-16: relative 1e-14.
      const double scale = std::abs(expected[0]);
      EXPECT_NEAR(c.b0, expected[0], 1e-13 * scale) << g.name() << ", section " << i;
      EXPECT_NEAR(c.b1, expected[1], 1e-13 * scale) << g.name() << ", section " << i;
      EXPECT_NEAR(c.b2, expected[2], 1e-13 * scale) << g.name() << ", section " << i;
      EXPECT_EQ(expected[3], 1.0);
      EXPECT_NEAR(c.a1, expected[4], 1e-13) << g.name() << ", section " << i;
      EXPECT_NEAR(c.a2, expected[5], 1e-13) << g.name() << ", section " << i;
    }
    ++n_cases;
  }
  EXPECT_EQ(n_cases, 8 * 7 + 8 * 4);
}

// The largest difference of every 7th value, relative to the largest value; infinite where one is not a number.
double relative_difference(const Eigen::ArrayXd& y, const std::vector<double>& expected) {
  if (!y.allFinite()) return std::numeric_limits<double>::infinity();
  double difference = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    difference = std::max(difference, std::abs(y[static_cast<Eigen::Index>(7 * i)] - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return difference / largest;
}

// At 100 samples/s and 0.05 Hz, 1 - |p| is about 1e-3 and the sum of a section's denominator 1 + a1 + a2 about 1e-5, known
// to 1e-16: two programs that round differently agree to 1e-11 in the steady state, amplified by the cascade of four.
double output_tolerance(const Golden& g) { return g.dt_s < 0.02 ? 1e-9 : 1e-12; }

TEST(Butterworth, FilteredSeriesEqualThoseOfScipy) {
  int n_cases = 0;
  const Eigen::ArrayXd x = series(300);
  for (const Golden& g : golden()) {
    Eigen::ArrayXd y;
    if (g.kind == "one_way") y = data::filter_one_way(design(g), x);
    if (g.kind == "zero_phase") y = data::filter_zero_phase(design(g), x);
    if (g.kind == "padded") y = data::filter_zero_phase_padded(design(g), x);
    if (y.size() == 0) continue;
    EXPECT_LE(relative_difference(y, g.values), output_tolerance(g)) << g.name();
    ++n_cases;
  }
  EXPECT_EQ(n_cases, 15);
}

TEST(Butterworth, GainEqualsThatOfScipy) {
  const double frequencies_hz[] = {0.01, 0.03, 0.05, 0.07, 0.1, 0.2, 0.4};
  int n_cases = 0;
  for (const Golden& g : golden()) {
    if (g.kind != "gain") continue;
    ++n_cases;
    ASSERT_EQ(g.values.size(), std::size(frequencies_hz)) << g.name();
    for (std::size_t i = 0; i < g.values.size(); ++i) {
      // At 100 samples/s the zeros at z = 1 are met at a distance of 2 pi 0.01 / 100 = 6e-4 and the denominator
      // cancels from 1 to (6e-4)^2: 1e-16 / 4e-7 per section.
      EXPECT_NEAR(data::gain(design(g), frequencies_hz[i], g.dt_s), g.values[i], 1e-8 * g.values[i]) << g.name();
    }
  }
  EXPECT_EQ(n_cases, 5);
}

TEST(Butterworth, GainIsTheButterworthFormula) {
  // |H|^2 = 1 / (1 + Omega^(2n)) with Omega = (W^2 - W0^2) / (W B) of the prewarped frequencies.
  const double dt_s = 0.5;
  const auto W = [dt_s](double f) { return std::tan(std::numbers::pi * f * dt_s); };
  for (int order = 1; order <= 8; ++order) {
    const Sections sections = data::butterworth_bandpass(order, 0.05, 0.1, dt_s);
    for (const double f : {0.02, 0.05, 0.0707, 0.1, 0.3, 0.9}) {
      const double omega = (W(f) * W(f) - W(0.05) * W(0.1)) / (W(f) * (W(0.1) - W(0.05)));
      const double expected = 1.0 / std::sqrt(1.0 + std::pow(omega, 2 * order));
      EXPECT_NEAR(data::gain(sections, f, dt_s), expected, 1e-12 + 1e-10 * expected) << "order " << order << ", " << f;
    }
  }
}

TEST(Butterworth, CornersOfThePaperBandHaveGainOneOverRootTwo) {
  const Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 1.0);
  EXPECT_NEAR(data::gain(sections, 0.05, 1.0), std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(data::gain(sections, 0.1, 1.0), std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(data::gain(sections, 0.0, 1.0), 0.0, 1e-12);
}

TEST(Butterworth, OnePassIsCausalAndStartsAtRest) {
  const Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 0.5);
  Eigen::ArrayXd x = Eigen::ArrayXd::Zero(100);
  x[40] = 1.0;
  const Eigen::ArrayXd y = data::filter_one_way(sections, x);
  EXPECT_EQ(y.head(40).abs().maxCoeff<Eigen::PropagateNaN>(), 0.0);
  EXPECT_NE(y[40], 0.0);
}

TEST(Butterworth, ZeroPhaseResponseIsSymmetricAboutItsImpulse) {
  const Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 1.0);
  Eigen::ArrayXd x = Eigen::ArrayXd::Zero(2001);
  x[1000] = 1.0;
  const Eigen::ArrayXd y = data::filter_zero_phase(sections, x);
  EXPECT_LE((y - y.reverse()).abs().maxCoeff<Eigen::PropagateNaN>(), 1e-14);
  // Its spectrum is the squared gain: the sum of y cos(w t) about the centre.
  for (const double f : {0.03, 0.07, 0.15}) {
    double sum = 0.0;
    for (int i = 0; i < 2001; ++i) sum += y[i] * std::cos(2.0 * std::numbers::pi * f * (i - 1000));
    EXPECT_NEAR(sum, std::pow(data::gain(sections, f, 1.0), 2), 1e-12);
  }
}

TEST(Butterworth, SettlesWithinTheStatedTime) {
  // The largest pole of this filter is 0.95885, so 1e-3 takes ln(1e-3) / ln(0.95885) = 164 samples.
  const Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 1.0);
  EXPECT_NEAR(data::settling_time_s(sections, 1.0, 1e-3), std::log(1e-3) / std::log(0.95885), 0.05);
  Eigen::ArrayXd x = Eigen::ArrayXd::Zero(400);
  x[0] = 1.0;
  const Eigen::ArrayXd y = data::filter_one_way(sections, x);
  EXPECT_LE(y.tail(400 - 170).abs().maxCoeff<Eigen::PropagateNaN>(), 2e-3 * y.abs().maxCoeff<Eigen::PropagateNaN>());
}

TEST(Butterworth, RefusesWhatIsNoFilter) {
  EXPECT_THROW(data::butterworth_bandpass(0, 0.05, 0.1, 1.0), std::invalid_argument);
  EXPECT_THROW(data::butterworth_bandpass(4, 0.1, 0.05, 1.0), std::invalid_argument);
  EXPECT_THROW(data::butterworth_bandpass(4, 0.05, 0.5, 1.0), std::invalid_argument);
  EXPECT_THROW(data::butterworth_bandpass(4, 0.0, 0.1, 1.0), std::invalid_argument);
  EXPECT_THROW(data::butterworth_bandpass(4, 0.05, 0.1, std::nan("")), std::invalid_argument);
  EXPECT_THROW(data::butterworth_lowpass(2, 0.6, 1.0), std::invalid_argument);
  EXPECT_THROW(data::filter_zero_phase_padded(data::butterworth_bandpass(4, 0.05, 0.1, 1.0), Eigen::ArrayXd::Ones(27)),
               std::invalid_argument);
}

TEST(Butterworth, RefusesWhatHasNoIntervalOrNoSections) {
  const Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 0.5);
  EXPECT_THROW(data::gain(sections, 0.1, 0.0), std::invalid_argument);
  EXPECT_THROW(data::gain(sections, 0.1, -0.5), std::invalid_argument);
  EXPECT_THROW(data::settling_time_s(sections, 0.0, 1e-3), std::invalid_argument);
  EXPECT_THROW(data::settling_time_s({}, 0.5, 1e-3), std::invalid_argument);
}

}  // namespace
