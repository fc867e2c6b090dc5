#include "data/station.h"

#include <gtest/gtest.h>

#include <clocale>

#include "propagator/errors.h"
#include "tests/support/input_error.h"

namespace {

using data::parse_stations;
using data::Station;

std::string message(const std::string& text) {
  return support::input_error([&] { parse_stations(text, "s.txt"); });
}

TEST(ParseStations, ReadsATableWithCommentsCarriageReturnsTabsAndAByteOrderMark) {
  const std::vector<Station> stations = parse_stations(
      "\xEF\xBB\xBF# network code ...\r\nCI CLC 35.81574 -117.59751 775.0 # near\r\n\r\n\tNN\tQSM 35.9650 -116.8691 "
      "-38.5",
      "s.txt");
  ASSERT_EQ(stations.size(), 2U);
  EXPECT_EQ(stations[0].network, "CI");
  EXPECT_EQ(stations[0].code, "CLC");
  EXPECT_EQ(stations[0].latitude_deg, 35.81574);
  EXPECT_EQ(stations[0].longitude_deg, -117.59751);
  EXPECT_EQ(stations[0].elevation_m, 775.0);
  EXPECT_EQ(stations[1].code, "QSM");
  EXPECT_EQ(stations[1].elevation_m, -38.5);
}

TEST(ParseStations, TellsLineFieldValueAndRule) {
  EXPECT_EQ(message("CI CLC -117.59751 35.81574 775"),
            "s.txt: line 1: latitude_deg = -117.59751: must lie in -90..90 (latitude comes before longitude)");
  EXPECT_EQ(message("#\nCI CLC 35.8 242.4 775"), "s.txt: line 2: longitude_deg = 242.4: must lie in -180..180");
  EXPECT_EQ(message("CI CLC 35.8 -117.6 77500"), "s.txt: line 1: elevation_m = 77500: must lie in -500..9000");
  EXPECT_EQ(
      message("CI CLC 35,8 -117.6 775"),
      "s.txt: line 1: latitude_deg = 35,8: must be a decimal number in -90..90 (latitude comes before longitude)");
  EXPECT_EQ(message("CI CLC nan -117.6 775"),
            "s.txt: line 1: latitude_deg = nan: must be a decimal number in -90..90 (latitude comes before longitude)");
  EXPECT_EQ(message("CI CLC 35.8 -117.6"),
            "s.txt: line 1: columns = 4: must be 5: network code latitude_deg longitude_deg elevation_m");
  EXPECT_EQ(message("CI CLC;rm 35.8 -117.6 1"),
            "s.txt: line 1: code = CLC;rm: must be 1 to 8 characters of A-Z a-z 0-9 . _ -");
  EXPECT_EQ(message("CI ABCDEFGHI 35.8 -117.6 1"),
            "s.txt: line 1: code = ABCDEFGHI: must be 1 to 8 characters of A-Z a-z 0-9 . _ -");
  EXPECT_EQ(message("CI CLC 35.8 -117.6 1\nCI CLC 35.9 -117.6 1"),
            "s.txt: line 2: station = CI.CLC: must not appear twice");
  EXPECT_EQ(message("# nothing\n"), "s.txt: stations = 0: must be 1 to 1000");
  EXPECT_EQ(message(""), "s.txt: stations = 0: must be 1 to 1000");
}

TEST(ParseStations, TheSameCodeInTwoNetworksIsTwoStations) {
  EXPECT_EQ(parse_stations("CI CLC 35.8 -117.6 1\nNN CLC 35.8 -117.6 1", "s.txt").size(), 2U);
}

TEST(ReadStations, TellsOfAMissingFile) {
  EXPECT_THROW(data::read_stations("/nowhere/stations.txt"), propagator::InputError);
}

}  // namespace
