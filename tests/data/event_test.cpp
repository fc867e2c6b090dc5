#include "data/event.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "propagator/errors.h"
#include "tests/support/input_error.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

namespace {

using data::Event;
using data::format_utc;
using data::parse_event;
using data::parse_utc_ns;
using data::read_event;

// The expected counts are those of `date -u -d <time> +%s`.
TEST(ParseUtc, CountsNanosecondsSince1970) {
  EXPECT_EQ(parse_utc_ns("1970-01-01T00:00:00"), 0);
  EXPECT_EQ(parse_utc_ns("1970-01-01T00:00:00.000000001Z"), 1);
  EXPECT_EQ(parse_utc_ns("1969-12-31T23:59:59.999999999"), -1);
  EXPECT_EQ(parse_utc_ns("2019-07-06T03:19:53.04"), 1562383193040000000);
  EXPECT_EQ(parse_utc_ns("2019-07-06 03:19:53.04Z"), 1562383193040000000);
  EXPECT_EQ(parse_utc_ns("2000-02-29T12:00:00"), 951825600000000000);
  EXPECT_EQ(parse_utc_ns("1900-03-01T00:00:00"), -2203891200000000000) << "1900 was no leap year";
}

TEST(ParseUtc, ALeapSecondIsTheFirstSecondOfTheNextDay) {
  EXPECT_EQ(parse_utc_ns("2016-12-31T23:59:60.25"), parse_utc_ns("2017-01-01T00:00:00.25"));
}

TEST(ParseUtc, DoesNotDependOnTheMachinesTimeZone) {
  const char* old = std::getenv("TZ");
  const std::string kept = old != nullptr ? old : "";
  ::setenv("TZ", "America/Los_Angeles", 1);
  ::tzset();
  EXPECT_EQ(parse_utc_ns("2019-07-06T03:19:53.04"), 1562383193040000000);
  EXPECT_EQ(format_utc(1562383193040000000), "2019-07-06T03:19:53.040Z");
  old != nullptr ? ::setenv("TZ", kept.c_str(), 1) : ::unsetenv("TZ");
  ::tzset();
}

TEST(FormatUtc, IsReadBackExactly) {
  for (const std::int64_t time :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1562383193040000000}, std::int64_t{1562383193040001000},
        std::int64_t{-2203891200000000000}, std::int64_t{123456789123456789}}) {
    EXPECT_EQ(parse_utc_ns(format_utc(time)), time);
  }
  EXPECT_EQ(format_utc(1562383193040001000), "2019-07-06T03:19:53.040001Z");
  EXPECT_EQ(format_utc(-1), "1969-12-31T23:59:59.999999999Z");
}

TEST(ParseUtc, RefusesEverythingElse) {
  const std::string form = "must be UTC as 2019-07-06T03:19:53.04, with up to 9 decimals and at most a Z behind";
  for (const std::string text :
       {"2019-07-06", "2019-07-06T03:19", "06.07.2019 03:19:53", "2019-07-06T03:19:53+02:00", "2019-07-06T03:19:53.",
        "2019-07-06T03:19:53.1234567890", "2019-07-06T03:19:53,04", "2019-7-6T03:19:53", "2019-07-06T 3:19:53",
        "2019-07-06T03:19:53ZZ", "-019-07-06T03:19:53"}) {
    EXPECT_EQ(support::input_error([&] { parse_utc_ns(text); }), "time = " + text + ": " + form);
  }
  EXPECT_EQ(support::input_error([] { parse_utc_ns("2019-02-29T00:00:00"); }),
            "time = 2019-02-29T00:00:00: there is no such day");
  EXPECT_EQ(support::input_error([] { parse_utc_ns("2019-13-01T00:00:00"); }),
            "time = 2019-13-01T00:00:00: there is no such day");
  EXPECT_EQ(support::input_error([] { parse_utc_ns("2019-07-06T24:00:00"); }),
            "time = 2019-07-06T24:00:00: there is no such time of the day");
  EXPECT_EQ(support::input_error([] { parse_utc_ns("2019-07-06T03:19:60"); }),
            "time = 2019-07-06T03:19:60: there is no such time of the day");
  EXPECT_EQ(support::input_error([] { parse_utc_ns("9999-07-06T03:19:53"); }),
            "time = 9999-07-06T03:19:53: year must lie in 1700..2200");
}

TEST(ParseEvent, ReadsTimeLatitudeLongitudeDepth) {
  const Event event = parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0");
  EXPECT_EQ(event.id, "20190706T031953");
  EXPECT_EQ(event.origin_ns, 1562383193040000000);
  EXPECT_EQ(event.latitude_deg, 35.7695);
  EXPECT_EQ(event.longitude_deg, -117.5993);
  EXPECT_EQ(event.depth_km, 8.0);
}

TEST(ParseEvent, TellsWhichPartIsWrong) {
  const auto message = [](const std::string& text) { return support::input_error([&] { parse_event(text); }); };
  EXPECT_EQ(message("2019-07-06T03:19:53,-117.5993,35.7695,8"),
            "event: latitude_deg = -117.5993: must lie in -90..90 (latitude comes before longitude)");
  EXPECT_EQ(message("2019-07-06T03:19:53,35.7695,242.4,8"), "event: longitude_deg = 242.4: must lie in -180..180");
  EXPECT_EQ(message("2019-07-06T03:19:53,35.7695,-117.5993,8000"), "event: depth_km = 8000: must lie in -5..800");
  EXPECT_EQ(message("2019-07-06T03:19:53,35.7695,-117.5993,nan"),
            "event: depth_km = nan: must be a decimal number in -5..800");
  EXPECT_EQ(message("2019-07-06T03:19:53,35.7695,-117.5993"),
            "event: 2019-07-06T03:19:53,35.7695,-117.5993: must be time,latitude,longitude,depth_km, for example "
            "2019-07-06T03:19:53.04,35.7695,-117.5993,8.0");
  EXPECT_EQ(message("yesterday,35.7695,-117.5993,8").rfind("event: time = yesterday: must be UTC", 0), 0U);
}

TEST(ReadEvent, ReadsComCatsGeoJson) {
  const std::string path = support::reference("ridgecrest_m71/event.json");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71/event.json");
  const Event event = read_event(path);
  EXPECT_EQ(event.id, "ci38457511");
  EXPECT_EQ(event.origin_ns, 1562383193040000000);
  EXPECT_DOUBLE_EQ(event.latitude_deg, 35.7695);
  EXPECT_NEAR(event.longitude_deg, -117.5993333, 1e-9);
  EXPECT_EQ(event.depth_km, 8.0);
}

TEST(ReadEvent, TellsWhatIsWrongInADocument) {
  const support::TemporaryFolder folder;
  const auto message = [&folder](const std::string& text) {
    const std::string path = folder.write("bad.json", text);
    std::string told = support::input_error([&] { read_event(path); });
    if (told.rfind(path, 0) == 0) told.replace(0, path.size(), "FILE");
    return told;
  };
  const auto document = [](const std::string& time, const std::string& place) {
    return R"({"id": "x1", "properties": {"time": )" + time + R"(}, "geometry": {"coordinates": )" + place + "}}";
  };
  EXPECT_EQ(message("{"), "FILE: must be JSON");
  EXPECT_EQ(message("[1, 2]"), "FILE: id = null: must be a text, as in ComCat's GeoJSON of one event");
  EXPECT_EQ(message(document("\"now\"", "[-117, 35, 8]")),
            "FILE: properties: time = \"now\": must be a whole number of ms since 1970");
  EXPECT_EQ(message(document("1", "[-117, 35]")),
            "FILE: geometry: coordinates = [-117,35]: must be [longitude, latitude, depth_km]");
  EXPECT_EQ(message(document("1", "[35, -117, 8]")),
            "FILE: geometry: coordinates[1] (latitude) = -117: must lie in -90..90 (GeoJSON puts the longitude first)");
  EXPECT_EQ(message(document("1", "[-117, 35, null]")),
            "FILE: geometry: coordinates[2] (depth) = null: must be a decimal number in -5..800");
  EXPECT_EQ(message(document("99999999999999", "[-117, 35, 8]"))
                .rfind("FILE: properties: time = 99999999999999: must lie in", 0),
            0U);
  EXPECT_NE(support::input_error([] { read_event("/nowhere/event.json"); }), "no error");
}

TEST(ReadEvents, ReadsATableAndNamesTheLineOfAnError) {
  const support::TemporaryFolder folder;
  const std::string path =
      folder.write("table.txt", "# id time lat lon depth\nci1 2019-07-06T03:19:53.04 35.7695 -117.5993 8.00 7.1\n");
  const std::vector<Event> events = data::read_events(path);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, "ci1");
  EXPECT_EQ(events[0].origin_ns, 1562383193040000000);
  const std::string bad = folder.write("bad_table.txt", "\nci1 2019-07-06T03:19:53.04 95 -117.5993 8.00\n");
  EXPECT_EQ(support::input_error([&] { data::read_events(bad); }),
            bad + ": line 2: latitude_deg = 95: must lie in -90..90 (latitude comes before longitude)");
  const std::string bad_time = folder.write("bad_table.txt", "ci1 2019-07-36T03:19:53.04 35 -117.5993 8.00\n");
  EXPECT_EQ(support::input_error([&] { data::read_events(bad_time); }),
            bad_time + ": line 1: time = 2019-07-36T03:19:53.04: there is no such day");
}

}  // namespace
