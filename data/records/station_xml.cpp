#include "data/records/station_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <pugixml.hpp>

#include "data/atomic_file.h"
#include "data/event.h"
#include "data/records/codes.h"
#include "propagator/errors.h"

namespace data {
namespace {

using Complex = std::complex<double>;
constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr std::uint64_t largest_station_xml = 64'000'000;
constexpr std::size_t most_epochs = 100'000;

// The file and the element, for messages.
struct ElementPlace {
  const std::string& source;
  std::string element;
};

double element_number(const ElementPlace& at, const char* field, const std::string& text) {
  const std::string digits = text.starts_with("+") ? text.substr(1) : text;
  double value = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
    throw propagator::InputError(at.source, at.element, field, printable(text), "must be a finite number");
  }
  return value;
}

double number(const ElementPlace& at, const pugi::xml_node& parent, const char* child) {
  const pugi::xml_node node = parent.child(child);
  if (!node) throw propagator::InputError(at.source, at.element, child, "absent", "must be given");
  return element_number(at, child, trimmed(node.child_value()));
}

double number_or(const ElementPlace& at, const pugi::xml_node& parent, const char* child, double otherwise) {
  return parent.child(child) ? number(at, parent, child) : otherwise;
}

// Years outside 1700 to 2200, common as "no end", become the first or last instant of 64-bit nanoseconds.
std::int64_t epoch_time_ns(const ElementPlace& at, const char* field, std::string text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  if (text.ends_with("+00:00")) text.resize(text.size() - 6);
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + std::min<std::size_t>(4, text.size()), year);
  if (error == std::errc() && end == text.data() + 4) {
    if (year > 2200) return std::numeric_limits<std::int64_t>::max();
    if (year < 1700) return std::numeric_limits<std::int64_t>::min();
  }
  try {
    return parse_utc_ns(text);
  } catch (const std::exception&) {
    throw propagator::InputError(at.source, at.element, field, printable(text),
                                 "must be a UTC time like 2019-07-06T03:19:53");
  }
}

std::vector<Complex> roots(const ElementPlace& at, const pugi::xml_node& parent, const char* name) {
  std::vector<Complex> values;
  for (const pugi::xml_node node : parent.children(name)) {
    values.emplace_back(number(at, node, "Real"), number(at, node, "Imaginary"));
  }
  return values;
}

// Poles and zeros of an analog stage; digital ones (Z transform) are passed over.
void read_poles_zeros(const ElementPlace& at, const pugi::xml_node& node, std::vector<PolesZeros>& stages) {
  const std::string type = trimmed(node.child_value("PzTransferFunctionType"));
  if (type == "DIGITAL (Z-TRANSFORM)") return;
  const bool hertz = type == "LAPLACE (HERTZ)";
  if (!hertz && type != "LAPLACE (RADIANS/SECOND)") {
    throw propagator::InputError(at.source, at.element, "PzTransferFunctionType", printable(type),
                                 "must be LAPLACE (RADIANS/SECOND), LAPLACE (HERTZ) or DIGITAL (Z-TRANSFORM)");
  }
  PolesZeros stage;
  stage.poles = roots(at, node, "Pole");
  stage.zeros = roots(at, node, "Zero");
  stage.A0 = number(at, node, "NormalizationFactor");
  stage.f0_hz = number(at, node, "NormalizationFrequency");
  if (hertz) {
    for (Complex& p : stage.poles) p *= two_pi;  // (4)
    for (Complex& z : stage.zeros) z *= two_pi;  // (4)
    stage.A0 *=
        std::pow(two_pi, static_cast<double>(stage.poles.size()) - static_cast<double>(stage.zeros.size()));  // (4)
  }
  stages.push_back(std::move(stage));
}

// An analog stage in another form than poles and zeros would be taken as flat: it is refused.
void refuse_other_forms(const ElementPlace& at, const pugi::xml_node& stage) {
  const std::string understood = "of an analog stage poles and zeros alone are understood";
  for (const char* form : {"ResponseList", "Polynomial"}) {
    if (stage.child(form)) throw propagator::InputError(at.source, at.element, form, "given", understood);
  }
  for (const pugi::xml_node coefficients : stage.children("Coefficients")) {
    const std::string type = trimmed(coefficients.child_value("CfTransferFunctionType"));
    if (type == "DIGITAL") continue;
    throw propagator::InputError(at.source, at.element, "CfTransferFunctionType",
                                 type.empty() ? "absent" : printable(type), "must be DIGITAL: " + understood);
  }
}

// A stage's StageGain; its frequency belongs to the poles and zeros of the same stage.
void read_gain(const ElementPlace& at, const pugi::xml_node& gain, bool has_poles_zeros, ChannelEpoch& epoch) {
  epoch.stage_gains.push_back(number(at, gain, "Value"));
  if (has_poles_zeros && gain.child("Frequency")) epoch.analog_stages.back().gain_hz = number(at, gain, "Frequency");
}

void read_response(const ElementPlace& at, const pugi::xml_node& response, ChannelEpoch& epoch) {
  if (const pugi::xml_node sensitivity = response.child("InstrumentSensitivity")) {
    epoch.sensitivity = number(at, sensitivity, "Value");
    epoch.sensitivity_hz = number(at, sensitivity, "Frequency");
    epoch.input_unit = printable(trimmed(sensitivity.child("InputUnits").child_value("Name")));
  }
  for (const pugi::xml_node stage : response.children("Stage")) {
    const ElementPlace in_stage = {at.source, at.element + " stage " + printable(stage.attribute("number").value())};
    refuse_other_forms(in_stage, stage);
    const std::size_t n_before = epoch.analog_stages.size();
    if (const pugi::xml_node node = stage.child("PolesZeros")) read_poles_zeros(in_stage, node, epoch.analog_stages);
    if (const pugi::xml_node gain = stage.child("StageGain")) {
      read_gain(in_stage, gain, epoch.analog_stages.size() > n_before, epoch);
    }
    if (const pugi::xml_node decimation = stage.child("Decimation")) {
      epoch.delay_s +=
          number_or(in_stage, decimation, "Delay", 0.0) - number_or(in_stage, decimation, "Correction", 0.0);  // (3)
    }
  }
}

std::optional<Orientation> read_orientation(const ElementPlace& at, const pugi::xml_node& channel) {
  if (!channel.child("Dip")) return std::nullopt;
  const double dip_deg = number(at, channel, "Dip");
  if (channel.child("Azimuth")) return Orientation{number(at, channel, "Azimuth"), dip_deg};
  return std::abs(dip_deg) == 90.0 ? std::optional(Orientation{0.0, dip_deg}) : std::nullopt;
}

std::string id_of(const ChannelEpoch& epoch) {
  return epoch.network + "." + epoch.station + "." + epoch.location + "." + epoch.channel;
}

ChannelEpoch read_channel(const std::string& source, const pugi::xml_node& network, const pugi::xml_node& station,
                          const pugi::xml_node& channel) {
  ChannelEpoch epoch;
  epoch.source = source;
  epoch.network = printable(trimmed(network.attribute("code").value()));
  epoch.station = printable(trimmed(station.attribute("code").value()));
  epoch.location = printable(location_code(channel.attribute("locationCode").value()));
  epoch.channel = printable(trimmed(channel.attribute("code").value()));
  const ElementPlace at = {source, id_of(epoch)};
  epoch.start_ns = epoch_time_ns(at, "startDate", trimmed(channel.attribute("startDate").value()),
                                 std::numeric_limits<std::int64_t>::min());
  epoch.end_ns = epoch_time_ns(at, "endDate", trimmed(channel.attribute("endDate").value()),
                               std::numeric_limits<std::int64_t>::max());
  try {
    epoch.latitude_deg = number(at, channel, "Latitude");
    epoch.longitude_deg = number(at, channel, "Longitude");
    epoch.orientation = read_orientation(at, channel);
    epoch.sample_rate_hz = number_or(at, channel, "SampleRate", 0.0);
    read_response(at, channel.child("Response"), epoch);
  } catch (const propagator::InputError& error) {
    epoch.error = error;
  }
  return epoch;
}

Quantity quantity_of_unit(const ChannelEpoch& epoch, const std::string& id) {
  std::string unit = epoch.input_unit;
  std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return std::toupper(c); });
  if (unit == "M") return Quantity::displacement;
  if (unit == "M/S" || unit == "M/SEC") return Quantity::velocity;
  if (unit == "M/S**2" || unit == "M/SEC**2" || unit == "M/S^2") return Quantity::acceleration;
  throw propagator::InputError(epoch.source, id, "InputUnits", unit.empty() ? "absent" : epoch.input_unit,
                               "must be M, M/S or M/S**2");
}

double gain_of_poles_zeros(const PolesZeros& stage, double frequency_hz) {
  InstrumentResponse response;
  response.poles = stage.poles;
  response.zeros = stage.zeros;
  response.A0 = stage.A0;
  return std::abs(evaluate_response(response, frequency_hz, response.input));
}

// Whether two epochs turn counts into the same motion.
bool same_instrument(const ChannelEpoch& a, const ChannelEpoch& b) {
  return a.orientation == b.orientation && a.sample_rate_hz == b.sample_rate_hz && a.input_unit == b.input_unit &&
         a.sensitivity == b.sensitivity && a.sensitivity_hz == b.sensitivity_hz && a.analog_stages == b.analog_stages &&
         a.stage_gains == b.stage_gains && a.delay_s == b.delay_s &&
         a.displacement_response == b.displacement_response && a.error.has_value() == b.error.has_value();
}

}  // namespace

bool looks_like_station_xml(std::string_view bytes) {
  for (std::size_t at = bytes.find('<'); at != std::string_view::npos; at = bytes.find('<', at + 1)) {
    std::string_view rest = bytes.substr(at + 1);
    if (rest.starts_with("!--")) {  // a comment may hold anything
      const std::size_t end = rest.find("-->");
      if (end == std::string_view::npos) return false;
      at += end;
    } else if (!rest.starts_with('?') && !rest.starts_with('!')) {
      return rest.starts_with("FDSNStationXML");
    }
  }
  return false;
}

std::vector<ChannelEpoch> parse_station_xml(std::string_view bytes, const std::string& source) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(bytes.data(), bytes.size());
  if (!result) {
    throw propagator::InputError(source, fmt::format("byte {}", result.offset), "", "",
                                 fmt::format("not well-formed XML ({})", result.description()));
  }
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != "FDSNStationXML") {
    throw propagator::InputError(source, "", "root element", printable(root.name()), "must be FDSNStationXML");
  }
  std::vector<ChannelEpoch> epochs;
  for (const pugi::xml_node network : root.children("Network")) {
    for (const pugi::xml_node station : network.children("Station")) {
      for (const pugi::xml_node channel : station.children("Channel")) {
        if (epochs.size() == most_epochs) {
          throw propagator::InputError(source, "", "channel epochs", "more than 100000", "must be at most 100000");
        }
        ChannelEpoch epoch = read_channel(source, network, station, channel);
        if (!epoch.channel.empty()) epochs.push_back(std::move(epoch));  // no record is of a channel without a code
      }
    }
  }
  return epochs;
}

std::vector<ChannelEpoch> read_station_xml(const std::string& path) {
  return parse_station_xml(read_whole_file(path, largest_station_xml), path);
}

const ChannelEpoch& epoch_covering(const std::vector<ChannelEpoch>& epochs, const Trace& trace) {
  const ChannelEpoch* found = nullptr;
  for (const ChannelEpoch& epoch : epochs) {
    const bool same_channel = epoch.network == trace.network && epoch.station == trace.station &&
                              epoch.location == trace.location && epoch.channel == trace.channel;
    if (!same_channel || epoch.start_ns > trace.start_ns || epoch.end_ns < end_ns(trace)) continue;
    if (found != nullptr && same_instrument(*found, epoch)) continue;
    if (found != nullptr) {
      throw propagator::InputError(epoch.source, channel_id(trace), "epochs", "two or more",
                                   "exactly one must cover the record that begins " + format_utc(trace.start_ns));
    }
    found = &epoch;
  }
  if (found == nullptr) {
    throw propagator::InputError("no metadata", channel_id(trace), "epochs", "none",
                                 "exactly one must cover the record that begins " + format_utc(trace.start_ns));
  }
  return *found;
}

Orientation orientation_of(const ChannelEpoch& epoch) {
  if (epoch.error) throw *epoch.error;
  if (epoch.orientation) return *epoch.orientation;
  throw propagator::InputError(epoch.source, id_of(epoch), "Azimuth, Dip", "absent",
                               "must tell where the channel points");
}

InstrumentResponse response_of(const ChannelEpoch& epoch) {
  if (epoch.error) throw *epoch.error;
  if (epoch.displacement_response) return *epoch.displacement_response;
  const std::string id = id_of(epoch);
  const auto require = [&](bool holds, const char* field, double value, const std::string& rule) {
    if (!holds) throw propagator::InputError(epoch.source, id, field, fmt::format("{:.6g}", value), rule);
  };
  InstrumentResponse response;
  response.input = quantity_of_unit(epoch, id);
  response.delay_s = epoch.delay_s;
  if (epoch.analog_stages.empty()) {
    throw propagator::InputError(epoch.source, id, "PolesZeros", "absent",
                                 "the sensor's poles and zeros must be given");
  }
  for (const double gain : epoch.stage_gains) response.gain *= gain;
  double sensitivity = response.gain;
  for (const PolesZeros& stage : epoch.analog_stages) {
    const double at_f0 = gain_of_poles_zeros(stage, stage.f0_hz);
    require(std::abs(at_f0 - 1.0) <= 0.01, "|A0 H(f0)|", at_f0,
            fmt::format("must be 1 within 1 % at f0 = {:g} Hz", stage.f0_hz));  // (1)
    const double gain_hz = stage.gain_hz.value_or(stage.f0_hz), at_gain = gain_of_poles_zeros(stage, gain_hz);
    require(at_gain > 0.0 && std::isfinite(at_gain), "|A0 H|", at_gain,
            fmt::format("must be finite and not 0 at the gain's frequency of {:g} Hz", gain_hz));
    sensitivity *= gain_of_poles_zeros(stage, epoch.sensitivity_hz) / at_gain;
    response.A0 *= gain_hz == stage.f0_hz ? stage.A0 : stage.A0 / at_gain;  // (5)
    response.poles.insert(response.poles.end(), stage.poles.begin(), stage.poles.end());
    response.zeros.insert(response.zeros.end(), stage.zeros.begin(), stage.zeros.end());
  }
  require(std::abs(epoch.sensitivity) > 0.0, "InstrumentSensitivity", epoch.sensitivity, "must not be 0");
  require(std::abs(sensitivity - epoch.sensitivity) <= 0.01 * std::abs(epoch.sensitivity), "product of stage gains",
          sensitivity, fmt::format("must equal InstrumentSensitivity = {:.6g} within 1 %", epoch.sensitivity));  // (2)
  return response;
}

}  // namespace data
