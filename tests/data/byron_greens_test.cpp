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
#include <gtest/gtest.h>

#include <cmath>
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

support::SacFile file_of(const std::string& root, const std::string& station, double depth_km,
                         const std::string& series) {
  return support::read_sac(root + "/BK." + station + ".00." + std::to_string(static_cast<int>(depth_km)) + ".0000." +
                           series);
}

// Our series as CPS and the filter would have made it.
Eigen::ArrayXd as_theirs(const propagator::GreensFunctions& ours, std::size_t k) {
  const double sign = series_names[k].ends_with("SS") || series_names[k].ends_with("DS") ? -1.0 : 1.0;
  Eigen::ArrayXd x(n_seconds);
  for (Eigen::Index i = 0; i < n_seconds; ++i)
    x[i] = sign * ours.series(samples_per_second * i, static_cast<Eigen::Index>(k));
  x += x[n_seconds - 1] / (std::exp(2.5) - 1.0);  // (1)
  return filter_zero_phase(butterworth_bandpass(3, 0.02, 0.05, 1.0), x);
}

// Seen: amplitudes within 0.92 %; L2 0.6 to 2 % for 343 of the 360, on average 1.0 %; the other 17 are ZDS, ZDD and RDD at
// 10 km, up to 3.9 %. There the difference shrinks with depth (ZDS 3.9, 1.7, 0.8 % at 10, 12, 20 km), as that of a sum over
// wavenumbers which ends too early does; ours is converged to 1e-4.
TEST(Byron, GreensFunctionsEqualThoseOfComputerProgramsInSeismology) {
  const std::string root = support::reference("byron_m44/greens_gil7");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("byron_m44/greens_gil7");
  const propagator::LayeredModel model = propagator::read_layered_model(byron + "gil7.txt");
  const std::vector<Station> stations = read_stations(byron + "stations.txt");
  std::vector<double> distances_km;
  for (const Station& s : stations) distances_km.push_back(file_of(root, s.code, 10.0, "ZSS").distance_km);
  propagator::GreensSettings settings;
  settings.n_samples = samples_per_second * static_cast<int>(n_seconds);
  settings.dt_s = 1.0 / samples_per_second;
  settings.max_frequency_hz = 0.3;
  const auto ours = propagator::compute_greens_functions(model, depths_km, distances_km, settings);
  int n_above_two_percent = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const std::string& station = stations[i % stations.size()].code;
    for (std::size_t k = 0; k < series_names.size(); ++k) {
      const std::string& series = series_names[k];
      const support::SacFile file = file_of(root, station, ours[i].source_depth_km, series);
      const Eigen::ArrayXd theirs = si_per_unit * Eigen::Map<const Eigen::ArrayXd>(file.samples.data(), n_seconds);
      const Eigen::ArrayXd x = as_theirs(ours[i], k);
      const std::string name = station + " " + std::to_string(ours[i].source_depth_km) + " km " + series;
      EXPECT_NEAR(x.abs().maxCoeff() / theirs.abs().maxCoeff(), 1.0, 0.01) << name;
      const double l2 = std::sqrt((x - theirs).square().sum() / theirs.square().sum());
      const bool shallow_and_delicate =
          ours[i].source_depth_km == 10.0 && (series == "ZDS" || series == "ZDD" || series == "RDD");
      EXPECT_LE(l2, shallow_and_delicate ? 0.04 : 0.02) << name;
      n_above_two_percent += l2 > 0.02 ? 1 : 0;
    }
  }
  EXPECT_LE(n_above_two_percent, 17);
}

}  // namespace
}  // namespace data
