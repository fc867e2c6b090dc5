#include "data/greens_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "propagator/errors.h"
#include "tests/support/error_of.h"
#include "tests/support/far_field_library.h"
#include "tests/support/input_error.h"
#include "tests/support/thread_count.h"

namespace {

using data::GreensLibrary;
using data::GreensLibrarySettings;
using data::Place;
using data::Station;
using propagator::InputError;
using support::small_library_settings;
using support::some_places;
using support::some_stations;
using testing::HasSubstr;

TEST(GreensLibrary, HoldsThePathsAndPTimesOfEveryPair) {
  const GreensLibrary library = support::far_field_library(some_stations, some_places);
  ASSERT_EQ(library.n_places(), 4);
  ASSERT_EQ(library.n_stations(), 3);
  EXPECT_EQ(library.n_samples(), 128 + 2 * 9);
  for (int place = 0; place < 4; ++place) {
    for (int station = 0; station < 3; ++station) {
      const auto& p = some_places[static_cast<std::size_t>(place)];
      const auto& s = some_stations[static_cast<std::size_t>(station)];
      const data::Path path = data::geodesic(p.latitude_deg, p.longitude_deg, s.latitude_deg, s.longitude_deg);
      EXPECT_EQ(library.path(place, station).distance_km, path.distance_km);
      EXPECT_EQ(library.path(place, station).azimuth_deg, path.azimuth_deg);
      EXPECT_EQ(library.path(place, station).back_azimuth_deg, path.back_azimuth_deg);
      EXPECT_EQ(library.p_time_s(place, station), std::hypot(path.distance_km, p.depth_km) / 6.0);
    }
  }
  EXPECT_THROW(library.path(4, 0), std::out_of_range);
  EXPECT_THROW(library.series(0, 3), std::out_of_range);
  EXPECT_THROW(library.series(-1, 0), std::out_of_range);
}

TEST(GreensLibrary, SeriesAreTheFilteredOnesWithPOnItsSample) {
  // Each column against the chain run by hand on the series of its own pair, delayed by 100 s of rest.
  const GreensLibrarySettings settings = support::far_field_settings();
  const GreensLibrary library = support::far_field_library(some_stations, some_places, settings);
  using propagator::Fundamental;
  const Fundamental order[] = {Fundamental::ZSS, Fundamental::RSS, Fundamental::TSS, Fundamental::ZDS,
                               Fundamental::RDS, Fundamental::TDS, Fundamental::ZDD, Fundamental::RDD};
  for (const auto& [place, station] : {std::pair{0, 0}, std::pair{1, 2}, std::pair{3, 1}}) {
    const auto& path = library.path(place, station);
    const double depth_km = some_places[static_cast<std::size_t>(place)].depth_km;
    const auto greens = support::far_field(depth_km, path.distance_km, settings.greens);
    for (int column = 0; column < 8; ++column) {
      Eigen::ArrayXd record = Eigen::ArrayXd::Zero(200 + greens.series.rows());
      record.tail(greens.series.rows()) = greens.series.col(static_cast<int>(order[column]));
      const Eigen::ArrayXd expected = data::filter_and_cut(record, 0.5, 100.0 + library.p_time_s(place, station),
                                                           settings.preprocess, settings.margin);
      const Eigen::ArrayXd got = library.series(place, station).col(column).cast<double>().array();
      EXPECT_LE((got - expected).abs().maxCoeff<Eigen::PropagateNaN>(),
                1e-6 * expected.abs().maxCoeff<Eigen::PropagateNaN>() + 1e-40);  // float32
      // Nothing moves before the P time, to the ringing of the interpolation (3e-5).
      EXPECT_LE(got.head(15 + 9).abs().maxCoeff<Eigen::PropagateNaN>(),
                1e-4 * got.abs().maxCoeff<Eigen::PropagateNaN>() + 1e-40);
    }
  }
}

TEST(GreensLibrary, DepthsWithTheSameDistancesAreAskedForTogether) {
  // A regular grid: one call with all depths and distances. Two depths here, two others there: two calls.
  int n_calls = 0;
  std::size_t n_series = 0;
  const GreensLibrarySettings settings = small_library_settings();
  auto source = support::far_field_source(settings.greens);
  const auto plain = source.series;
  source.series = [&](const auto& depths_km, const auto& distances_km, const auto& progress) {
    ++n_calls;
    n_series += depths_km.size() * distances_km.size();
    return plain(depths_km, distances_km, progress);
  };
  GreensLibrary::assemble(support::half_space(), some_stations, some_places, settings, source);
  EXPECT_EQ(n_calls, 1);
  EXPECT_EQ(n_series, 2U * 6U);
  std::vector<Place> scattered = some_places;
  scattered[1].depth_km = 7.0;
  scattered[2].depth_km = 9.0;
  n_calls = 0;
  n_series = 0;
  const GreensLibrary library =
      GreensLibrary::assemble(support::half_space(), some_stations, scattered, settings, source);
  EXPECT_EQ(n_calls, 2);
  EXPECT_EQ(n_series, 2U * 2U * 3U);
  // The same place gives the same series in either company.
  const GreensLibrary regular = support::far_field_library(some_stations, some_places, settings);
  for (int s = 0; s < 3; ++s) EXPECT_EQ(library.series(0, s), regular.series(0, s));
}

TEST(GreensLibrary, SeriesMayBeginBeforeTheOriginTime) {
  // Ten seconds of rest before the origin time, given by the source or prepended here: the same library.
  GreensLibrarySettings settings = small_library_settings();
  const GreensLibrary from_origin = support::far_field_library(some_stations, some_places, settings);
  settings.greens.first_sample_s = -10.0;
  settings.greens.n_samples += 20;
  const GreensLibrary from_before = support::far_field_library(some_stations, some_places, settings);
  for (int place = 0; place < 4; ++place) {
    for (int s = 0; s < 3; ++s) {
      const Eigen::MatrixXf expected = from_origin.series(place, s);
      const float difference = (from_before.series(place, s) - expected).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
      EXPECT_LE(difference,
                1e-6f * expected.cwiseAbs().maxCoeff<Eigen::PropagateNaN>());  // times are rounded differently
    }
  }
}

TEST(GreensLibrary, DoesNotDependOnTheNumberOfThreads) {
  std::string expected;
  for (const int n_threads : {1, 2, 4}) {
    const support::ThreadCount threads(n_threads);
    const std::string fingerprint =
        support::far_field_library(some_stations, some_places, small_library_settings()).fingerprint();
    if (expected.empty()) expected = fingerprint;
    EXPECT_EQ(fingerprint, expected) << n_threads << " threads";
  }
}

TEST(GreensLibrary, SaysHowManySamplesAreNeeded) {
  GreensLibrarySettings settings = support::far_field_settings();
  settings.greens.n_samples = 200;
  auto source = support::far_field_source(settings.greens);
  source.series = [](const auto&, const auto&, const auto&) -> std::vector<propagator::GreensFunctions> {
    ADD_FAILURE() << "computed before the number of samples was looked at";
    return {};
  };
  const std::string message = support::input_error(
      [&] { GreensLibrary::assemble(support::half_space(), some_stations, some_places, settings, source); });
  const std::string beginning = "Green's library: greens.n_samples = 200: must be at least ";
  ASSERT_EQ(message.substr(0, beginning.size()), beginning);
  // What it asks for is enough for every pair, and one less is not.
  const int n_needed = std::stoi(message.substr(beginning.size()));
  settings.greens.n_samples = n_needed;
  EXPECT_NO_THROW(support::far_field_library(some_stations, some_places, settings));
  settings.greens.n_samples = n_needed - 1;
  EXPECT_THROW(support::far_field_library(some_stations, some_places, settings), InputError);
}

TEST(GreensLibrary, RefusesASourceOfNumbersThatAreNotFinite) {
  const GreensLibrarySettings settings = small_library_settings();
  auto source = support::far_field_source(settings.greens);
  source.series = [plain = source.series](const auto& depths_km, const auto& distances_km, const auto& progress) {
    auto all = plain(depths_km, distances_km, progress);
    all[3].series(5, 5) = std::numeric_limits<double>::quiet_NaN();
    return all;
  };
  const std::string message = support::error_of<std::runtime_error>(
      [&] { GreensLibrary::assemble(support::half_space(), some_stations, some_places, settings, source); });
  EXPECT_THAT(message, HasSubstr("not finite"));
}

TEST(GreensLibrary, OurOwnPropagatorMakesOne) {
  // A half-space. P arrives at distance / 6 km/s; before it the series hold only what the propagator's band limit leaves.
  GreensLibrarySettings settings = small_library_settings();
  settings.greens.n_samples = 200;
  settings.preprocess.n_samples = 64;
  const GreensLibrary library = GreensLibrary::compute(support::half_space(), some_stations, some_places, settings);
  EXPECT_EQ(library.settings().greens.source_time, propagator::SourceTime::step);
  for (int s = 0; s < 3; ++s) {
    EXPECT_NEAR(library.p_time_s(0, s), std::hypot(library.path(0, s).distance_km, 5.0) / 6.0, 1e-6);
    const Eigen::MatrixXf series = library.series(0, s);
    EXPECT_GT(series.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0f);
    EXPECT_LE(series.topRows(14).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(),
              0.01f * series.cwiseAbs().maxCoeff<Eigen::PropagateNaN>());
  }
  // Velocity is the time derivative of displacement, here by v_j = (8 (u_(j+1) - u_(j-1)) - (u_(j+2) - u_(j-2))) / 12, which
  // loses (2 pi f)^4 / 30: 0.5 % at 0.1 Hz, 2.6 % at 0.15 Hz.
  settings.preprocess.quantity = data::Quantity::velocity;
  const GreensLibrary velocity = GreensLibrary::compute(support::half_space(), some_stations, some_places, settings);
  EXPECT_EQ(velocity.settings().greens.source_time, propagator::SourceTime::impulse);
  for (int column = 0; column < 8; ++column) {
    const Eigen::ArrayXd u = library.series(2, 1).col(column).cast<double>();
    const Eigen::ArrayXd v = velocity.series(2, 1).col(column).cast<double>();
    const Eigen::Index n = u.size() - 4;
    const Eigen::ArrayXd difference =
        (8.0 * (u.segment(3, n) - u.segment(1, n)) - (u.tail(n) - u.head(n))) / 12.0 - v.segment(2, n);
    EXPECT_LE(difference.matrix().norm(), 0.03 * v.matrix().norm()) << "column " << column;
  }
}

// Right above the source the series are those of 1 m.
TEST(GreensLibrary, AStationAboveTheSourceIsOneMetreAway) {
  const GreensLibrarySettings settings = small_library_settings();
  const std::vector<Station> stations = {{"XX", "TOP", some_places[0].latitude_deg, some_places[0].longitude_deg, 0.0},
                                         some_stations[0]};
  double smallest_km = std::numeric_limits<double>::infinity();
  GreensLibrary::Source source = support::far_field_source(settings.greens);
  const auto series = source.series;
  source.series = [&](const auto& depths_km, const auto& distances_km, const auto& progress) {
    for (const double d : distances_km) smallest_km = std::min(smallest_km, d);
    return series(depths_km, distances_km, progress);
  };
  const GreensLibrary library =
      GreensLibrary::assemble(support::half_space(), stations, {some_places[0]}, settings, source);
  EXPECT_EQ(smallest_km, 1e-3);
  EXPECT_TRUE(library.series(0, 0).allFinite());
  EXPECT_EQ(library.path(0, 0).distance_km, 0.0) << "the geodesic itself is told as it is";
}

}  // namespace
