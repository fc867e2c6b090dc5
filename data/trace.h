// One component of ground motion as a series of equally spaced samples.
//
//   x_i is the value at the time  t_i = start + i dt,  i = 0 .. n-1                                      (1)
//
// start is in nanoseconds since 1970-01-01T00:00:00 UTC (POSIX count: leap seconds are not counted), dt in seconds.
// A Trace has no gap: a record with gaps is several traces.
//
// Units are SI: counts (digitizer output, dimensionless), displacement m, velocity m/s, acceleration m/s^2.
// The channel is a SEED code ("BHZ", "HNE") as the record names it. Where its samples are positive is told by its orientation
// (records/orientation.h), not by its last letter. Synthetics have names of their own (greens_export.h).
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>

namespace data {

enum class Quantity { counts, displacement, velocity, acceleration };

// "counts", "m", "m/s", "m/s^2".
std::string unit_name(Quantity quantity);

struct Trace {
  std::string network, station, location, channel;
  std::int64_t start_ns = 0;
  double dt_s = 0.0;
  Quantity quantity = Quantity::counts;
  Eigen::ArrayXd samples;
};

// Time of sample i by equation (1); i may lie outside the trace, and between samples.
std::int64_t sample_time_ns(const Trace& trace, double i);

// Exact also for times more than 292 years apart, whose difference 64 bits of nanoseconds do not hold.
double seconds_between(std::int64_t from_ns, std::int64_t to_ns);

// Time of the last sample; the start for an empty trace.
std::int64_t end_ns(const Trace& trace);

// "CI.CCC..HNZ": network, station, location and channel joined by dots.
std::string channel_id(const Trace& trace);

}  // namespace data
