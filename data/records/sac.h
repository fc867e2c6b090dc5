// Reader and writer of SAC binary files (header versions 6 and 7, either byte order).
//
//   bytes   0-279  70 float32      delta 0, b 20, stla 124, stlo 128, stel 132, cmpaz 228, cmpinc 232
//   bytes 280-439  40 int32        year, day of year, hour, minute, second, ms 280-300; nvhdr 304; npts 316;
//                                  iftype 340 (1 = time series); idep 344 (6, 7, 8 = displacement, velocity, acceleration);
//                                  leven 420 (1 = evenly sampled)
//   bytes 440-631  text, 8 each    kstnm 440, khole 464 (location), kcmpnm 600, knetwk 608
//   bytes 632-     npts float32; version 7 then has 22 float64, the first two of which are delta and b
//
// -12345 means undefined. A text ends at its first NUL, as programs in C write it, or with its eighth byte; blanks around it do not
// count. The time of the first sample is the reference time of bytes 280-303 plus b.
//
// Refused: a file size other than 632 + 4 npts (+ 176 in version 7), a header version other than 6 or 7 in both byte orders,
// uneven sampling, anything but a time series, delta <= 0, more than 1e9 s, an undefined b or reference time, day 366 of a
// year of 365, milliseconds outside 0-999, a reference time or first sample outside 1900-2100.
//
// The physical unit cannot be told from the file (SAC's convention is nm, most programs write m or cm), and idep is often wrong:
// the user states both; idep is written, not read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/records/orientation.h"
#include "data/trace.h"

namespace data {

struct SacUnit {
  Quantity quantity = Quantity::displacement;
  double si_per_unit = 1.0;
};

// "m", "cm", "um", "nm", "m/s", "cm/s", "um/s", "nm/s", "m/s^2", "cm/s^2", "counts".
// Throws propagator::InputError for another name.
SacUnit parse_sac_unit(const std::string& name);

struct SacRecord {
  Trace trace;  // in SI units
  std::optional<Orientation> orientation;
};

// Throws propagator::InputError with the byte of the header, the field, its value and the rule.
SacRecord parse_sac(std::string_view bytes, const std::string& source, const SacUnit& unit);
SacRecord read_sac(const std::string& path, const SacUnit& unit);  // at most 400 MB

// Whether the bytes look like a SAC file: header version 6 or 7 in one byte order.
bool looks_like_sac(std::string_view bytes);

// Whether a header tells this time: in the years 1900-2100.
bool is_sac_time(std::int64_t time_ns);

// A version 6 file, little endian, samples divided by unit.si_per_unit and rounded to float32; idep tells what the trace
// measures; the reference time is the start of the trace to the millisecond and b holds the rest. Throws std::invalid_argument for
// a trace that parse_sac would refuse: no samples or more than 100 million, dt outside 1e-6 to 1e4 s, more than 1e9 s, a start
// outside 1900-2100.
std::string sac_bytes(const SacRecord& record, const SacUnit& unit);

}  // namespace data
