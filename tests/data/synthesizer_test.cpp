#include "data/synthesizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "propagator/moment_tensor.h"
#include "tests/support/error_of.h"
#include "tests/support/far_field_library.h"
#include "tests/support/largest.h"

namespace {

using data::AugmentSettings;
using data::GreensLibrary;
using data::Normalization;
using data::PreprocessSettings;
using data::RowOrder;
using data::Synthesizer;
using data::Waveforms;
using propagator::FocalMechanism;

using std::numbers::pi;

std::shared_ptr<const GreensLibrary> library_of(const std::vector<data::Station>& stations,
                                                const std::vector<data::Place>& places) {
  return std::make_shared<const GreensLibrary>(support::far_field_library(stations, places));
}

const data::Place california{35.8, -117.6, 8.0};
const FocalMechanism mechanism{230.0, 80.0, -10.0};

AugmentSettings nothing_added() {
  AugmentSettings augment;
  augment.noise = false;
  augment.max_event_shift_samples = augment.max_station_shift_samples = 0;
  return augment;
}

TEST(Synthesizer, RadialAndTransverseTurnIntoEastAndNorthAsInObsPy) {
  // ObsPy's rotate_ne_rt, the other direction: R = -E sin b - N cos b, T = -E cos b + N sin b.
  for (int k = 0; k < 8; ++k) {
    const double b = k * pi / 4.0;
    const data::EastNorth en = data::east_north_from_radial_transverse(0.7, -0.4, b);
    EXPECT_NEAR(-en.east * std::sin(b) - en.north * std::cos(b), 0.7, 1e-15);
    EXPECT_NEAR(-en.east * std::cos(b) + en.north * std::sin(b), -0.4, 1e-15);
  }
  // A source due north of the station: away is south, clockwise about the source is west. Due east: west and north.
  const data::EastNorth radial = data::east_north_from_radial_transverse(1.0, 0.0, 0.0);
  EXPECT_NEAR(radial.north, -1.0, 1e-15);
  const data::EastNorth transverse = data::east_north_from_radial_transverse(0.0, 1.0, 0.0);
  EXPECT_NEAR(transverse.east, -1.0, 1e-15);
  EXPECT_NEAR(data::east_north_from_radial_transverse(1.0, 0.0, pi / 2).east, -1.0, 1e-15);
  EXPECT_NEAR(data::east_north_from_radial_transverse(0.0, 1.0, pi / 2).north, 1.0, 1e-15);
}

TEST(Synthesizer, EqualsTheFarFieldOfTheMomentTensorAtEightAzimuths) {
  // At the equator the meridians are parallel: azimuth and back-azimuth differ by 180 degrees (to 0.3 degrees at 50 km:
  // 50 km x sin(latitude) effects are below 1e-3). The expected motion is gamma (gamma' M gamma) f + t (t' M gamma) g,
  // vectors in north, east, down, with no use of fundamental series or rotations.
  const data::Place place{0.0, 0.0, 10.0};
  std::vector<data::Station> stations;
  for (int k = 0; k < 8; ++k) {
    const double azimuth = k * pi / 4.0 + 0.1;
    stations.push_back(
        {"XX", std::string("A").append(std::to_string(k)), 0.4 * std::cos(azimuth), 0.4 * std::sin(azimuth), 0.0});
  }
  const auto library = library_of(stations, {place});
  const PreprocessSettings settings;
  const Synthesizer synthesizer(library, settings, nothing_added(), 1);
  for (const FocalMechanism& m : {mechanism, FocalMechanism{30, 40, 70}, FocalMechanism{90, 90, 0}}) {
    const Waveforms rows = synthesizer.ground_motion(0, m);
    const Eigen::Matrix3d M = propagator::matrix(propagator::moment_tensor(m));
    for (int s = 0; s < 8; ++s) {
      const data::Path& path = library->path(0, s);
      const double phi = path.azimuth_deg * pi / 180.0;
      const double i = pi - std::atan2(path.distance_km, place.depth_km);
      const Eigen::Vector3d gamma(std::sin(i) * std::cos(phi), std::sin(i) * std::sin(phi), std::cos(i));
      const Eigen::Vector3d t(-std::sin(phi), std::cos(phi), 0.0);
      // The pulses through the chain by themselves.
      Eigen::ArrayXd f = Eigen::ArrayXd::Zero(600), g = f;
      const double p_s = 100.0 + library->p_time_s(0, s);
      for (int n = 0; n < 600; ++n) {
        f[n] = support::pulse(0, 0.5 * n - p_s);
        g[n] = support::pulse(1, 0.5 * n - p_s);
      }
      const double size = 1e-18 / support::hypocentral_km(place.depth_km, path.distance_km);
      const Eigen::ArrayXd P = size * data::filter_and_cut(f, 0.5, p_s, settings);
      const Eigen::ArrayXd SH = size * data::filter_and_cut(g, 0.5, p_s, settings);
      const Eigen::Vector3d p_motion = gamma * gamma.dot(M * gamma);
      const Eigen::Vector3d sh_motion = t * t.dot(M * gamma);
      const double scale = std::max(P.abs().maxCoeff<Eigen::PropagateNaN>(), SH.abs().maxCoeff<Eigen::PropagateNaN>());
      const std::array<int, 3> ned_of_component = {1, 0, 2};  // E, N, Z among north, east, down
      for (int c = 0; c < 3; ++c) {
        const double sign = c == 2 ? -1.0 : 1.0;
        const int axis = ned_of_component[static_cast<std::size_t>(c)];
        const Eigen::ArrayXd expected = sign * (p_motion[axis] * P + sh_motion[axis] * SH);
        const Eigen::ArrayXd got = rows.row(data::row_of(s, c, settings)).cast<double>().transpose().array();
        EXPECT_LE((got - expected).abs().maxCoeff<Eigen::PropagateNaN>(), 1e-4 * scale)
            << "azimuth " << path.azimuth_deg << ", component " << c;
      }
    }
  }
}

TEST(Synthesizer, AuxiliaryPlaneGivesTheSameSeismogram) {
  const auto library = library_of(support::ring_of_stations(16, 35.8, -117.6), {california});
  const Synthesizer synthesizer(library, PreprocessSettings{}, nothing_added(), 1);
  const Waveforms a = synthesizer.clean(0, mechanism);
  const Waveforms b = synthesizer.clean(0, propagator::auxiliary_plane(mechanism));
  EXPECT_LE((a - b).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1e-5f);  // float32, each row at most 1
}

TEST(Synthesizer, NoiseFreeUnshiftedSampleIsTheCleanOne) {
  const auto library = library_of(support::ring_of_stations(16, 35.8, -117.6), {california});
  const Synthesizer synthesizer(library, PreprocessSettings{}, nothing_added(), 1);
  EXPECT_EQ(synthesizer.synthesize(0, mechanism, 12), synthesizer.clean(0, mechanism));
}

TEST(Synthesizer, APositiveShiftTakesTheWindowLater) {
  const auto library = library_of(support::ring_of_stations(16, 35.8, -117.6), {california});
  PreprocessSettings settings;
  settings.normalization = Normalization::trace;
  AugmentSettings augment = nothing_added();
  augment.max_event_shift_samples = 4;
  augment.max_station_shift_samples = 5;
  const Synthesizer synthesizer(library, settings, augment, 3);
  const Waveforms clean = synthesizer.ground_motion(0, mechanism);
  for (std::uint64_t key = 0; key < 5; ++key) {
    const auto drawn = data::draw_augmentation(augment, 16, 3, key);
    const Waveforms rows = synthesizer.synthesize(0, mechanism, key);
    for (int s = 0; s < 16; ++s) {
      const int shift = drawn.shift_samples[static_cast<std::size_t>(s)];
      for (int c = 0; c < 3; ++c) {
        const int r = data::row_of(s, c, settings);
        // y_j = x_(j + shift), wherever both windows have the instant, up to the factor of the normalisation.
        const int first = std::max(0, -shift), n = 128 - std::abs(shift);
        const Eigen::VectorXd moved = rows.row(r).segment(first, n).cast<double>();
        const Eigen::VectorXd original = clean.row(r).segment(first + shift, n).cast<double>();
        EXPECT_NEAR(moved.normalized().dot(original.normalized()), 1.0, 1e-6);
      }
    }
  }
}

// The last of n stations stands where this mechanism's signal is zero: its far field is scaled by 0, so its rows are noise alone.
std::shared_ptr<const GreensLibrary> library_with_a_silent_station(int n_stations) {
  const auto stations = support::ring_of_stations(n_stations, 35.8, -117.6);
  auto settings = support::far_field_settings();
  auto source = support::far_field_source(settings.greens);
  const data::Station& silent = stations.back();
  const double silent_km =
      data::geodesic(california.latitude_deg, california.longitude_deg, silent.latitude_deg, silent.longitude_deg)
          .distance_km;
  const auto with_signal = source.series;
  source.series = [=](const auto& depths_km, const auto& distances_km, const auto& progress) {
    auto all = with_signal(depths_km, distances_km, progress);
    for (auto& g : all) {
      if (g.distance_km == silent_km) g.series.setZero();
    }
    return all;
  };
  return std::make_shared<const GreensLibrary>(
      GreensLibrary::assemble(support::half_space(), stations, {california}, settings, source));
}

// Of an even number the median is the mean of the two in the middle.
TEST(Synthesizer, NoiseHasTheDrawnRatioToTheMedianPeak) {
  PreprocessSettings preprocess;
  preprocess.normalization = Normalization::sample;
  AugmentSettings augment;
  augment.max_event_shift_samples = augment.max_station_shift_samples = 0;
  augment.snr_min = 500.0;  // so high that the largest value of the sample is that of the clean one, to 1 %
  augment.snr_max = 2000.0;
  for (const int n : {5, 4}) {
    const Synthesizer synthesizer(library_with_a_silent_station(n), preprocess, augment, 9);
    const Waveforms clean = synthesizer.clean(0, mechanism);  // normalised by the same largest value
    std::vector<double> peaks;
    for (int s = 0; s < n; ++s) peaks.push_back(support::largest_size(clean.middleRows(3 * s, 3)));
    EXPECT_EQ(peaks.back(), 0.0);
    std::sort(peaks.begin(), peaks.end());
    const double median = n == 5 ? peaks[2] : 0.5 * (peaks[1] + peaks[2]);
    if (n == 4) {
      ASSERT_GT(peaks[2], 1.3 * peaks[1]) << "else the test cannot tell them apart";
    }
    double mean = 0.0;
    const int n_keys = 200;
    for (std::uint64_t key = 0; key < n_keys; ++key) {
      const auto drawn = data::draw_augmentation(augment, n, 9, key);
      const Waveforms rows = synthesizer.synthesize(0, mechanism, key);
      const double rms = std::sqrt(rows.middleRows(3 * (n - 1), 3).array().square().mean());
      mean += std::pow(rms * drawn.snr / (drawn.noise_factor.back() * median), 2) / n_keys;
    }
    // 200 x 3 traces with about 13 independent values each: scatter of the mean square sqrt(2 / 7800) = 1.6 %.
    EXPECT_NEAR(mean, 1.0, 5 * 0.016 + 0.02) << n << " stations";
  }
}

// Rows without a signal are those of the noise model at the drawn level, from the substream of the noise.
TEST(Synthesizer, NoiseHasTheSpectrumOfTheDrawnLevel) {
  const auto library = library_with_a_silent_station(5);
  const PreprocessSettings preprocess;
  const Synthesizer synthesizer(library, preprocess, AugmentSettings{}, 9);
  const data::NoiseModel model(preprocess, library->settings().greens.dt_s);
  for (const double level : {0.0, 0.3, 1.0}) {
    const data::Augmentation drawn{10.0, level, std::vector<double>(5, 1.0), std::vector<int>(5, 0),
                                   std::vector<bool>(5, false)};
    const Waveforms rows = synthesizer.disturbed(0, mechanism, drawn, true, 77);
    for (const double of : {0.0, 0.3, 1.0}) {
      Waveforms noise = Waveforms::Zero(preprocess.n_rows, preprocess.n_samples);
      data::RandomStream random(9, 77, static_cast<std::uint64_t>(data::Draw::noise));
      model.add(noise, Eigen::ArrayXf::Ones(preprocess.n_rows), of, random);
      data::normalize(noise, preprocess);
      const double difference = support::largest_size(noise.middleRows(12, 3) - rows.middleRows(12, 3));
      if (of == level) {
        EXPECT_LT(difference, 1e-5) << level;
      } else {
        EXPECT_GT(difference, 1e-3) << level << " is not " << of;
      }
    }
  }
}

TEST(Synthesizer, RefusesATensorWithAChangeOfVolume) {
  const Synthesizer synthesizer(library_of(support::ring_of_stations(4, 35.8, -117.6), {california}),
                                PreprocessSettings{}, nothing_added(), 1);
  propagator::MomentTensor tensor = propagator::moment_tensor(mechanism, 1e18);
  EXPECT_NO_THROW(synthesizer.ground_motion(0, tensor));
  tensor.xx += 1e10;  // 1e-8 of the moment
  EXPECT_THROW(synthesizer.ground_motion(0, tensor), std::invalid_argument);
  tensor.xx = std::nan("");
  EXPECT_THROW(synthesizer.ground_motion(0, tensor), std::invalid_argument);
  EXPECT_THROW(Synthesizer(nullptr, PreprocessSettings{}, nothing_added(), 1), std::invalid_argument);
}

TEST(Synthesizer, MissingStationsAndSpareSlotsAreRowsOfZeros) {
  const auto library = library_of(support::ring_of_stations(11, 35.8, -117.6), {california});
  AugmentSettings augment;
  augment.drop_station_probability = 0.4;
  const PreprocessSettings settings;
  const Synthesizer synthesizer(library, settings, augment, 2);
  for (std::uint64_t key = 0; key < 20; ++key) {
    const auto drawn = data::draw_augmentation(augment, 11, 2, key);
    const Waveforms rows = synthesizer.synthesize(0, mechanism, key);
    for (int s = 0; s < 16; ++s) {
      const bool absent = s >= 11 || drawn.dropped[static_cast<std::size_t>(s)];
      for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(rows.row(data::row_of(s, c, settings)).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(),
                  absent ? 0.0f : 1.0f);
      }
    }
  }
}

TEST(Synthesizer, BothRowOrdersHoldTheSameRows) {
  const auto library = library_of(support::ring_of_stations(16, 35.8, -117.6), {california});
  PreprocessSettings by_station, by_component;
  by_component.row_order = RowOrder::component_major;
  const Synthesizer a(library, by_station, nothing_added(), 4);
  const Synthesizer b(library, by_component, nothing_added(), 4);
  const Waveforms rows_a = a.synthesize(0, mechanism, 8);
  const Waveforms rows_b = b.synthesize(0, mechanism, 8);
  for (int s = 0; s < 16; ++s) {
    for (int c = 0; c < 3; ++c) EXPECT_EQ(rows_a.row(3 * s + c), rows_b.row(16 * c + s));
  }
}

TEST(Synthesizer, RefusesAnotherChainThanTheLibrarys) {
  const auto library = library_of(support::ring_of_stations(16, 35.8, -117.6), {california});
  const auto refused = [&](const std::string& message, auto change, PreprocessSettings s = {}, AugmentSettings a = {}) {
    change(s, a);
    EXPECT_EQ(support::error_of<std::invalid_argument>([&] { Synthesizer(library, s, a, 1); }), message);
  };
  const auto differs = [&](const std::string& field, auto change) {
    refused("Synthesizer: " + field + " differs from the library's", [&](auto& s, auto&) { change(s); });
  };
  differs("low_hz", [](auto& s) { s.low_hz = 0.04; });
  differs("high_hz", [](auto& s) { s.high_hz = 0.12; });
  differs("order", [](auto& s) { s.order = 5; });
  differs("phase", [](auto& s) { s.phase = data::FilterPhase::zero_phase; });
  differs("quantity", [](auto& s) { s.quantity = data::Quantity::velocity; });
  differs("dt_s", [](auto& s) { s.dt_s = 0.5; });
  differs("n_samples", [](auto& s) { s.n_samples = 120; });
  differs("before_p_s", [](auto& s) { s.before_p_s = 10.0; });
  refused("Synthesizer: library of 16 stations: expected at most 15 (n_rows = 45)",
          [](auto& s, auto&) { s.n_rows = 45; });
  refused(
      "Synthesizer: max_event_shift_samples + max_station_shift_samples = 10: expected at most the library's margin 9",
      [](auto&, auto& a) { a.max_event_shift_samples = 9; });
  refused("AugmentSettings: snr_min = -1: expected above 0", [](auto&, auto& a) { a.snr_min = -1.0; });
}

}  // namespace
