#include "fmnet/quakeml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace {

using nlohmann::json;
using testing::HasSubstr;

const json prediction = {
    {"event",
     {{"id", "byron"},
      {"origin", "2019-07-16T20:11:01.470Z"},
      {"latitude_deg", 37.8187},
      {"longitude_deg", -121.7568},
      {"depth_km", 12.38}}},
    {"plane", {{"strike_deg", 0.0}, {"dip_deg", 90.0}, {"rake_deg", 0.0}}},
    {"auxiliary_plane", {{"strike_deg", 90.0}, {"dip_deg", 90.0}, {"rake_deg", 180.0}}},
    {"channels",
     json::array({{{"station", "BK.CMB"}, {"channel", "00.BHZ"}, {"action", "used"}, {"reason", ""}},
                  {{"station", "BK.FARB"}, {"channel", ".BHZ"}, {"action", "used"}, {"reason", ""}},
                  {{"station", "BK.SAO"}, {"channel", "00.BHZ"}, {"action", "left out"}, {"reason", "flat"}}})},
    {"weights_sha256", "abc"}};

class QuakeMl : public testing::Test {
 protected:
  void SetUp() override {
    text_ = fmnet::quakeml(prediction, fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml"));
    ASSERT_TRUE(document_.load_string(text_.c_str()));
    event_ = document_.child("q:quakeml").child("eventParameters").child("event");
    mechanism_ = event_.child("focalMechanism");
  }
  double value(const char* a, const char* b, const char* c) const {
    return mechanism_.child(a).child(b).child(c).child("value").text().as_double(-999.0);
  }
  std::string text_;
  pugi::xml_document document_;
  pugi::xml_node event_, mechanism_;
};

TEST_F(QuakeMl, HoldsBothPlanesAndTheOriginThatWasGiven) {
  EXPECT_EQ(std::string(document_.child("q:quakeml").attribute("xmlns").value()), "http://quakeml.org/xmlns/bed/1.2");
  EXPECT_EQ(value("nodalPlanes", "nodalPlane1", "dip"), 90.0);
  EXPECT_EQ(value("nodalPlanes", "nodalPlane2", "strike"), 90.0);
  EXPECT_EQ(value("nodalPlanes", "nodalPlane2", "rake"), 180.0);
  EXPECT_EQ(event_.child("origin").child("latitude").child("value").text().as_double(), 37.8187);
  EXPECT_EQ(event_.child("origin").child("longitude").child("value").text().as_double(), -121.7568);
  EXPECT_EQ(event_.child("origin").child("depth").child("value").text().as_double(), 12380.0) << "metres";
  EXPECT_EQ(std::string(event_.child("origin").child("time").child("value").text().get()), "2019-07-16T20:11:01.470Z");
}

// Left-lateral on a vertical plane that strikes north: shortening along 135 (and 315), extension along 45 degrees.
TEST_F(QuakeMl, AxesAreThoseOfTheMechanism) {
  EXPECT_NEAR(std::fmod(value("principalAxes", "tAxis", "azimuth"), 180.0), 45.0, 1e-6);
  EXPECT_NEAR(std::fmod(value("principalAxes", "pAxis", "azimuth"), 180.0), 135.0, 1e-6);
  EXPECT_NEAR(value("principalAxes", "nAxis", "plunge"), 90.0, 1e-6);
}

// CMB lies at 78.3, FARB at 263.4 degrees (station.csv of the records): the gap over north is 360 - 185.1 = 174.9, the one over
// south 185.1.
TEST_F(QuakeMl, NamesTheChannelsUsedAndTheirLargestGap) {
  std::vector<std::string> ids;
  for (const pugi::xml_node id : mechanism_.children("waveformID")) {
    ids.push_back(std::string(id.attribute("networkCode").value()) + "." + id.attribute("stationCode").value() + "." +
                  id.attribute("locationCode").value() + "." + id.attribute("channelCode").value());
  }
  EXPECT_THAT(ids, testing::ElementsAre("BK.CMB.00.BHZ", "BK.FARB..BHZ"));
  EXPECT_NEAR(mechanism_.child("azimuthalGap").text().as_double(), 185.1, 0.1);
}

TEST_F(QuakeMl, TheMisfitIsWhatTheVarianceReductionLeaves) {
  EXPECT_TRUE(mechanism_.child("misfit").empty()) << "nothing is told of how the records fit";
  json judged = prediction;
  const auto curve = [](double width_deg) { return json{{"width_deg", width_deg}}; };
  judged["trust"] = {{"fit", {{"variance_reduction", 0.8}, {"mean_correlation", 0.9}}},
                     {"curves", {{"strike", curve(30.5)}, {"dip", curve(11.5)}, {"rake", curve(20.0)}}},
                     {"warnings", json::array({"one station fits reversed"})}};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(
      fmnet::quakeml(judged, fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml")).c_str()));
  const pugi::xml_node mechanism =
      document.child("q:quakeml").child("eventParameters").child("event").child("focalMechanism");
  EXPECT_NEAR(mechanism.child("misfit").text().as_double(-999.0), 0.2, 1e-12);
  std::vector<std::string> comments;
  for (const pugi::xml_node comment : mechanism.children("comment")) comments.push_back(comment.child_value("text"));
  EXPECT_THAT(comments, testing::ElementsAre(HasSubstr("weights SHA-256 abc"),
                                             HasSubstr("strike 30.5, dip 11.5, rake 20.0 degrees"),
                                             "warning: one station fits reversed"));
}

TEST_F(QuakeMl, ClaimsNoMagnitudeAndNoMomentTensor) {
  EXPECT_THAT(text_, testing::Not(HasSubstr("momentTensor")));
  EXPECT_THAT(text_, testing::Not(HasSubstr("magnitude")));
  EXPECT_THAT(text_, HasSubstr("<evaluationMode>automatic</evaluationMode>"));
  EXPECT_THAT(text_, HasSubstr("weights SHA-256 abc"));
}

}  // namespace
