// A seismic station, and the table of stations that a network is trained for.
//
// The table is text: one station a line, five columns apart by blanks or tabs; '#' begins a comment, empty lines are
// passed over; line ends may be LF or CRLF.
//
//   # network  code  latitude_deg  longitude_deg  elevation_m
//   CI         CLC   35.81574      -117.59751     775
//
// The order of the lines is the order of the stations in the network's input: a trained network knows it by position.
#pragma once

#include <string>
#include <vector>

namespace data {

struct Station {
  std::string network, code;
  double latitude_deg, longitude_deg;  // WGS84
  double elevation_m;                  // above sea level
};

// Reads the table. Refuses (propagator::InputError with file, line, field, value and rule): a number of columns other than
// five; names with characters other than A-Z a-z 0-9 . _ - or longer than 8; numbers that are not finite decimals; latitudes
// outside -90..90 (as when the two coordinates are exchanged), longitudes outside -180..180, elevations outside -500..9000 m; the same
// network and code twice; a table without stations or with more than 1000.
std::vector<Station> read_stations(const std::string& path);

// The same from text; `source` stands for the file's name in messages.
std::vector<Station> parse_stations(const std::string& text, const std::string& source);

}  // namespace data
