// Records of one channel joined by time into gap-free segments, with every gap and overlap told.
//
// Let a segment end at t_e (its last sample) and the next record begin at t_b. With the step k = (t_b - t_e) / dt
//
//   |k - 1| <= 1/2   the record continues the segment                                                         (1)
//   k > 3/2          gap: the interval (t_e, t_b) has no samples; a segment begins                            (2)
//   k < 1/2          overlap: samples that both hold must be equal, then the rest of the record continues the
//                    segment; if they differ, the overlap is conflicting and a segment begins behind it       (3)
//
// Nothing is filled in. A record whose sampling interval differs by more than 1e-4 begins a segment, wherever it begins: the
// change of rate is told, and the gap where there is one by (2).
#pragma once

#include <cstdint>
#include <vector>

#include "data/trace.h"

namespace data {

struct Gap {
  std::int64_t from_ns, to_ns;  // last sample before, first sample behind
};

struct Overlap {
  std::int64_t from_ns, to_ns;
  bool conflicting;
};

struct RateChange {
  std::int64_t last_ns, first_ns;  // last sample at the former rate, first at the latter; may overlap
  double from_dt_s, to_dt_s;
};

struct Segments {
  std::vector<Trace> traces;  // in the order in which their records begin
  std::vector<Gap> gaps;
  std::vector<Overlap> overlaps;
  std::vector<RateChange> rate_changes;
};

// All records must have the same network, station, location, channel and unit; their order does not matter.
// Throws std::invalid_argument where channels or units are mixed or a sampling interval is not above 0. Cost: n log n in the records, linear in the samples.
Segments join_by_time(std::vector<Trace> records);

}  // namespace data
