#include "propagator/spectra.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

#include "propagator/greens_functions.h"
#include "propagator/wavenumber_integral.h"
#include "tests/oracles/whole_space.h"
#include "tests/propagator/models.h"
#include "tests/support/error_of.h"
#include "tests/support/npy.h"
#include "tests/support/reference.h"

namespace {

using propagator::GreensSettings;
using test_models::small_settings;

const std::vector<double> whole_space_distances = {5.0, 10.0, 30.0, 60.0, 100.0, 150.0};

std::vector<Eigen::ArrayXXcd> whole_space_spectra(const std::vector<double>& omega, double sigma) {
  GreensSettings s;
  s.free_surface = false;
  return compute_spectra(test_models::half_space(), {10.0}, whole_space_distances, {omega, sigma, 256.0}, s);
}

// Without the free surface the sum over wavenumbers must give the closed form, near and far field alike: relative L2 of each of
// the ten series over 0.02-0.2 Hz, at each distance.
TEST(Spectra, WithoutSurfaceTheyAreTheWholeSpaceSolution) {
  const double sigma = 2.0 / 256.0;
  std::vector<double> omega;
  for (int j = 6; j <= 51; ++j) omega.push_back(2.0 * std::numbers::pi * j / 256.0);
  const std::vector<Eigen::ArrayXXcd> ours = whole_space_spectra(omega, sigma);
  for (std::size_t d = 0; d < whole_space_distances.size(); ++d) {
    Eigen::ArrayXXcd theirs(ours[d].rows(), 10);
    for (std::size_t j = 0; j < omega.size(); ++j) {
      const std::array<std::complex<double>, 10> u = oracles::fundamental_spectra(
          {6.0, 3.464, 2.7}, whole_space_distances[d], 10.0, std::complex<double>(omega[j], -sigma));
      for (std::size_t c = 0; c < 10; ++c) theirs(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c)) = u[c];
    }
    for (int c = 0; c < 10; ++c) {
      EXPECT_LT((ours[d].col(c) - theirs.col(c)).matrix().norm(), 1e-4 * theirs.col(c).matrix().norm())
          << whole_space_distances[d] << " km, series " << c;
    }
  }
}

TEST(Spectra, TheWholeSpaceOracleIsTheReferenceFile) {
  const std::string path = support::reference("greens/fullspace_z10_T256_spec.npy");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("greens/fullspace_z10_T256_spec.npy");
  const support::Npy<std::complex<double>> file = support::read_npy<std::complex<double>>(path);
  for (std::size_t d = 0; d < whole_space_distances.size(); ++d) {
    for (std::size_t j = 0; j < 128; j += 9) {
      const std::complex<double> w(2.0 * std::numbers::pi * static_cast<double>(j) / 256.0, -2.0 / 256.0);
      const std::array<std::complex<double>, 10> u =
          oracles::fundamental_spectra({6.0, 3.464, 2.7}, whole_space_distances[d], 10.0, w);
      for (std::size_t c = 0; c < 10; ++c) {
        const std::complex<double> theirs = 1e-15 * file.values[(d * 10 + c) * 128 + j];
        const std::complex<double> mine = u[static_cast<std::size_t>(test_models::column_of_file[c])];
        // The closed form cancels to (w r / c)^2 of its terms at low frequency.
        EXPECT_LE(std::abs(mine - theirs), 1e-6 * std::abs(theirs)) << d << " " << j << " " << c;
      }
    }
  }
}

// The matrix product and the plain sum differ in the order of summation and in the Bessel functions' last digits.
TEST(Spectra, TheMatrixProductEqualsTheSumAsWritten) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> distances = {12.0, 70.0};
  const std::vector<double> depths = {3.0, 16.0};
  const std::vector<double> omega = {0.0, 0.2, 0.4, 0.7, 1.1};
  GreensSettings s = small_settings();
  const double sigma = 0.02;
  const std::vector<Eigen::ArrayXXcd> fast = compute_spectra(model, depths, distances, {omega, sigma, 100.0}, s);

  const propagator::LayerStack stack = cut_at(model, depths, 0.0, s.source_side, true);
  const propagator::WavenumberGrid grid({7.8, 3.18, depths, {3.64, 3.87}, 12.0, 70.0, omega.back(), sigma, 100.0},
                                        s.wavenumbers);
  std::vector<std::vector<propagator::Medium>> media(omega.size());
  for (std::size_t j = 0; j < omega.size(); ++j) {
    for (const propagator::Layer& layer : model.layers()) {
      media[j].push_back(medium_at(layer, s.attenuation, {omega[j], -sigma}));
    }
  }
  const propagator::WavenumberSum sum{stack, point_sources(s.excitation), distances, omega, media};
  for (std::size_t j = 0; j < omega.size(); ++j) {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::vector<std::complex<double>> plain =
          plain_sum(grid, sum, static_cast<int>(j), static_cast<int>(i / 2), distances[i % 2]);
      for (std::size_t c = 0; c < 10; ++c) {
        const std::complex<double> mine = fast[i](static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(c)) / 1e-15;
        EXPECT_LE(std::abs(mine - plain[c]), 1e-11 * std::abs(plain[c]) + 1e-16) << omega[j] << " " << i << " " << c;
      }
    }
  }
}

// Where v_p is little above v_s the Rayleigh wave is far slower than S, 0.73 v_s at v_p = 1.2 v_s. It is nearly all there is at 100 km from a
// shallow source at 1-2 Hz. Against a sum of another rule: midpoint rule with one small step and an end at twice the slowness of S.
TEST(Spectra, HoldTheRayleighWaveOfAMediumWithALowVpOverVs) {
  const propagator::LayeredModel model({{0.0, 3.6, 3.0, 2.5, test_models::elastic, test_models::elastic}});
  const std::vector<double> distances = {100.0, 150.0};
  std::vector<double> omega;
  for (const double hz : {1.0, 1.5, 2.0}) omega.push_back(2.0 * std::numbers::pi * hz);
  GreensSettings s;
  const std::vector<Eigen::ArrayXXcd> ours = compute_spectra(model, {1.0}, distances, {omega, 0.05, 100.0}, s);
  s.wavenumbers.rule = propagator::WavenumberRule::fk;
  s.wavenumbers.fk_step = 0.02;
  s.wavenumbers.fk_limit = 25.0;
  s.wavenumbers.fk_max_slowness = 2.0;
  const std::vector<Eigen::ArrayXXcd> fine = compute_spectra(model, {1.0}, distances, {omega, 0.05, 100.0}, s);
  for (std::size_t i = 0; i < distances.size(); ++i) {
    EXPECT_LE((ours[i] - fine[i]).matrix().norm(), 1e-5 * fine[i].matrix().norm()) << distances[i] << " km";
  }
}

// More distances than one block holds, against those of the second block in a call of their own whose nearest and farthest, and hence
// whose wavenumbers, are the same: the same bits.
TEST(Spectra, OfDistancesInManyBlocksAreThoseOfOneBlock) {
  const propagator::LayeredModel model = test_models::half_space();
  std::vector<double> all;
  for (int i = 0; i < 203; ++i) all.push_back(20.0 + 0.1 * i);
  std::vector<double> some = {all.front()};
  some.insert(some.end(), all.begin() + 188, all.end());
  const std::vector<double> omega = {0.0, 0.4};
  const std::vector<Eigen::ArrayXXcd> of_all =
      compute_spectra(model, {8.0}, all, {omega, 0.05, 50.0}, small_settings());
  const std::vector<Eigen::ArrayXXcd> of_some =
      compute_spectra(model, {8.0}, some, {omega, 0.05, 50.0}, small_settings());
  EXPECT_TRUE((of_all[0] == of_some[0]).all());
  for (std::size_t i = 1; i < some.size(); ++i) EXPECT_TRUE((of_all[187 + i] == of_some[i]).all()) << some[i] << " km";
}

// Only what static_displacements names counts; fk's discretisation would change RDS by 5 %.
TEST(StaticDisplacements, DoNotDependOnSettingsOfSeries) {
  const propagator::LayeredModel model = test_models::southern_california(35.0);
  GreensSettings s = propagator::fk_settings(64, 0.1, 30.0);
  s.excitation = propagator::Excitation::moment_tensor;
  const Eigen::ArrayXd plain = static_displacements(model, {8.0}, {20.0}, GreensSettings{})[0];
  EXPECT_TRUE((static_displacements(model, {8.0}, {20.0}, s)[0] == plain).all());
  s.wavenumbers.tolerance = 1e-7;
  const Eigen::ArrayXd finer = static_displacements(model, {8.0}, {20.0}, s)[0];
  EXPECT_FALSE((finer == plain).all()) << "the tolerance counts";
  s.receiver_depth_km = 3.0;
  EXPECT_FALSE((static_displacements(model, {8.0}, {20.0}, s)[0] == finer).all());
}

TEST(Spectra, RefusalsNameTheFunctionThatWasCalled) {
  const propagator::LayeredModel model = test_models::half_space();
  const auto message = [](const auto& call) { return support::error_of<std::invalid_argument>(call); };
  const auto spectra_message = [&](const std::vector<double>& omega, double sigma = 0.1) {
    return message([&] { compute_spectra(model, {5.0}, {10.0}, {omega, sigma, 50.0}, small_settings()); });
  };
  EXPECT_EQ(spectra_message({}), "compute_spectra: omega_rad_s has no elements: expected at least one");
  EXPECT_EQ(spectra_message({-1.0}), "compute_spectra: omega_rad_s[0] = -1: expected finite, at least 0");
  EXPECT_EQ(spectra_message({0.5, std::nan(""), 0.7}),
            "compute_spectra: omega_rad_s[1] = nan: expected finite, at least 0.5, the one before");
  EXPECT_EQ(spectra_message({0.5, 0.7, 0.6}),
            "compute_spectra: omega_rad_s[2] = 0.6: expected finite, at least 0.7, the one before");
  EXPECT_EQ(spectra_message({0.5}, 0.0), "compute_spectra: sigma_rad_s = 0: expected positive and finite");
  EXPECT_EQ(message([&] { static_displacements(model, {-1.0}, {10.0}, small_settings()); }),
            "static_displacements: source depth (km) = -1: expected 0 to 10000");
  EXPECT_EQ(
      message([&] {
        GreensSettings s = propagator::fk_settings(64, 1.0, 0.0);
        s.receiver_depth_km = 5.0;
        compute_spectra(model, {5.0}, {10.0}, {{0.5}, 0.1, 50.0}, s);
      }),
      "WavenumberGrid: vertical distance of source and receiver (km) = 0: expected above 0 with the rule fk, whose sum "
      "ends at fk_limit / h; take the rule converged");
}

}  // namespace
