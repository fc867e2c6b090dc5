// Arrival times of P read by an analyst or a picker, one a line:
//
//   # network station phase time (UTC)
//   CI CLC P 2019-07-06T03:19:55.1
//
// A table of text (data/text_table.h): # begins a comment. Codes are names of 1 to 8 characters of
// A-Z a-z 0-9 . _ -, the phase is P (upper case); a station occurs once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/event.h"
#include "data/station.h"

namespace data {

struct Pick {
  std::string network, station;
  std::int64_t time_ns = 0;
};

// Throws propagator::InputError with the line, the field, its value and the rule.
std::vector<Pick> parse_picks(std::string_view text, const std::string& source);
std::vector<Pick> read_picks(const std::string& path);  // at most 1 MB

// Seconds from the origin to P for each slot: the pick where there is one, the theoretical time otherwise. Picks of stations
// that no slot names are passed over. Throws propagator::InputError for a pick that is not 0 to 300 s after the origin.
std::vector<double> p_times_with_picks(const std::vector<Station>& slots, const Event& event,
                                       const std::vector<double>& theoretical_p_s, const std::vector<Pick>& picks);

}  // namespace data
