#include "propagator/attenuation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace {

using Complex = std::complex<double>;

TEST(Attenuation, VelocityIsTheTableValueAtOneHertz) {
  const Complex c = propagator::complex_velocity_km_s(3.5, 100.0, 2.0 * std::numbers::pi);
  EXPECT_NEAR(c.real(), 3.5, 1e-12);
  EXPECT_NEAR(c.imag(), 3.5 * 0.005, 1e-12);
}

// A wave loses exp(-w x / (2 Q c)) over the distance x.
TEST(Attenuation, AWaveDecaysByItsQualityFactor) {
  const double omega = 2.0 * std::numbers::pi;
  const double x = 50.0;
  const Complex c = propagator::complex_velocity_km_s(3.5, 300.0, omega);
  const double amplitude = std::abs(std::exp(Complex(0.0, -1.0) * omega * x / c));
  EXPECT_NEAR(std::log(amplitude), -omega * x / (2.0 * 300.0 * 3.5), 1e-4);
}

TEST(Attenuation, HigherFrequenciesTravelFaster) {
  const double slow = propagator::complex_velocity_km_s(3.5, 50.0, 0.1).real();
  const double fast = propagator::complex_velocity_km_s(3.5, 50.0, 10.0).real();
  EXPECT_NEAR(fast - slow, 3.5 * std::log(100.0) / (std::numbers::pi * 50.0), 1e-12);
}

TEST(Attenuation, InfiniteQualityIsElastic) {
  const propagator::Layer layer{0.0, 6.0, 3.5, 2.7, INFINITY, INFINITY};
  const Complex omega(1.0, -0.1);
  for (const auto law :
       {propagator::AttenuationLaw::constant_q, propagator::AttenuationLaw::constant_q_real_shear_modulus}) {
    const propagator::Medium m = medium_at(layer, law, omega);
    EXPECT_NEAR(std::abs(m.mu - 2.7 * 3.5 * 3.5), 0.0, 1e-12);
    EXPECT_NEAR(std::abs(m.k_beta2 - omega * omega / (3.5 * 3.5)), 0.0, 1e-14);
    EXPECT_NEAR(std::abs(m.xi - 3.5 * 3.5 / 36.0), 0.0, 1e-14);
    EXPECT_NEAR(std::abs(m.inverse_L * 2.7 * 36.0 - 1.0), 0.0, 1e-14);
  }
}

TEST(Attenuation, RefusesWhatHasNoVelocity) {
  using propagator::complex_velocity_km_s;
  const Complex omega(1.0, -0.1);
  EXPECT_THROW(complex_velocity_km_s(0.0, 100.0, omega), std::invalid_argument);
  EXPECT_THROW(complex_velocity_km_s(3.0, 0.0, omega), std::invalid_argument);
  EXPECT_THROW(complex_velocity_km_s(3.0, std::nan(""), omega), std::invalid_argument);
  EXPECT_THROW(complex_velocity_km_s(3.0, 100.0, 0.0), std::invalid_argument);
  const propagator::Layer layer{0.0, 6.0, 3.5, 2.7, INFINITY, INFINITY};
  EXPECT_THROW(medium_at(layer, propagator::AttenuationLaw::constant_q, 0.0), std::invalid_argument);
  EXPECT_THROW(medium_at(layer, propagator::AttenuationLaw::constant_q, HUGE_VAL), std::invalid_argument);
}

TEST(Attenuation, OnlyOneOfTheLawsHasARealShearModulus) {
  const propagator::Layer layer{0.0, 6.0, 3.5, 2.7, 200.0, 100.0};
  const Complex omega(1.0, -0.1);
  EXPECT_EQ(medium_at(layer, propagator::AttenuationLaw::constant_q_real_shear_modulus, omega).mu.imag(), 0.0);
  EXPECT_GT(medium_at(layer, propagator::AttenuationLaw::constant_q, omega).mu.imag(), 0.0);
}

}  // namespace
