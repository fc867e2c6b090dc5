// The tables of data/ridgecrest: read by the program's own readers and held against each other and against the StationXML at hand.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "data/event.h"
#include "data/geodesy.h"
#include "data/station.h"
#include "data/text_table.h"
#include "propagator/focal_mechanism.h"
#include "propagator/layered_model.h"
#include "tests/support/reference.h"

namespace {

const std::string folder = std::string(FMNET_SOURCE_DIR) + "/data/ridgecrest/";

double azimuth_from_centre(const data::Station& station) {
  return data::geodesic(35.8, -117.6, station.latitude_deg, station.longitude_deg).azimuth_deg;
}

TEST(RidgecrestTables, BothStationListsAreInTheOrderOfAzimuthFromTheCentre) {
  for (const auto& [name, n_stations] :
       std::map<std::string, std::size_t>{{"stations_16.txt", 16}, {"stations_strong_motion.txt", 11}}) {
    const std::vector<data::Station> stations = data::read_stations(folder + name);
    ASSERT_EQ(stations.size(), n_stations);
    for (std::size_t i = 1; i < stations.size(); ++i) {
      EXPECT_LT(azimuth_from_centre(stations[i - 1]), azimuth_from_centre(stations[i]))
          << name << ": " << stations[i].code;
    }
  }
}

TEST(RidgecrestTables, The16StationsLieWithin150KmOfTheCentreAndLeaveNoGapAbove69Degrees) {
  const std::vector<data::Station> stations = data::read_stations(folder + "stations_16.txt");
  double widest_gap = 360.0 - azimuth_from_centre(stations.back()) + azimuth_from_centre(stations.front());
  for (std::size_t i = 0; i < stations.size(); ++i) {
    EXPECT_LT(data::geodesic(35.8, -117.6, stations[i].latitude_deg, stations[i].longitude_deg).distance_km, 150.0);
    if (i > 0)
      widest_gap = std::max(widest_gap, azimuth_from_centre(stations[i]) - azimuth_from_centre(stations[i - 1]));
  }
  EXPECT_NEAR(widest_gap, 68.0, 1.0);
}

TEST(RidgecrestTables, StrongMotionStationsAreWhereTheirStationXmlSays) {
  if (support::reference("ridgecrest_m71/stations").empty())
    GTEST_SKIP() << support::not_at_hand("ridgecrest_m71/stations");
  for (const data::Station& station : data::read_stations(folder + "stations_strong_motion.txt")) {
    pugi::xml_document document;
    const std::string path =
        support::reference("ridgecrest_m71/stations/" + station.network + "." + station.code + ".xml");
    ASSERT_TRUE(document.load_file(path.c_str())) << path;
    const pugi::xml_node node = document.child("FDSNStationXML").child("Network").child("Station");
    EXPECT_EQ(station.code, node.attribute("code").value());
    EXPECT_EQ(station.latitude_deg, node.child("Latitude").text().as_double());
    EXPECT_EQ(station.longitude_deg, node.child("Longitude").text().as_double());
    EXPECT_EQ(station.elevation_m, node.child("Elevation").text().as_double());
  }
}

TEST(RidgecrestTables, StationsInBothListsAreAtTheSamePlaceTo20Metres) {
  std::map<std::string, data::Station> broadband;
  for (const data::Station& station : data::read_stations(folder + "stations_16.txt"))
    broadband[station.code] = station;
  int n_shared = 0;
  for (const data::Station& station : data::read_stations(folder + "stations_strong_motion.txt")) {
    if (!broadband.contains(station.code)) continue;
    const data::Station& other = broadband[station.code];
    EXPECT_LT(data::geodesic(station.latitude_deg, station.longitude_deg, other.latitude_deg, other.longitude_deg)
                  .distance_km,
              0.02);
    ++n_shared;
  }
  EXPECT_EQ(n_shared, 4);  // MPM SLA CCC LRL
}

TEST(RidgecrestTables, TheVelocityModelsAreReadAndGrowFasterDownward) {
  for (const auto& [name, moho_km] : std::map<std::string, double>{
           {"socal.txt", 32.0}, {"hadley_kanamori.txt", 32.4}, {"ridgecrest_local.txt", 32.0}}) {
    const propagator::LayeredModel model = propagator::read_layered_model(folder + name);
    EXPECT_NEAR(model.top_km(model.n_layers() - 1), moho_km, 1e-12) << name;
    for (std::size_t i = 1; i < model.layers().size(); ++i) {
      EXPECT_GT(model.layers()[i].vp_km_s, model.layers()[i - 1].vp_km_s) << name;
      EXPECT_GT(model.layers()[i].vs_km_s, model.layers()[i - 1].vs_km_s) << name;
    }
    for (const propagator::Layer& layer : model.layers())
      EXPECT_NEAR(layer.vp_km_s / layer.vs_km_s, 1.73, 0.06) << name;
  }
}

TEST(RidgecrestTables, TheMainshockIsThatOfComCat) {
  const std::vector<data::Event> events = data::read_events(folder + "events.txt");
  ASSERT_EQ(events.size(), 7U);
  EXPECT_EQ(events[3].id, "ci38457511");
  EXPECT_EQ(data::format_utc(events[3].origin_ns), "2019-07-06T03:19:53.040Z");
  const std::string path = support::reference("ridgecrest_m71/event.json");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71/event.json");
  const data::Event comcat = data::read_event(path);
  EXPECT_EQ(comcat.origin_ns, events[3].origin_ns);
  EXPECT_NEAR(comcat.latitude_deg, events[3].latitude_deg, 1e-4);
  EXPECT_NEAR(comcat.longitude_deg, events[3].longitude_deg, 1e-4);
  EXPECT_EQ(comcat.depth_km, events[3].depth_km);
}

// Planes are printed to one degree or a tenth: two of them describe one double couple to within the roundings of six angles. First-motion
// catalogues round each angle to a degree.
TEST(RidgecrestTables, ThePlanesOfEachPublishedMechanismAreOneDoubleCouple) {
  std::ifstream file(folder + "mechanisms.txt");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::map<std::string, propagator::FocalMechanism> first_planes;
  int n_pairs = 0, n_rows = 0;
  for (const data::TableLine& line : data::table_lines(text)) {
    ASSERT_EQ(line.columns.size(), 8U) << "line " << line.number;
    const auto number = [&](std::size_t i, double low, double high) {
      return data::parse_number(line.columns[i], low, high,
                                {"mechanisms.txt", "line " + std::to_string(line.number), "angle"});
    };
    const propagator::FocalMechanism plane{number(4, 0, 360), number(5, 0, 90), number(6, -180, 180)};
    const std::string key = std::string(line.columns[0]) + std::string(line.columns[1]) + std::string(line.columns[2]);
    if (line.columns[3] == "1") first_planes[key] = plane;
    if (line.columns[3] == "2" && first_planes.contains(key)) {
      EXPECT_LT(propagator::kagan_angle_deg(first_planes[key], plane), 1.5) << key;
      ++n_pairs;
    }
    ++n_rows;
  }
  EXPECT_EQ(n_rows, 24);
  EXPECT_EQ(n_pairs, 11);
}

}  // namespace
