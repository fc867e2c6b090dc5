// A made-up station in records, and what is told of it: three channels, of counts of an accelerometer or of ground motion in SAC
// files, at the time of the Ridgecrest Mw 7.1.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "data/records/sac.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace support {

inline data::Event mainshock() { return data::parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0"); }

// StationXML of a flat accelerometer response of 1000 counts per m/s^2.
inline std::string flat_station_xml(const std::string& station, const std::vector<std::string>& channels,
                                    double rate_hz) {
  std::string xml = "<FDSNStationXML><Network code=\"XX\"><Station code=\"" + station + "\">";
  for (const std::string& channel : channels) {
    const std::string azimuth = channel.back() == 'E' ? "90" : "0", dip = channel.back() == 'Z' ? "-90" : "0";
    xml += "<Channel code=\"" + channel +
           "\" locationCode=\"\" startDate=\"2000-01-01T00:00:00\"><Latitude>0</Latitude>" +
           "<Longitude>0</Longitude><Azimuth>" + azimuth + "</Azimuth><Dip>" + dip + "</Dip><SampleRate>" +
           std::to_string(rate_hz) +
           "</SampleRate><Response><InstrumentSensitivity><Value>1000</Value><Frequency>1</Frequency>" +
           "<InputUnits><Name>M/S**2</Name></InputUnits></InstrumentSensitivity><Stage number=\"1\"><PolesZeros>" +
           "<PzTransferFunctionType>LAPLACE "
           "(RADIANS/SECOND)</PzTransferFunctionType><NormalizationFactor>1</NormalizationFactor>" +
           "<NormalizationFrequency>1</NormalizationFrequency></PolesZeros><StageGain><Value>1000</Value></StageGain></"
           "Stage>" +
           "</Response></Channel>";
  }
  return xml + "</Station></Network></FDSNStationXML>";
}

// 340 s at 20 samples/s from 60 s before the origin: a little noise, and behind P at 10 s a burst of 0.07 Hz.
inline data::Trace burst(const std::string& channel, double amplitude) {
  data::Trace trace;
  trace.network = "XX";
  trace.station = "AAA";
  trace.channel = channel;
  trace.start_ns = mainshock().origin_ns - 60'000'000'000;
  trace.dt_s = 0.05;
  trace.samples.resize(6800);
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const double t = static_cast<double>(i) * trace.dt_s - 70.0;
    trace.samples[i] =
        std::round(40.0 * std::sin(0.9 * static_cast<double>(i * i % 977)) +
                   (t > 0.0 ? amplitude * std::exp(-t / 30.0) * std::sin(2.0 * std::numbers::pi * 0.07 * t) : 0.0));
  }
  return trace;
}

// Ground motion whose derivatives can be written down: with a the time after P less 45 s, s = 12 s and w = 2 pi f,
//
//   u = A exp(-a^2 / 2 s^2) sin(w a)
//
// rests at P and at both ends of the record (9e-4 A at P), and has its frequencies within 4 / (2 pi s) = 0.05 Hz of f.
struct Wave {
  double amplitude_m, frequency_hz;
};

// u, u' or u'' on the samples of `burst`.
inline Eigen::ArrayXd samples_of(const Wave& wave, data::Quantity quantity) {
  constexpr double s = 12.0;
  const double w = 2.0 * std::numbers::pi * wave.frequency_hz;
  const Eigen::ArrayXd a = Eigen::ArrayXd::LinSpaced(6800, 0.0, 6799.0) * 0.05 - (70.0 + 45.0);
  const Eigen::ArrayXd bell = wave.amplitude_m * (-a.square() / (2.0 * s * s)).exp();
  const Eigen::ArrayXd sine = (w * a).sin(), cosine = (w * a).cos(), slope = a / (s * s);
  switch (quantity) {
    case data::Quantity::displacement:
      return bell * sine;
    case data::Quantity::velocity:
      return bell * (w * cosine - slope * sine);
    case data::Quantity::acceleration:
      return bell * ((slope.square() - 1.0 / (s * s) - w * w) * sine - 2.0 * w * slope * cosine);
    default:
      throw std::invalid_argument("samples_of: quantity = counts: expected ground motion");
  }
}

// In metres, as a SAC file holds it, or in the counts of `flat_station_xml`.
inline data::Trace wave_trace(const std::string& channel, const Wave& wave, data::Quantity quantity) {
  data::Trace trace = burst(channel, 0.0);
  trace.quantity = quantity;
  if (quantity == data::Quantity::counts) {
    trace.samples = 1000.0 * samples_of(wave, data::Quantity::acceleration);
  } else {
    trace.samples = samples_of(wave, quantity);
  }
  return trace;
}

inline const std::vector<data::Station> one_slot = {{"XX", "AAA", 0.0, 0.0, 0.0}};

inline void write_station(const TemporaryFolder& folder, const std::string& band, double amplitude) {
  for (const char* component : {"E", "N", "Z"}) {
    const data::Trace trace = burst(band + component, amplitude);
    folder.write("waveforms/" + trace.channel + ".mseed", miniseed_file(trace));
  }
}

inline void write_traces(const TemporaryFolder& folder, const std::vector<data::Trace>& traces) {
  for (const data::Trace& trace : traces) folder.write(trace.channel + ".mseed", miniseed_file(trace));
}

// A trace in metres, named after its location and channel.
inline void write_sac(const TemporaryFolder& folder, const data::Trace& trace, const data::Orientation& orientation) {
  folder.write(trace.location + "." + trace.channel + ".SAC",
               data::sac_bytes({trace, orientation}, data::parse_sac_unit("m")));
}

inline data::RecordSettings sac_in_metres() {
  data::RecordSettings settings;
  settings.sac_unit = "m";
  return settings;
}

inline data::RecordWindow window_of(const TemporaryFolder& folder, const data::RecordSettings& settings = {}) {
  return data::window_from_records(folder.path(), one_slot, mainshock(), {10.0}, {}, settings);
}

inline std::string reason_of(const data::RecordWindow& window, const std::string& channel) {
  for (const data::ChannelReport& c : window.channels) {
    if (c.channel == channel)
      return c.action == data::ChannelAction::used ? "used" : data::action_name(c.action) + ": " + c.reason;
  }
  return "[not reported]";
}

inline std::string notes_of(const data::RecordWindow& window) {
  return fmt::format("{}", fmt::join(window.notes, "; "));
}

}  // namespace support
