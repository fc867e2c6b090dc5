#include "data/greens_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "data/random.h"
#include "propagator/errors.h"
#include "tests/support/far_field_library.h"
#include "tests/support/input_error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/thread_count.h"

namespace {

using data::GreensLibrary;
using data::GreensLibrarySettings;
using data::Place;
using data::Station;
using propagator::InputError;
using testing::HasSubstr;

const std::vector<Station> some_stations = support::ring_of_stations(3, 35.8, -117.6);
const std::vector<Place> some_places = {
    {35.7, -117.6, 5.0}, {35.7, -117.6, 12.0}, {35.9, -117.5, 5.0}, {35.9, -117.5, 12.0}};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

// A small library: windows of 24 samples.
GreensLibrarySettings small_settings() {
  GreensLibrarySettings settings = support::far_field_settings();
  settings.greens.n_samples = 120;
  settings.preprocess.n_samples = 24;
  settings.margin = 2;
  return settings;
}

class GreensLibraryFile : public testing::Test {
 protected:
  support::TemporaryFolder folder_;
  const std::string directory_ = folder_.path(), path_ = directory_ + "/library.bin";
};

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
  const GreensLibrarySettings settings = small_settings();
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
  GreensLibrarySettings settings = small_settings();
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
        support::far_field_library(some_stations, some_places, small_settings()).fingerprint();
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
  const GreensLibrarySettings settings = small_settings();
  auto source = support::far_field_source(settings.greens);
  source.series = [plain = source.series](const auto& depths_km, const auto& distances_km, const auto& progress) {
    auto all = plain(depths_km, distances_km, progress);
    all[3].series(5, 5) = std::numeric_limits<double>::quiet_NaN();
    return all;
  };
  const std::string message =
      message_of([&] { GreensLibrary::assemble(support::half_space(), some_stations, some_places, settings, source); });
  EXPECT_THAT(message, HasSubstr("not finite"));
}

TEST(GreensLibrary, OurOwnPropagatorMakesOne) {
  // A half-space. P arrives at distance / 6 km/s; before it the series hold only what the propagator's band limit leaves.
  GreensLibrarySettings settings = small_settings();
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

TEST_F(GreensLibraryFile, WhatIsSavedIsLoaded) {
  GreensLibrarySettings settings = small_settings();
  settings.preprocess.quantity = data::Quantity::velocity;
  settings.preprocess.phase = data::FilterPhase::zero_phase;
  const auto infinite = std::numeric_limits<double>::infinity();
  const propagator::LayeredModel model({{5.5, 5.5, 3.18, 2.4, 600, 300}, {0, 6.3, 3.64, 2.67, infinite, infinite}});
  const GreensLibrary saved =
      GreensLibrary::assemble(model, some_stations, some_places, settings, support::far_field_source(settings.greens));
  saved.save(path_);
  const GreensLibrary loaded = GreensLibrary::load(path_);
  EXPECT_EQ(loaded.made_from(), saved.made_from());
  EXPECT_EQ(loaded.fingerprint(), saved.fingerprint());
  EXPECT_EQ(loaded.settings().greens.source_time, propagator::SourceTime::impulse);
  EXPECT_TRUE(std::isinf(loaded.model().layers()[1].q_p));
  for (int place = 0; place < 4; ++place) {
    for (int station = 0; station < 3; ++station) {
      EXPECT_EQ(loaded.series(place, station), saved.series(place, station));
      EXPECT_EQ(loaded.p_time_s(place, station), saved.p_time_s(place, station));
      EXPECT_EQ(loaded.path(place, station).back_azimuth_deg, saved.path(place, station).back_azimuth_deg);
    }
  }
  EXPECT_NO_THROW(data::require_made_from(loaded, path_, model, some_stations, some_places, settings));
}

TEST_F(GreensLibraryFile, AMissingFileNamesTheCommandThatMakesIt) {
  const std::string message = message_of([&] { GreensLibrary::load(path_); });
  EXPECT_THAT(message, HasSubstr(path_));
  EXPECT_THAT(message, HasSubstr("fmnet greens --config"));
}

TEST_F(GreensLibraryFile, EveryFlippedBitAndEveryTruncationIsNoticed) {
  support::far_field_library({some_stations[0]}, {some_places[0]}, small_settings()).save(path_);
  const std::string good = data::read_whole_file(path_, 1 << 20);
  std::uint32_t header_bytes = 0;
  std::memcpy(&header_bytes, good.data() + 12, 4);
  const auto refused = [&](const std::string& bytes) {
    EXPECT_THAT(message_of([&] { GreensLibrary::parse(bytes, "library.bin"); }), HasSubstr("fmnet greens --config"));
  };
  const auto flipped = [&](std::size_t bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    return bytes;
  };
  for (std::size_t bit = 0; bit < 8 * (16 + header_bytes); ++bit) refused(flipped(bit));
  data::RandomStream random(1, 0);
  for (int n = 0; n < 10000; ++n) refused(flipped(random.below(8 * good.size())));
  for (std::size_t size = 0; size < good.size(); ++size) refused(good.substr(0, size));
  refused(good + "x");
  EXPECT_NO_THROW(GreensLibrary::parse(good, "library.bin"));
}

TEST_F(GreensLibraryFile, AHeaderThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken) {
  support::far_field_library({some_stations[0]}, {some_places[0]}, small_settings()).save(path_);
  std::string bytes = data::read_whole_file(path_, 1 << 20);
  const std::string field = "\"n_samples\":24";
  const std::size_t at = bytes.find(field);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, field.size(), "\"n_samples\":99");
  bytes.resize(bytes.size() - 32);
  bytes += data::sha256_bytes(bytes);
  EXPECT_THAT(message_of([&] { GreensLibrary::parse(bytes, "library.bin"); }), HasSubstr("size of tables and series"));
}

TEST_F(GreensLibraryFile, RefusesALibraryThatWasMadeFromSomethingElse) {
  const GreensLibrarySettings settings = small_settings();
  const GreensLibrary library = support::far_field_library(some_stations, some_places, settings);
  const auto message = [&](const propagator::LayeredModel& model, const std::vector<Station>& wanted_stations,
                           const std::vector<Place>& wanted_places, const GreensLibrarySettings& wanted) {
    return message_of(
        [&] { data::require_made_from(library, "library.bin", model, wanted_stations, wanted_places, wanted); });
  };
  const auto model = support::half_space();
  EXPECT_EQ(message(model, some_stations, some_places, settings), "");

  GreensLibrarySettings other = settings;
  other.preprocess.high_hz = 0.12;
  EXPECT_THAT(message(model, some_stations, some_places, other),
              HasSubstr("preprocess.high_hz = 0.1: the configuration has 0.12"));
  other = settings;
  other.greens.dt_s = 0.25;
  EXPECT_THAT(message(model, some_stations, some_places, other), HasSubstr("greens.dt_s = 0.5"));
  other = settings;
  other.greens.wavenumbers.tolerance = 1e-6;
  EXPECT_THAT(message(model, some_stations, some_places, other), HasSubstr("greens.wavenumbers.tolerance"));
  // What plays no part in a library does not matter.
  other = settings;
  other.preprocess.normalization = data::Normalization::sample;
  other.greens.n_threads = 2;
  EXPECT_EQ(message(model, some_stations, some_places, other), "");

  auto exchanged = some_stations;
  std::swap(exchanged[0], exchanged[1]);
  EXPECT_THAT(message(model, exchanged, some_places, settings), HasSubstr("stations[0].code = \"S0\""));
  auto fewer = some_places;
  fewer.pop_back();
  EXPECT_THAT(message(model, some_stations, fewer, settings),
              HasSubstr("places = 4 entries: the configuration has 3 entries"));
  const propagator::LayeredModel faster({{0.0, 6.1, 3.46, 2.7, 600.0, 300.0}});
  EXPECT_THAT(message(faster, some_stations, some_places, settings), HasSubstr("model[0].vp_km_s = 6.0"));
}

// Every number that the description of a library holds, changed one at a time.
TEST_F(GreensLibraryFile, EachSettingOfTheLibraryMustAgree) {
  using Change = std::function<void(GreensLibrarySettings&)>;
  const std::map<std::string, Change> changes = {
      {"greens.n_samples", [](auto& s) { s.greens.n_samples += 1; }},
      {"greens.dt_s", [](auto& s) { s.greens.dt_s *= 2.0; }},
      {"greens.first_sample_s", [](auto& s) { s.greens.first_sample_s += 1.0; }},
      {"greens.lead_samples", [](auto& s) { s.greens.lead_samples += 1; }},
      {"greens.window_s", [](auto& s) { s.greens.window_s += 1.0; }},
      {"greens.damping", [](auto& s) { s.greens.damping += 0.1; }},
      {"greens.taper", [](auto& s) { s.greens.taper += 0.1; }},
      {"greens.min_frequency_hz", [](auto& s) { s.greens.min_frequency_hz += 0.01; }},
      {"greens.max_frequency_hz", [](auto& s) { s.greens.max_frequency_hz += 0.01; }},
      {"greens.receiver_depth_km", [](auto& s) { s.greens.receiver_depth_km += 1.0; }},
      {"greens.attenuation",
       [](auto& s) {
         using Law = propagator::AttenuationLaw;
         s.greens.attenuation = static_cast<Law>(static_cast<int>(s.greens.attenuation) == 0 ? 1 : 0);
       }},
      {"greens.source_side",
       [](auto& s) {
         using Side = propagator::InterfaceSide;
         s.greens.source_side = static_cast<Side>(static_cast<int>(s.greens.source_side) == 0 ? 1 : 0);
       }},
      {"greens.free_surface", [](auto& s) { s.greens.free_surface = !s.greens.free_surface; }},
      {"greens.wavenumbers.rule",
       [](auto& s) {
         using Rule = propagator::WavenumberRule;
         s.greens.wavenumbers.rule = static_cast<Rule>(static_cast<int>(s.greens.wavenumbers.rule) == 0 ? 1 : 0);
       }},
      {"greens.wavenumbers.tolerance", [](auto& s) { s.greens.wavenumbers.tolerance *= 2.0; }},
      {"greens.wavenumbers.fk_step", [](auto& s) { s.greens.wavenumbers.fk_step += 0.1; }},
      {"greens.wavenumbers.fk_limit", [](auto& s) { s.greens.wavenumbers.fk_limit += 1.0; }},
      {"greens.wavenumbers.fk_max_slowness", [](auto& s) { s.greens.wavenumbers.fk_max_slowness += 0.1; }},
      {"preprocess.low_hz", [](auto& s) { s.preprocess.low_hz *= 1.1; }},
      {"preprocess.high_hz", [](auto& s) { s.preprocess.high_hz *= 1.1; }},
      {"preprocess.order", [](auto& s) { s.preprocess.order += 1; }},
      {"preprocess.phase", [](auto& s) { s.preprocess.phase = data::FilterPhase::zero_phase; }},
      {"preprocess.quantity", [](auto& s) { s.preprocess.quantity = data::Quantity::velocity; }},
      {"preprocess.dt_s", [](auto& s) { s.preprocess.dt_s *= 0.5; }},
      {"preprocess.n_samples", [](auto& s) { s.preprocess.n_samples += 1; }},
      {"preprocess.before_p_s", [](auto& s) { s.preprocess.before_p_s += 1.0; }},
      {"margin", [](auto& s) { s.margin += 1; }},
  };
  const GreensLibrarySettings settings = small_settings();
  const GreensLibrary library = support::far_field_library(some_stations, some_places, settings);
  std::set<std::string> described;
  const auto description = nlohmann::json::parse(library.made_from()).flatten();
  for (const auto& item : description.items()) {
    std::string field = item.key().substr(1);
    std::replace(field.begin(), field.end(), '/', '.');
    if (field.starts_with("greens") || field.starts_with("preprocess") || field == "margin") described.insert(field);
  }
  std::set<std::string> changed;
  for (const auto& [field, change] : changes) {
    changed.insert(field);
    GreensLibrarySettings other = settings;
    change(other);
    EXPECT_THAT(message_of([&] {
                  data::require_made_from(library, "library.bin", support::half_space(), some_stations, some_places,
                                          other);
                }),
                HasSubstr("library.bin: header: " + field + " = "));
  }
  EXPECT_EQ(changed, described) << "every field of the description is changed here";
}

// Right above the source the series are those of 1 m.
TEST(GreensLibrary, AStationAboveTheSourceIsOneMetreAway) {
  const GreensLibrarySettings settings = small_settings();
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
