#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "fmnet/commands/doctor_command.h"
#include "tests/support/made_up_station.h"
#include "tests/support/temporary_folder.h"

namespace {

// Records of BK.WELL with metadata of a place in the Gulf of Guinea.
TEST(DoctorOfPlaces, TellsAStationThatTheMetadataHaveElsewhere) {
  const support::TemporaryFolder folder;
  std::string xml = support::flat_station_xml("WELL", {"BHE", "BHN", "BHZ"}, 20.0);
  xml.replace(xml.find("\"XX\""), 4, "\"BK\"");
  folder.write("BK.WELL.xml", xml);
  for (const char* channel : {"BHE", "BHN", "BHZ"}) {
    data::Trace trace = support::burst(channel, 1000.0);
    trace.network = "BK";
    trace.station = "WELL";
    support::write_traces(folder, {trace});
  }
  const auto notes_with = [&](const std::string& latitude, const std::string& longitude) {
    std::string at_place = xml;
    for (const auto& [from, to] : {std::pair{std::string("<Latitude>0"), "<Latitude>" + latitude},
                                   std::pair{std::string("<Longitude>0"), "<Longitude>" + longitude}}) {
      for (std::size_t at = at_place.find(from); at != std::string::npos; at = at_place.find(from, at + to.size())) {
        at_place.replace(at, from.size(), to);
      }
    }
    folder.write("BK.WELL.xml", at_place);
    std::vector<std::string> notes;
    for (const fmnet::Finding& f :
         fmnet::run_doctor({FMNET_SOURCE_DIR "/data/byron/byron.toml", "", folder.path(), ""})) {
      if (f.verdict == fmnet::Verdict::note) notes.push_back(f.what);
    }
    return notes;
  };
  const auto tells_a_place = testing::Contains(testing::HasSubstr("the list of stations has it at"));
  EXPECT_THAT(notes_with("0", "0"),
              testing::Contains(testing::StartsWith("records: BK.WELL: the list of stations has it at 38.4385, "
                                                    "-120.7241, the metadata at 0.0000, 0.0000: ")));
  EXPECT_THAT(notes_with("38.43847", "-120.7241"), testing::Not(tells_a_place));
}

}  // namespace
