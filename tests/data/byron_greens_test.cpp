// Green's functions of the Byron experiment (data/byron) against those of Computer Programs in Seismology (CPS; Herrmann 2013)
// for the same model, as shared with mttime: 12 stations, 10, 12 and 20 km, ten series, 256 samples of 1 s from the origin
// time, cm for a step of 1e20 dyne cm (1e-15 m per N m), Z up.
//
// Both go through the same filter: theirs was made with ObsPy's band-pass 0.02-0.05 Hz, corners 3, forward and backward from
// rest, at 1 sample/s. Theirs are at distances rounded to 1 km, as their headers say; ours are computed at those.
//
// Signs. Herrmann writes u_Z = ... + ZSS ((Mxx - Myy)/2 cos 2phi + Mxy sin 2phi) + ZDS (Mxz cos phi + Myz sin phi), and the
// transverse terms likewise: SS and DS have the opposite sign of ours (propagator/greens_functions.h), DD and EX the same.
//
// Wrap-around. CPS damps by exp(-alpha t) with alpha T = 2.5 over its window T, so that the static offset u_end of a step
// comes back from every earlier period as the constant
//
//   u_end sum_{n >= 1} exp(-2.5 n) = u_end / (exp(2.5) - 1)                                                    (1)
//
// on which their unfiltered series stand from the first sample on. Ours are free of it (equation (5) there); (1) is added
// to them before the filter. A constant of free size, fitted to RSS, RDD and REX (the series with the largest offsets) at six
// stations and 10 km, comes out between 0.076 and 0.113 of the offset; (1) is 0.089.
//
// Upper limit. CPS (program hspec96) ends its sum over wavenumbers, for a source h below the receiver, at
//
//   k_max = 5 / h + 4 w / v_min,                                                                              (2)
//
// v_min the slowest S velocity of the model, 1.5 km/s here; only below the frequency where k_max h = 6 does it add the rest in
// closed form. At 0.02 Hz the kernels have fallen by exp(-k_max h) = 2e-4, 1e-4 and 8e-6 at 10, 12 and 20 km.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include "data/butterworth.h"
#include "data/station.h"
#include "propagator/greens_functions.h"
#include "propagator/layered_model.h"
#include "tests/support/reference.h"
#include "tests/support/sac_file.h"

namespace data {
namespace {

const std::string byron = FMNET_SOURCE_DIR "/data/byron/";
const std::vector<std::string> series_names = {"ZSS", "RSS", "TSS", "ZDS", "RDS", "TDS", "ZDD", "RDD", "ZEX", "REX"};
const std::vector<double> depths_km = {10.0, 12.0, 20.0};
constexpr double si_per_unit = 1e-15;
constexpr Eigen::Index n_seconds = 256;
constexpr int samples_per_second = 2;
constexpr double damping = 2.5;  // alpha T

class ByronGreens : public testing::Test {
 protected:
  void SetUp() override {
    root_ = support::reference("byron_m44/greens_gil7");
    if (root_.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44/greens_gil7");
    for (const Station& s : read_stations(byron + "stations.txt")) {
      stations_.push_back(s.code);
      distances_km_.push_back(file_of(s.code, depths_km.front(), "ZSS").distance_km);
    }
  }

  support::SacFile file_of(const std::string& station, double depth_km, const std::string& series) const {
    return support::read_sac(root_ + "/BK." + station + ".00." + std::to_string(static_cast<int>(depth_km)) + ".0000." +
                             series);
  }

  // What the largest amplitude of ours is to theirs, and the L2 of the difference relative to theirs; `ours` unfiltered, at
  // 1 sample/s, in our signs.
  struct Agreement {
    double amplitude, l2;
  };
  Agreement agreement(const Eigen::ArrayXd& ours, const std::string& station, double depth_km,
                      const std::string& series) const {
    const support::SacFile file = file_of(station, depth_km, series);
    const Eigen::ArrayXd theirs = si_per_unit * Eigen::Map<const Eigen::ArrayXd>(file.samples.data(), n_seconds);
    const double sign = series.ends_with("SS") || series.ends_with("DS") ? -1.0 : 1.0;
    const Eigen::ArrayXd x = sign * filter_zero_phase(butterworth_bandpass(3, 0.02, 0.05, 1.0), ours);
    return {x.abs().maxCoeff<Eigen::PropagateNaN>() / theirs.abs().maxCoeff<Eigen::PropagateNaN>(),
            std::sqrt((x - theirs).square().sum() / theirs.square().sum())};
  }

  std::string root_;
  std::vector<std::string> stations_;
  std::vector<double> distances_km_;
  propagator::LayeredModel model_ = propagator::read_layered_model(byron + "gil7.txt");
};

// One series as CPS has it before the filter: every second, with (1).
Eigen::ArrayXd every_second_with_wrap_around(const Eigen::ArrayXd& series) {
  const Eigen::ArrayXd x = series(Eigen::seqN(0, n_seconds, samples_per_second));
  return x + x[n_seconds - 1] / (std::exp(damping) - 1.0);  // (1)
}

// Seen: amplitudes within 0.92 %; L2 0.6 to 2 % for 343 of the 360, on average 1.0 %; the other 17 are ZDS, ZDD and RDD at
// 10 km, up to 3.9 %: the next test shows that they are what CPS leaves out of its sum. Ours is converged to 1e-4.
TEST_F(ByronGreens, EqualThoseOfComputerProgramsInSeismology) {
  propagator::GreensSettings settings;
  settings.n_samples = samples_per_second * static_cast<int>(n_seconds);
  settings.dt_s = 1.0 / samples_per_second;
  settings.max_frequency_hz = 0.3;
  const auto ours = propagator::compute_greens_functions(model_, depths_km, distances_km_, settings);
  int n_above_two_percent = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const std::string& station = stations_[i % stations_.size()];
    for (std::size_t k = 0; k < series_names.size(); ++k) {
      const std::string& series = series_names[k];
      const double depth_km = ours[i].source_depth_km;
      const Agreement found = agreement(every_second_with_wrap_around(ours[i].series.col(static_cast<Eigen::Index>(k))),
                                        station, depth_km, series);
      const std::string name = station + " " + std::to_string(depth_km) + " km " + series;
      EXPECT_NEAR(found.amplitude, 1.0, 0.01) << name;
      const bool shallow_and_delicate = depth_km == 10.0 && (series == "ZDS" || series == "ZDD" || series == "RDD");
      EXPECT_LE(found.l2, shallow_and_delicate ? 0.04 : 0.02) << name;
      n_above_two_percent += found.l2 > 0.02 ? 1 : 0;
    }
  }
  EXPECT_LE(n_above_two_percent, 17);
}

// The series at one depth with the sum ended at (2): per distance n_seconds x 10. Written out as (4) and (5) of
// propagator/greens_functions.h with CPS' window, whose wrap-around (1) they therefore have of themselves.
std::vector<Eigen::ArrayXXd> with_the_sum_ended(const propagator::LayeredModel& model, double depth_km,
                                                const std::vector<double>& distances_km) {
  constexpr double window_s = n_seconds, sigma_rad_s = damping / window_s, slowest_km_s = 1.5;
  constexpr int n_frequencies = 64;  // up to 0.25 Hz, faded from 0.2 Hz on: the filter passes 1e-8 of that
  std::vector<Eigen::ArrayXXd> u(distances_km.size(), Eigen::ArrayXXd::Zero(n_seconds, propagator::n_fundamentals));
  const Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(n_seconds, 0.0, n_seconds - 1.0);
  for (int j = 0; j < n_frequencies; ++j) {
    const double omega = 2.0 * std::numbers::pi * j / window_s;
    const double k_max = 5.0 / depth_km + 4.0 * omega / slowest_km_s;  // (2)
    propagator::GreensSettings settings;
    if (k_max * depth_km > 6.0) {
      settings.wavenumbers.rule = propagator::WavenumberRule::fk;
      settings.wavenumbers.fk_step = 0.05;
      settings.wavenumbers.fk_limit = k_max * depth_km;
      settings.wavenumbers.fk_max_slowness = 1e-6;  // the limit's part that grows with frequency is in fk_limit
    }
    const auto spectra =
        propagator::compute_spectra(model, {depth_km}, distances_km, {{omega}, sigma_rad_s, window_s}, settings);
    const double fade = j < 51 ? 1.0 : 0.5 + 0.5 * std::cos(std::numbers::pi * (j - 51) / (n_frequencies - 51));
    const std::complex<double> i_omega(sigma_rad_s, omega);  // i (w - i sigma)
    const Eigen::ArrayXcd wave = (t * i_omega).exp() / i_omega * (fade * (j == 0 ? 1.0 : 2.0) / window_s);
    for (std::size_t i = 0; i < u.size(); ++i) u[i] += (wave.matrix() * spectra[i].row(0).matrix()).real().array();
  }
  return u;
}

// Seen: all 360 within 1.85 %.
TEST_F(ByronGreens, WithTheSumEndedWhereTheyEndItAreWithinTwoPercentInEverySeries) {
  for (const double depth_km : depths_km) {
    const std::vector<Eigen::ArrayXXd> ours = with_the_sum_ended(model_, depth_km, distances_km_);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      for (std::size_t k = 0; k < series_names.size(); ++k) {
        const Agreement found =
            agreement(ours[i].col(static_cast<Eigen::Index>(k)), stations_[i], depth_km, series_names[k]);
        const std::string name = stations_[i] + " " + std::to_string(depth_km) + " km " + series_names[k];
        EXPECT_NEAR(found.amplitude, 1.0, 0.01) << name;
        EXPECT_LE(found.l2, 0.02) << name;
      }
    }
  }
}

}  // namespace
}  // namespace data
