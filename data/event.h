// The origin of an earthquake, and time as a number.
//
// A time is a count of nanoseconds since 1970-01-01T00:00:00 UTC in 64 bits (1678 to 2262), leap seconds left out as in
// POSIX. Text is ISO 8601, always UTC: the machine's time zone is never asked.
//
//   2019-07-06T03:19:53.04     2019-07-06T03:19:53.04Z     2019-07-06 03:19:53
//
// A leap second, 23:59:60, counts as the first second of the next day, as POSIX counts it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace data {

struct Event {
  std::string id;
  std::int64_t origin_ns;              // since 1970, UTC
  double latitude_deg, longitude_deg;  // WGS84
  double depth_km;                     // positive down
};

// Refuses (propagator::InputError) whatever is not a time as above, with up to 9 decimals, in the years 1700..2200.
std::int64_t parse_utc_ns(const std::string& text);

// "2019-07-06T03:19:53.040Z": with 3, 6 or 9 decimals, as few as tell the time exactly.
std::string format_utc(std::int64_t time_ns);

// From "time,latitude,longitude,depth_km", for example "2019-07-06T03:19:53.04,35.7695,-117.5993,8.0". The id is the time in digits,
// "20190706T031953". Refuses (InputError) a latitude outside -90..90 (as when the two are exchanged), a longitude outside -180..180, a depth
// outside -5..800 km, and what is not a number.
Event parse_event(const std::string& text);

// From an event of the ComCat catalogue in GeoJSON (event.json: id, geometry.coordinates = [longitude, latitude, depth],
// properties.time in ms since 1970). The same refusals, and those of a file that is not such a document.
Event read_event(const std::string& path);

// From a table of text: one event a line, "id time latitude_deg longitude_deg depth_km" and columns that are not read; '#' begins a
// comment.
std::vector<Event> read_events(const std::string& path);

}  // namespace data
