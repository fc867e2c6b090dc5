// Whether the metadata have a station where its slot has it.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "data/records/record_set.h"
#include "tests/support/made_up_station.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using support::mainshock;

class StationPlace : public testing::Test {
 protected:
  // Metadata that hold from 2000 on, of a station at 0 N 0 E unless its place is another.
  void write_files(const std::string& latitude = "0", const std::string& longitude = "0",
                   const std::string& start = "2000") {
    std::string xml = support::flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0);
    const auto replace_all = [&xml](const std::string& from, const std::string& to) {
      for (std::size_t at = xml.find(from); at != std::string::npos; at = xml.find(from, at + to.size())) {
        xml.replace(at, from.size(), to);
      }
    };
    replace_all("<Latitude>0<", "<Latitude>" + latitude + "<");
    replace_all("<Longitude>0<", "<Longitude>" + longitude + "<");
    replace_all("startDate=\"2000", "startDate=\"" + start);
    folder_.write("XX.AAA.xml", xml);
    support::write_station(folder_, "HN", 20000.0);
  }
  std::string notes(double latitude_deg, double longitude_deg) const {
    const std::vector<Station> slots = {{"XX", "AAA", latitude_deg, longitude_deg, 0.0}};
    return support::notes_of(window_from_records(folder_.path(), slots, mainshock(), {10.0}, {}, {}));
  }

  support::TemporaryFolder folder_;
};

// At the equator a degree of latitude has 110.574 km on WGS84.
TEST_F(StationPlace, IsToldOnceWhereItIsMoreThanOneKilometreAway) {
  write_files();
  EXPECT_EQ(notes(0.009, 0.0), "") << "995 m";
  EXPECT_EQ(notes(0.0091, 0.0),
            "XX.AAA: the list of stations has it at 0.0091, 0.0000, the metadata at 0.0000, 0.0000: 1.0 km away");
  EXPECT_EQ(notes(-1.0, 0.0),
            "XX.AAA: the list of stations has it at -1.0000, 0.0000, the metadata at 0.0000, 0.0000: 110.6 km away");
  const RecordWindow window =
      window_from_records(folder_.path(), {{"XX", "AAA", -1.0, 0.0, 0.0}}, mainshock(), {10.0}, {}, {});
  EXPECT_EQ(window.n_stations_used, 1) << "it prevents nothing";
}

TEST_F(StationPlace, CountsLongitudesRoundTheEarthAndLatitudesNot) {
  write_files("35.8", "242.4");
  EXPECT_EQ(notes(35.8, -117.6), "");
  write_files("-117.6", "35.8");
  EXPECT_EQ(notes(35.8, -117.6),
            "XX.AAA: the list of stations has it at 35.8000, -117.6000, the metadata at -117.6000, 35.8000: no place");
}

TEST_F(StationPlace, OfAnotherTimeSaysNothing) {
  write_files("5", "5", "2019-07-07T00:00:00\" comment=\"");
  EXPECT_EQ(notes(0.0, 0.0), "");
}

TEST(StationPlaces, OfTheRecordsAtHandAreThoseOfTheirLists) {
  int n_stations = 0;
  for (const auto& [set, list] : {std::pair{"ridgecrest_m71", "ridgecrest/stations_strong_motion.txt"},
                                  std::pair{"byron_m44", "byron/stations.txt"}}) {
    const std::string root = support::reference(set);
    if (root.empty()) GTEST_SKIP() << support::not_at_hand(set);
    const RecordFiles files = read_record_files(root, "", false);
    for (const Station& slot : read_stations(std::string(FMNET_SOURCE_DIR "/data/") + list)) {
      for (const auto& [sensor, channels] : files.sensors) {
        if (sensor.network != slot.network || sensor.station != slot.code) continue;
        const std::int64_t time_ns = channels.begin()->second.records.front().start_ns;
        EXPECT_EQ(note_of_place(slot, sensor, files.epochs, time_ns), "");
        Station elsewhere = slot;
        elsewhere.latitude_deg += 0.02;
        EXPECT_NE(note_of_place(elsewhere, sensor, files.epochs, time_ns), "") << "2 km";
        ++n_stations;
      }
    }
  }
  EXPECT_GE(n_stations, 11 + 12);
}

}  // namespace
}  // namespace data
