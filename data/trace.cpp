#include "data/trace.h"

#include <cmath>
#include <stdexcept>

namespace data {

std::string unit_name(Quantity quantity) {
  switch (quantity) {
    case Quantity::counts:
      return "counts";
    case Quantity::displacement:
      return "m";
    case Quantity::velocity:
      return "m/s";
    case Quantity::acceleration:
      return "m/s^2";
  }
  throw std::invalid_argument("unit_name: quantity: expected one of the four enumerators");
}

std::int64_t sample_time_ns(const Trace& trace, double i) {
  return trace.start_ns + std::llround(i * trace.dt_s * 1e9);  // (1)
}

double seconds_between(std::int64_t from_ns, std::int64_t to_ns) {
  if (to_ns < from_ns) return -seconds_between(to_ns, from_ns);
  return static_cast<double>(static_cast<std::uint64_t>(to_ns) - static_cast<std::uint64_t>(from_ns)) * 1e-9;
}

std::int64_t end_ns(const Trace& trace) {
  return trace.samples.size() == 0 ? trace.start_ns
                                   : sample_time_ns(trace, static_cast<double>(trace.samples.size() - 1));
}

std::string channel_id(const Trace& trace) {
  return trace.network + "." + trace.station + "." + trace.location + "." + trace.channel;
}

}  // namespace data
