// Reader of SACPZ, SAC's text form of an instrument's poles and zeros, with the annotations that data centres write:
//
//   * NETWORK   (KNETWK): BK            STATION (KSTNM), LOCATION (KHOLE), CHANNEL (KCMPNM)
//   * START             : 2019-01-01T00:00:00      END: absent, empty or a time; years beyond 2200 mean no end
//   * LATITUDE, LONGITUDE, ELEVATION, AZIMUTH, SAMPLE RATE
//   * DIP               : 90.0          from the vertical, upwards 0, as EarthScope's service writes it; written
//   * DIP (SEED)        : 0.0           like this (ObsPy) it is counted down from the horizontal           (1)
//   * INPUT UNIT        : M             poles and zeros turn displacement in m into counts
//   * SENSITIVITY, A0                   where both are told: their product is CONSTANT within 1 %           (2)
//   ZEROS 3                             rad/s; zeros that are not listed lie at the origin (SAC's manual)
//   +0.0 +0.0
//   POLES 5
//   -0.037 +0.037
//   ...
//   CONSTANT 5.4e+13                    ends the entry; a file may hold many
//
// The names before the blank or the parenthesis decide, upper or lower case. An entry without the four codes, the place or the
// direction is refused: nobody could tell which channel it belongs to, or where that points. Of the codes LOCATION alone
// may be empty or "--", as data centres write it where there is none; its line is there all the same. Other input units
// than M contradict the format and are refused. The response is whole without SENSITIVITY and A0, and some programs write one of
// them alone or leave its value out: they serve for (2) only. At most 1 MB, 100 poles and 100 zeros in each entry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/records/station_xml.h"

namespace data {

// One epoch for each entry, its response complete (ChannelEpoch::displacement_response).
// Throws propagator::InputError with the line, the field, its value and the rule.
std::vector<ChannelEpoch> parse_sacpz(std::string_view text, const std::string& source);

// Whether a text begins like one: its first line without an asterisk is ZEROS, POLES or CONSTANT with a number, or, where only
// annotations are at hand, one of them is NETWORK.
bool looks_like_sacpz(std::string_view bytes);

}  // namespace data
