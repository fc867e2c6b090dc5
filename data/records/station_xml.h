// Reader of FDSN StationXML: what is needed to turn counts into ground motion, for each channel and epoch.
//
// Of each Channel: codes, start and end of the epoch, position, Azimuth, Dip, SampleRate, InstrumentSensitivity (value,
// frequency, input unit), of each Stage the PolesZeros (in rad/s or Hz), StageGain, and Decimation's Delay and Correction.
// With the normalisation A0 at f0 of each stage of poles and zeros, P(s) = prod (s - z) / prod (s - p), and its gain g, which
// holds at the gain's own frequency f_g (f0 where none is given),
//
//   |A0 P(i 2 pi f0)| = 1              within 1 %                                                              (1)
//   prod of all g |A0 P(f_s)| / |A0 P(f_g)| = InstrumentSensitivity at f_s                 within 1 %          (2)
//   delay left uncorrected = sum over stages of (Delay - Correction)                                           (3)
//   poles and zeros in Hz: p' = 2 pi p, z' = 2 pi z, A0' = A0 (2 pi)^(n_poles - n_zeros)                       (4)
//   where f_g is not f0: A0' = A0 / |A0 P(i 2 pi f_g)|, so that the stage's gain at f_g is g, as evalresp does (5)
//
// (1) and (2) must hold before a response is used: a lost pole, a lost gain stage or a wrong unit breaks one of them. Digital
// filters (Coefficients, FIR) are not evaluated: below 0.1 Hz they are 1. Of analog stages poles and zeros are understood; one that
// is given as ResponseList, Polynomial or analog Coefficients is an error of its channel.
//
// A channel whose position, direction or response is absent or malformed stops nothing: its error is kept and thrown when the
// channel is used; one without a code is passed over. Azimuth and Dip are optional in the format; where Dip is 90 or -90 no Azimuth
// is needed.
//
// Input units M, M/S, M/SEC, M/S**2, M/SEC**2 in upper or lower case. A file has at most 64 MB and 100 000 channel epochs.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/records/instrument_response.h"
#include "data/records/orientation.h"
#include "propagator/errors.h"

namespace data {

struct PolesZeros {
  std::vector<std::complex<double>> poles, zeros;  // rad/s
  double A0 = 1.0, f0_hz = 1.0;
  std::optional<double> gain_hz;  // f_g of the stage's gain; empty: f0
  bool operator==(const PolesZeros&) const = default;
};

struct ChannelEpoch {
  std::string source;  // the file
  std::string network, station, location, channel;
  std::int64_t start_ns = 0, end_ns = 0;
  double latitude_deg = 0.0, longitude_deg = 0.0;
  std::optional<Orientation> orientation;  // empty where the file does not tell it
  double sample_rate_hz = 0.0;
  std::string input_unit;  // as written; empty without InstrumentSensitivity
  double sensitivity = 0.0, sensitivity_hz = 0.0;
  std::vector<PolesZeros> analog_stages;  // first: the sensor
  std::vector<double> stage_gains;
  double delay_s = 0.0;                                     // equation (3)
  std::optional<InstrumentResponse> displacement_response;  // from SACPZ (sacpz.h), which gives it whole; else empty
  std::optional<propagator::InputError> error;              // what is wrong with the channel; thrown by what uses it
};

// Whether the root element is FDSNStationXML, as far as these first bytes of a file show.
bool looks_like_station_xml(std::string_view bytes);

// Throws propagator::InputError: XML that is not well formed (byte), another root element, an epoch's time that is none.
std::vector<ChannelEpoch> parse_station_xml(std::string_view bytes, const std::string& source);
std::vector<ChannelEpoch> read_station_xml(const std::string& path);

// The one epoch of this channel that covers the trace from its first to its last sample. Epochs that describe the same
// instrument (copies of a file) count as one, the first. Throws propagator::InputError where there is none or more than one.
const ChannelEpoch& epoch_covering(const std::vector<ChannelEpoch>& epochs, const Trace& trace);

// Checks (1) and (2) and returns the response. Throws propagator::InputError with the value that fails.
InstrumentResponse response_of(const ChannelEpoch& epoch);

// Throws propagator::InputError where the file does not tell it.
Orientation orientation_of(const ChannelEpoch& epoch);

}  // namespace data
