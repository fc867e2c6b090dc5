#include "data/records/segments.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace data {
namespace {

// A segment under construction: the samples are gathered in a vector, which grows in amortised constant time.
struct Growing {
  Trace head;
  std::vector<double> samples;

  explicit Growing(const Trace& record) : head(record) { append(record, 0); }
  void append(const Trace& record, Eigen::Index from) {
    samples.insert(samples.end(), record.samples.data() + from, record.samples.data() + record.samples.size());
  }
  std::int64_t last_ns() const { return sample_time_ns(head, static_cast<double>(samples.size()) - 1.0); }
  Trace finished() const {
    Trace trace = head;
    trace.samples = Eigen::Map<const Eigen::ArrayXd>(samples.data(), static_cast<Eigen::Index>(samples.size()));
    return trace;
  }
};

Trace without_first(const Trace& record, Eigen::Index n) {
  Trace rest = record;
  rest.start_ns = sample_time_ns(record, static_cast<double>(n));
  rest.samples = record.samples.tail(record.samples.size() - n).eval();
  return rest;
}

// Case (3): n samples of the record lie at or before the end of the segment.
void join_overlapping(Segments& joined, Growing& segment, const Trace& record, Eigen::Index n) {
  const Eigen::Index in_both = std::min(n, record.samples.size());
  const auto size = static_cast<Eigen::Index>(segment.samples.size());
  bool equal = true;
  for (Eigen::Index i = 0; i < in_both; ++i) {
    const Eigen::Index at = size - n + i;
    if (at >= 0) equal = equal && segment.samples[static_cast<std::size_t>(at)] == record.samples[i];
  }
  joined.overlaps.push_back({record.start_ns, std::min(segment.last_ns(), end_ns(record)), !equal});
  if (in_both == record.samples.size()) return;
  if (equal) {
    segment.append(record, in_both);
  } else {
    joined.traces.push_back(segment.finished());
    segment = Growing(without_first(record, in_both));
  }
}

void join_one(Segments& joined, Growing& segment, const Trace& record) {
  const double dt_ns = segment.head.dt_s * 1e9;
  const double k = static_cast<double>(record.start_ns - segment.last_ns()) / dt_ns;
  const bool same_rate = std::abs(record.dt_s - segment.head.dt_s) <= 1e-4 * segment.head.dt_s;
  if (same_rate && k < 0.5) {
    join_overlapping(joined, segment, record, static_cast<Eigen::Index>(std::llround(1.0 - k)));  // (3)
  } else if (same_rate && k <= 1.5) {
    segment.append(record, 0);  // (1)
  } else {
    if (k > 1.5) joined.gaps.push_back({segment.last_ns(), record.start_ns});  // (2)
    if (!same_rate) {
      joined.rate_changes.push_back({segment.last_ns(), record.start_ns, segment.head.dt_s, record.dt_s});
    }
    joined.traces.push_back(segment.finished());
    segment = Growing(record);
  }
}

}  // namespace

Segments join_by_time(std::vector<Trace> records) {
  Segments joined;
  records.erase(std::remove_if(records.begin(), records.end(), [](const Trace& t) { return t.samples.size() == 0; }),
                records.end());
  if (records.empty()) return joined;
  for (const Trace& record : records) {
    if (channel_id(record) != channel_id(records.front())) {
      throw std::invalid_argument("join_by_time: records: " + channel_id(record) + " beside " +
                                  channel_id(records.front()) + ": expected one channel");
    }
    if (record.quantity != records.front().quantity) {
      throw std::invalid_argument("join_by_time: records: " + unit_name(record.quantity) + " beside " +
                                  unit_name(records.front().quantity) + ": expected one unit");
    }
    if (!(record.dt_s > 0.0)) {
      throw std::invalid_argument("join_by_time: records: dt_s = " + std::to_string(record.dt_s) +
                                  ": expected above 0");
    }
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const Trace& a, const Trace& b) { return a.start_ns < b.start_ns; });
  Growing segment(records.front());
  for (std::size_t i = 1; i < records.size(); ++i) join_one(joined, segment, records[i]);
  joined.traces.push_back(segment.finished());
  return joined;
}

}  // namespace data
