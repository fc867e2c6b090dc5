// Reader of miniSEED 2: each record of the file becomes one Trace of counts.
//
// Each record passes the rules of miniseed_guard.h before libmseed decodes it, from a copy that ends where the record ends;
// libmseed's environment variables UNPACK_* are removed first, so that a file decodes alike everywhere. The last value of a
// Steim record must be the reverse integration constant in the record's first frame.
//
// Times are to 0.1 ms (header) or 1 us (blockette 1001); a declared time correction is applied. Records are not joined here;
// see segments.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/trace.h"

namespace data {

enum class BadRecord { stop, skip };

struct MiniseedContent {
  std::vector<Trace> records;        // in the order of the file, quantity counts
  std::vector<std::string> skipped;  // one message for each place passed over (BadRecord::skip only)
};

// Throws propagator::InputError at the first bad record (stop), or looks for the next good one in steps of 128 bytes (skip).
// `source` is the name that messages give. Cost: linear in the bytes.
MiniseedContent parse_miniseed(std::string_view bytes, const std::string& source,
                               BadRecord bad_record = BadRecord::stop);

// The same of a file of at most 1 GiB.
MiniseedContent read_miniseed(const std::string& path, BadRecord bad_record = BadRecord::stop);

}  // namespace data
