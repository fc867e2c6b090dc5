// Published mechanisms of earthquakes, read from a table of text (data/ridgecrest/mechanisms.txt):
//
//   # event  source  kind  plane  strike_deg  dip_deg  rake_deg  confidence
//   ci38457511  SCSN  moment_tensor  1  230.8  82.8  -9.4  read
//
// A source lists one plane or both; the first one read stands for the solution. Lines whose confidence is not "read" are
// passed over: what was not seen in a source is not shown as its word.
#pragma once

#include <string>
#include <vector>

#include "fmnet/figures/mechanism_row.h"

namespace fmnet {

// In the order of the file, named "SCSN moment tensor". InputError for a line that is not understood and for an event that
// the file does not hold.
std::vector<NamedMechanism> read_mechanisms(const std::string& path, const std::string& event_id);

// The same, and none for an event that the file does not hold.
std::vector<NamedMechanism> published_mechanisms(const std::string& path, const std::string& event_id);

}  // namespace fmnet
