// Sources and receivers at any depth, forces, the static limit: against closed forms, reciprocity and limits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "propagator/greens_functions.h"
#include "propagator/moment_tensor.h"
#include "propagator/radiation.h"
#include "tests/oracles/lamb.h"
#include "tests/oracles/mindlin.h"
#include "tests/oracles/okada.h"
#include "tests/oracles/whole_space.h"
#include "tests/propagator/models.h"
#include "tests/support/largest.h"

namespace {

using Complex = std::complex<double>;
using propagator::Excitation;
using propagator::ForceSeries;
using propagator::GreensSettings;

const std::vector<double> receiver_omega = {0.0, 0.15, 0.4, 0.9, 1.6};
constexpr double receiver_sigma = 0.02;

std::vector<Eigen::ArrayXXcd> spectra(const propagator::LayeredModel& model, const std::vector<double>& depths,
                                      const std::vector<double>& distances, const GreensSettings& s) {
  return compute_spectra(model, depths, distances, {receiver_omega, receiver_sigma, 100.0}, s);
}

// Receivers above and below the source, moment and force: the closed form depends on their difference in depth alone.
TEST(SourceAndReceiver, InAWholeSpaceTheyAreTheClosedForm) {
  const oracles::WholeSpace medium{6.0, 3.464, 2.7};
  const std::vector<double> depths = {4.0, 11.0, 25.0};
  const std::vector<double> distances = {5.0, 40.0};
  for (const Excitation excitation : {Excitation::moment_tensor, Excitation::single_force}) {
    GreensSettings s;
    s.free_surface = false;
    s.receiver_depth_km = 12.0;
    s.excitation = excitation;
    const std::vector<Eigen::ArrayXXcd> ours = spectra(test_models::half_space(), depths, distances, s);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const double height = depths[i / 2] - 12.0;
      for (std::size_t j = 1; j < receiver_omega.size(); ++j) {
        std::vector<Complex> theirs;
        const Complex w(receiver_omega[j], -receiver_sigma);
        if (excitation == Excitation::moment_tensor) {
          const auto u = oracles::fundamental_spectra(medium, distances[i % 2], height, w);
          theirs.assign(u.begin(), u.end());
        } else {
          const auto u = oracles::force_spectra(medium, distances[i % 2], height, w);
          theirs.assign(u.begin(), u.end());
        }
        double largest = 0.0;
        for (const Complex& u : theirs) largest = std::max(largest, std::abs(u));
        for (std::size_t c = 0; c < theirs.size(); ++c) {
          const Complex mine = ours[i](static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c));
          EXPECT_LE(std::abs(mine - theirs[c]), 1e-4 * largest) << i << " w " << receiver_omega[j] << " series " << c;
        }
      }
    }
  }
}

// A force at a seen at b against a force at b seen at a: G_zz and G_xx are equal, G_xz and G_zx of one size. One grid of
// wavenumbers serves both, so equal up to rounding: 1e-8 of the largest.
TEST(SourceAndReceiver, AreReciprocal) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> distances = {3.0, 50.0};
  GreensSettings s;
  s.excitation = Excitation::single_force;
  const auto from = [&](double source_km, double receiver_km) {
    s.receiver_depth_km = receiver_km;
    return spectra(model, {source_km}, distances, s);
  };
  const auto column = [](ForceSeries c) { return static_cast<Eigen::Index>(c); };
  for (const std::array<double, 2> pair : {std::array<double, 2>{0.0, 8.0}, {3.0, 22.0}, {2.0, 2.5}, {16.0, 40.0}}) {
    const std::vector<Eigen::ArrayXXcd> up = from(pair[1], pair[0]);
    const std::vector<Eigen::ArrayXXcd> down = from(pair[0], pair[1]);
    for (std::size_t i = 0; i < distances.size(); ++i) {
      const double tolerance = 1e-8 * support::largest_size(up[i]);
      const auto equal = [&](ForceSeries a, ForceSeries b, double sign) {
        EXPECT_LE(support::largest_size(up[i].col(column(a)) - sign * down[i].col(column(b))), tolerance)
            << pair[0] << " and " << pair[1] << " km, series " << column(a);
      };
      equal(ForceSeries::ZVF, ForceSeries::ZVF, 1.0);
      equal(ForceSeries::RHF, ForceSeries::RHF, 1.0);
      equal(ForceSeries::THF, ForceSeries::THF, 1.0);
      // A force north at a moves b up as a force up at b moves a towards the south: -ZVF counts a force up, and the
      // direction from b to a is turned.
      equal(ForceSeries::ZHF, ForceSeries::RVF, 1.0);
      equal(ForceSeries::RVF, ForceSeries::ZHF, 1.0);
    }
  }
}

// M_zz is a pair of vertical forces: the derivative of the force's field with respect to the source depth, here by central
// differences, whose error is that of their third derivative, (k step)^2 / 6 with k up to 1 /km.
TEST(SourceAndReceiver, AVerticalDipoleIsTheDerivativeOfAVerticalForce) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const double step_km = 0.02;
  for (const double receiver_km : {0.0, 14.0}) {
    GreensSettings s;
    s.receiver_depth_km = receiver_km;
    s.wavenumbers.tolerance = 1e-7;
    const Eigen::ArrayXXcd moment = spectra(model, {9.0}, {20.0}, s)[0];
    s.excitation = Excitation::single_force;
    const std::vector<Eigen::ArrayXXcd> force = spectra(model, {9.0 - step_km, 9.0 + step_km}, {20.0}, s);
    // M_zz = (DD + EX) / 3 (radiation.h); step in m.
    const Eigen::ArrayXcd z = (moment.col(6) + moment.col(8)) / 3.0;
    const Eigen::ArrayXcd r = (moment.col(7) + moment.col(9)) / 3.0;
    const Eigen::ArrayXXcd derivative = (force[1] - force[0]) / (2000.0 * step_km);
    EXPECT_LE(support::largest_size(z - derivative.col(3)), 1e-3 * support::largest_size(z));
    EXPECT_LE(support::largest_size(r - derivative.col(4)), 1e-3 * support::largest_size(r));
  }
}

TEST(SourceAndReceiver, LambsProblemAtTheSurface) {
  const double r = 10.0, beta = 3.464, width_s = 0.25, T = 40.0, damping = 8.0 / T;
  std::vector<double> w;
  for (int j = 0; j < 160; ++j) w.push_back(2.0 * std::numbers::pi * j / T);
  GreensSettings s;
  s.excitation = Excitation::single_force;
  const Eigen::ArrayXXcd G = compute_spectra(test_models::half_space(), {0.0}, {r}, {w, damping, T}, s)[0];
  const double mu_pa = 2.7 * beta * beta * 1e9;
  double worst = 0.0, largest = 0.0;
  for (double t = 0.5; t < 8.0; t += 0.05) {
    double u = 0.0;
    for (std::size_t j = 0; j < w.size(); ++j) {
      const Complex complex_w(w[j], -damping);
      const Complex step = std::exp(-0.5 * complex_w * complex_w * width_s * width_s) / (Complex(0.0, 1.0) * complex_w);
      u += (j == 0 ? 1.0 : 2.0) * (step * G(static_cast<Eigen::Index>(j), 3) * std::polar(1.0, w[j] * t)).real();
    }
    u *= std::exp(damping * t) / T;
    const double theirs =
        oracles::smoothed_lamb_w(beta * t / r, beta * width_s / r) / (32.0 * std::numbers::pi * mu_pa * r * 1e3);
    worst = support::larger(worst, std::abs(-u - theirs));  // ZVF is up, the force is down
    largest = support::larger(largest, std::abs(theirs));
  }
  EXPECT_LE(worst, 1e-2 * largest);
}

// 1e-3 of the largest component: strike slip, dip slip and opening of faults with several dips, around the source.
TEST(SourceAndReceiver, TheStaticLimitIsOkadasPointSource) {
  const double depth = 7.0, mu = 2.7 * 3.464 * 3.464, lambda = 2.7 * 36.0 - 2.0 * mu;
  const propagator::LayeredModel model = test_models::half_space();
  for (const double x : {3.0, 12.0, 60.0}) {
    const Eigen::ArrayXd g = static_displacements(model, {depth}, {x}, GreensSettings{})[0];
    for (const double dip : {20.0, 70.0, 90.0}) {
      for (const double azimuth : {10.0, 130.0, 250.0}) {
        const double phi = azimuth * std::numbers::pi / 180.0, delta = dip * std::numbers::pi / 180.0;
        for (const auto kind :
             {oracles::Dislocation::strike_slip, oracles::Dislocation::dip_slip, oracles::Dislocation::tensile}) {
          propagator::MomentTensor M =
              propagator::moment_tensor({0.0, dip, kind == oracles::Dislocation::dip_slip ? 90.0 : 0.0});
          if (kind == oracles::Dislocation::tensile) {
            // lambda / mu on the diagonal and 2 n n', n = (0, sin delta, -cos delta): towards the hanging wall, north-east-down.
            const double s = std::sin(delta), c = std::cos(delta), l = lambda / mu;
            M = {l, l + 2.0 * s * s, l + 2.0 * c * c, 0.0, 0.0, -2.0 * s * c};
          }
          const propagator::RadiationWeights w = radiation_weights(M, phi);
          const std::array<double, 3> ours = {w.ss * g[0] + w.ds * g[3] + w.dd * g[6] + w.ex * g[8],
                                              w.ss * g[1] + w.ds * g[4] + w.dd * g[7] + w.ex * g[9],
                                              w.transverse_ss * g[2] + w.transverse_ds * g[5]};
          const std::array<double, 3> u =
              oracles::okada_point(kind, x * std::cos(phi), -x * std::sin(phi), depth, delta, mu / (lambda + mu));
          const double north = u[0], east = -u[1];
          const std::array<double, 3> theirs = {u[2], north * std::cos(phi) + east * std::sin(phi),
                                                -north * std::sin(phi) + east * std::cos(phi)};
          const double unit = 1e-15 / mu;
          const double largest = unit * std::hypot(theirs[0], theirs[1], theirs[2]);
          for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_NEAR(ours[i], unit * theirs[i], 1e-3 * largest) << x << " km, dip " << dip << ", azimuth " << azimuth
                                                                   << ", kind " << static_cast<int>(kind) << ", " << i;
          }
        }
      }
    }
  }
}

// 2e-7 of the largest series, at tolerance 1e-8: forces in and on a half-space and in a whole space, receivers at the surface and below
// (the sum's own floor is some 1e-8 where source and receiver are at one depth).
TEST(SourceAndReceiver, TheStaticLimitOfForcesIsMindlinsSolution) {
  const double mu = 2.7 * 3.464 * 3.464, lambda = 2.7 * 36.0 - 2.0 * mu, poisson = 0.5 * lambda / (lambda + mu);
  for (const bool half_space : {true, false}) {
    for (const double depth : {0.0, 7.0}) {
      for (const double receiver : {0.0, 2.0}) {
        GreensSettings s;
        s.excitation = Excitation::single_force;
        s.free_surface = half_space;
        s.receiver_depth_km = receiver;
        s.wavenumbers.tolerance = 1e-8;
        const std::vector<double> distances = {3.0, 60.0};
        const std::vector<Eigen::ArrayXd> ours = static_displacements(test_models::half_space(), {depth}, distances, s);
        for (std::size_t i = 0; i < distances.size(); ++i) {
          const std::array<double, 5> theirs =
              oracles::static_force_series(distances[i], receiver, depth, poisson, half_space);
          const double unit = 1e-12 / mu;
          const double largest = unit * *std::max_element(theirs.begin(), theirs.end(),
                                                          [](double a, double b) { return std::abs(a) < std::abs(b); });
          for (std::size_t c = 0; c < 5; ++c) {
            EXPECT_NEAR(ours[i][static_cast<Eigen::Index>(c)], unit * theirs[c], 2e-7 * std::abs(largest))
                << "half-space " << half_space << ", from " << depth << " to " << receiver << " km, " << distances[i]
                << " km away, series " << c;
          }
        }
      }
    }
  }
}

// One metre from the point above the source: in a whole space the closed form, on a layered one the value half a metre nearer, to
// the square of distance over depth, or in proportion to distance^m where a series vanishes above the source.
TEST(SourceAndReceiver, AMetreBesideThePointAboveTheSourceIsExactAndContinuous) {
  GreensSettings s;
  s.free_surface = false;
  const Eigen::ArrayXXcd whole = spectra(test_models::half_space(), {10.0}, {1e-3}, s)[0];
  for (std::size_t j = 1; j < receiver_omega.size(); ++j) {
    const auto theirs =
        oracles::fundamental_spectra({6.0, 3.464, 2.7}, 1e-3, 10.0, Complex(receiver_omega[j], -receiver_sigma));
    for (std::size_t c = 0; c < theirs.size(); ++c) {
      // ZDS, ZSS, RSS, TSS vanish with x or x^2: they are 1e-4 and 1e-8 of the others and have fewer digits.
      const double floor = 1e-4 * std::abs(theirs[static_cast<std::size_t>(propagator::Fundamental::ZEX)]);
      EXPECT_LE(std::abs(whole(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c)) - theirs[c]),
                1e-3 * std::abs(theirs[c]) + 1e-4 * floor)
          << receiver_omega[j] << " series " << c;
    }
  }
  s.free_surface = true;
  const std::vector<Eigen::ArrayXXcd> near = spectra(test_models::southern_california(35.0), {8.0}, {2e-3, 1e-3}, s);
  const std::array<int, 10> power = {2, 1, 1, 1, 0, 0, 0, 1, 0, 1};  // of x: ZSS RSS TSS ZDS RDS TDS ZDD RDD ZEX REX
  for (Eigen::Index c = 0; c < 10; ++c) {
    const Eigen::ArrayXcd nearer = std::pow(2.0, power[static_cast<std::size_t>(c)]) * near[1].col(c);
    EXPECT_LE(support::largest_size(near[0].col(c) - nearer), 1e-4 * support::largest_size(nearer)) << "series " << c;
  }
}

// Across an interface every series tends to the value of its side; the surface is the limit of shallow sources.
TEST(SourceAndReceiver, TheFieldIsContinuousAsTheSourceMoves) {
  const propagator::LayeredModel model = test_models::southern_california(32.0);
  GreensSettings s;
  const double step_km = 1e-5;
  s.source_side = propagator::InterfaceSide::below;
  const std::vector<Eigen::ArrayXXcd> below = spectra(model, {16.0, 16.0 + step_km}, {40.0}, s);
  s.source_side = propagator::InterfaceSide::above;
  const std::vector<Eigen::ArrayXXcd> above = spectra(model, {16.0, 16.0 - step_km}, {40.0}, s);
  const double largest = support::largest_size(below[0]);
  EXPECT_LE(support::largest_size(below[0] - below[1]), 1e-4 * largest);
  EXPECT_LE(support::largest_size(above[0] - above[1]), 1e-4 * largest);
  EXPECT_GE(support::largest_size(above[0] - below[0]), 0.05 * largest);
  const std::vector<Eigen::ArrayXXcd> surface = spectra(model, {0.0, 1e-4}, {40.0}, s);
  EXPECT_LE(support::largest_size(surface[0] - surface[1]), 1e-3 * support::largest_size(surface[1]));
}

// A force on both sides of an interface: no elastic constant of the source enters, so there is no step.
TEST(SourceAndReceiver, AForceKnowsNoSideOfAnInterface) {
  const propagator::LayeredModel model = test_models::southern_california(32.0);
  GreensSettings s;
  s.excitation = Excitation::single_force;
  const Eigen::ArrayXXcd below = spectra(model, {16.0}, {40.0}, s)[0];
  s.source_side = propagator::InterfaceSide::above;
  EXPECT_TRUE((spectra(model, {16.0}, {40.0}, s)[0] == below).all());
}

}  // namespace
