#include "data/greens_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "data/random.h"
#include "tests/support/far_field_library.h"
#include "tests/support/input_error.h"
#include "tests/support/temporary_folder.h"

namespace {

using data::GreensLibrary;
using data::GreensLibrarySettings;
using data::Place;
using data::Station;
using support::small_library_settings;
using support::some_places;
using support::some_stations;
using testing::HasSubstr;

class GreensLibraryFile : public testing::Test {
 protected:
  support::TemporaryFolder folder_;
  const std::string directory_ = folder_.path(), path_ = directory_ + "/library.bin";
};

TEST_F(GreensLibraryFile, WhatIsSavedIsLoaded) {
  GreensLibrarySettings settings = small_library_settings();
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
  const std::string message = support::input_error([&] { GreensLibrary::load(path_); });
  EXPECT_THAT(message, HasSubstr(path_));
  EXPECT_THAT(message, HasSubstr("fmnet greens --config"));
}

TEST_F(GreensLibraryFile, EveryFlippedBitAndEveryTruncationIsNoticed) {
  support::far_field_library({some_stations[0]}, {some_places[0]}, small_library_settings()).save(path_);
  const std::string good = data::read_whole_file(path_, 1 << 20);
  std::uint32_t header_bytes = 0;
  std::memcpy(&header_bytes, good.data() + 12, 4);
  const auto refused = [&](const std::string& bytes) {
    EXPECT_THAT(support::input_error([&] { GreensLibrary::parse(bytes, "library.bin"); }),
                HasSubstr("fmnet greens --config"));
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
  support::far_field_library({some_stations[0]}, {some_places[0]}, small_library_settings()).save(path_);
  std::string bytes = data::read_whole_file(path_, 1 << 20);
  const std::string field = "\"n_samples\":24";
  const std::size_t at = bytes.find(field);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, field.size(), "\"n_samples\":99");
  bytes.resize(bytes.size() - 32);
  bytes += data::sha256_bytes(bytes);
  EXPECT_THAT(support::input_error([&] { GreensLibrary::parse(bytes, "library.bin"); }),
              HasSubstr("size of tables and series"));
}

TEST_F(GreensLibraryFile, RefusesALibraryThatWasMadeFromSomethingElse) {
  const GreensLibrarySettings settings = small_library_settings();
  const GreensLibrary library = support::far_field_library(some_stations, some_places, settings);
  const auto message = [&](const propagator::LayeredModel& model, const std::vector<Station>& wanted_stations,
                           const std::vector<Place>& wanted_places, const GreensLibrarySettings& wanted) {
    return support::input_error(
        [&] { data::require_made_from(library, "library.bin", model, wanted_stations, wanted_places, wanted); });
  };
  const auto model = support::half_space();
  EXPECT_EQ(message(model, some_stations, some_places, settings), "no error");

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
  EXPECT_EQ(message(model, some_stations, some_places, other), "no error");

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
  const GreensLibrarySettings settings = small_library_settings();
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
    EXPECT_THAT(support::input_error([&] {
                  data::require_made_from(library, "library.bin", support::half_space(), some_stations, some_places,
                                          other);
                }),
                HasSubstr("library.bin: header: " + field + " = "));
  }
  EXPECT_EQ(changed, described) << "every field of the description is changed here";
}

}  // namespace
