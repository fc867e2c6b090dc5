#include "data/records/sac.h"

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/records/codes.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr std::size_t sac_header_size = 632, footer_size = 176;
constexpr std::int32_t most_sac_samples = 100'000'000;
constexpr double longest_sac_s = 1e9;  // 32 years: from 2100 on, the last time that 64 bits of nanoseconds hold is far
constexpr double undefined = -12345.0;

static_assert(std::endian::native == std::endian::little, "sac.cpp assembles numbers for a little-endian machine");

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at, bool big_endian) {
  char raw[sizeof(Number)];
  for (std::size_t i = 0; i < sizeof(Number); ++i) raw[i] = bytes[big_endian ? at + sizeof(Number) - 1 - i : at + i];
  Number value;
  std::memcpy(&value, raw, sizeof(Number));
  return value;
}

std::optional<bool> is_big_endian(std::string_view bytes) {
  if (bytes.size() < sac_header_size) return std::nullopt;
  for (const bool big_endian : {false, true}) {
    const auto version = number_at<std::int32_t>(bytes, 304, big_endian);
    if (version == 6 || version == 7) return big_endian;
  }
  return std::nullopt;
}

class Header {
 public:
  Header(std::string_view bytes, bool big_endian, const std::string& source)
      : bytes_(bytes), big_endian_(big_endian), source_(source) {}

  std::int32_t integer(std::size_t at) const { return number_at<std::int32_t>(bytes_, at, big_endian_); }
  double real(std::size_t at) const { return number_at<float>(bytes_, at, big_endian_); }
  double real64(std::size_t at) const { return number_at<double>(bytes_, at, big_endian_); }
  std::string text(std::size_t at) const {
    const std::string_view field = bytes_.substr(at, 8);
    const std::string value = trimmed(field.substr(0, field.find('\0')));
    return value == "-12345" ? std::string() : printable(value);
  }
  void require(bool holds, std::size_t at, const char* field, const std::string& value, const std::string& rule) const {
    if (!holds) throw propagator::InputError(source_, fmt::format("byte {}", at), field, value, rule);
  }
  // An integer of the reference time.
  int time_field(std::size_t at, const char* name, int lowest, int highest) const {
    const std::int32_t value = integer(at);
    require(value >= lowest && value <= highest, at, name, value == -12345 ? "undefined" : std::to_string(value),
            fmt::format("must be {}-{}", lowest, highest));
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
  const std::string& source_;
};

std::int64_t reference_time_ns(const Header& header) {
  using namespace std::chrono;
  const int y = header.time_field(280, "nzyear", 1900, 2100);
  const int days_of_year = year{y}.is_leap() ? 366 : 365;
  const sys_days day = sys_days(year{y} / January / 1) + days{header.time_field(284, "nzjday", 1, days_of_year) - 1};
  const nanoseconds time =
      hours{header.time_field(288, "nzhour", 0, 23)} + minutes{header.time_field(292, "nzmin", 0, 59)} +
      seconds{header.time_field(296, "nzsec", 0, 60)} + milliseconds{header.time_field(300, "nzmsec", 0, 999)};
  return (duration_cast<nanoseconds>(day.time_since_epoch()) + time).count();
}

// Of a sampling interval what version 6 keeps: the limits are the same for what is read and what is written.
bool is_sac_interval(double dt_s) {
  if (!(dt_s > 0.0 && dt_s < 1e5)) return false;
  const double delta = static_cast<float>(dt_s);
  return delta > 1e-6 && delta < 1e4;
}
double sac_length_s(std::size_t n, double dt_s) { return static_cast<double>(n) * static_cast<float>(dt_s); }

// Everything that decides how many bytes are read.
std::size_t checked_samples(const Header& header, std::size_t file_size) {
  const std::int32_t version = header.integer(304), npts = header.integer(316);
  header.require(npts >= 1 && npts <= most_sac_samples, 316, "npts", std::to_string(npts), "must be 1 to 100000000");
  const std::size_t expected = sac_header_size + 4 * static_cast<std::size_t>(npts) + (version == 7 ? footer_size : 0);
  header.require(file_size == expected, 316, "npts", std::to_string(npts),
                 fmt::format("needs a file of {} bytes, it has {}", expected, file_size));
  return static_cast<std::size_t>(npts);
}

// SAC's code of what a trace measures: IUNKN, IDISP, IVEL, IACC.
std::int32_t idep_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::displacement:
      return 6;
    case Quantity::velocity:
      return 7;
    case Quantity::acceleration:
      return 8;
    case Quantity::counts:
      break;
  }
  return 5;
}

}  // namespace

SacUnit parse_sac_unit(const std::string& name) {
  static const std::map<std::string, SacUnit> units = {
      {"m", {Quantity::displacement, 1.0}},     {"cm", {Quantity::displacement, 1e-2}},
      {"um", {Quantity::displacement, 1e-6}},   {"nm", {Quantity::displacement, 1e-9}},
      {"m/s", {Quantity::velocity, 1.0}},       {"cm/s", {Quantity::velocity, 1e-2}},
      {"um/s", {Quantity::velocity, 1e-6}},     {"nm/s", {Quantity::velocity, 1e-9}},
      {"m/s^2", {Quantity::acceleration, 1.0}}, {"cm/s^2", {Quantity::acceleration, 1e-2}},
      {"counts", {Quantity::counts, 1.0}},
  };
  const auto found = units.find(name);
  if (found == units.end()) {
    throw propagator::InputError("SAC unit", "", "unit", name,
                                 "must be one of m, cm, um, nm, each also with /s; m/s^2, cm/s^2, counts");
  }
  return found->second;
}

bool looks_like_sac(std::string_view bytes) { return is_big_endian(bytes).has_value(); }

bool is_sac_time(std::int64_t time_ns) {
  using namespace std::chrono;
  const year_month_day date{floor<days>(sys_time<nanoseconds>{nanoseconds{time_ns}})};
  return date.year() >= year{1900} && date.year() <= year{2100};
}

SacRecord parse_sac(std::string_view bytes, const std::string& source, const SacUnit& unit) {
  if (bytes.size() < sac_header_size) {
    throw propagator::InputError(source, "", "size", fmt::format("{} bytes", bytes.size()),
                                 "a SAC header has 632 bytes");
  }
  const std::optional<bool> big_endian = is_big_endian(bytes);
  if (!big_endian) {
    const auto version = number_at<std::int32_t>(bytes, 304, false);
    throw propagator::InputError(source, "byte 304", "nvhdr", std::to_string(version),
                                 "must be 6 or 7 in one byte order");
  }
  const Header header(bytes, *big_endian, source);
  const std::size_t n = checked_samples(header, bytes.size());
  header.require(header.integer(420) == 1, 420, "leven", std::to_string(header.integer(420)),
                 "must be 1 (evenly sampled)");
  header.require(header.integer(340) == 1, 340, "iftype", std::to_string(header.integer(340)),
                 "must be 1 (time series)");
  const bool version_7 = header.integer(304) == 7;
  const std::size_t footer = sac_header_size + 4 * n;
  const double delta = version_7 ? header.real64(footer) : header.real(0);
  const double b = version_7 ? header.real64(footer + 8) : header.real(20);
  header.require(is_sac_interval(delta), 0, "delta", fmt::format("{:g}", delta), "must be 1e-6 to 1e4 s");
  const double length_s = sac_length_s(n, delta);
  header.require(length_s <= longest_sac_s, 316, "npts", std::to_string(n),
                 fmt::format("must last at most 1e9 s, lasts {:g} s with delta = {:g} s", length_s, delta));
  header.require(b != undefined && std::abs(b) < 1e8, 20, "b", b == undefined ? "undefined" : fmt::format("{:g}", b),
                 "must be a time within 1e8 s");

  SacRecord record;
  Trace& trace = record.trace;
  trace.network = header.text(608);
  trace.station = header.text(440);
  trace.location = location_code(header.text(464));
  trace.channel = header.text(600);
  trace.start_ns = reference_time_ns(header) + std::llround(b * 1e9);
  header.require(is_sac_time(trace.start_ns), 20, "b", fmt::format("{:g}", b),
                 "must put the first sample into the years 1900-2100");
  trace.dt_s = delta;
  trace.quantity = unit.quantity;
  trace.samples.resize(static_cast<Eigen::Index>(n));
  for (std::size_t i = 0; i < n; ++i) {
    trace.samples[static_cast<Eigen::Index>(i)] = unit.si_per_unit * header.real(sac_header_size + 4 * i);
  }
  const double cmpaz = header.real(228), cmpinc = header.real(232);
  if (cmpaz != undefined && cmpinc != undefined && std::isfinite(cmpaz) && std::isfinite(cmpinc)) {
    record.orientation = orientation_from_sac(cmpaz, cmpinc);
  }
  return record;
}

SacRecord read_sac(const std::string& path, const SacUnit& unit) {
  return parse_sac(read_whole_file(path, sac_header_size + 4 * std::uint64_t{most_sac_samples} + footer_size), path,
                   unit);
}

std::string sac_bytes(const SacRecord& record, const SacUnit& unit) {
  using namespace std::chrono;
  const Trace& trace = record.trace;
  if (trace.samples.size() == 0 || trace.samples.size() > most_sac_samples || !is_sac_interval(trace.dt_s) ||
      sac_length_s(static_cast<std::size_t>(trace.samples.size()), trace.dt_s) > longest_sac_s) {
    throw std::invalid_argument(
        fmt::format("sac_bytes: {} samples every {} s: expected 1 to {} samples, 1e-6 to 1e4 s, and 1e9 s in all",
                    trace.samples.size(), trace.dt_s, most_sac_samples));
  }
  if (!is_sac_time(trace.start_ns)) {
    throw std::invalid_argument(
        fmt::format("sac_bytes: trace.start_ns = {}: expected a time in the years 1900-2100", trace.start_ns));
  }
  if (!(std::isfinite(unit.si_per_unit) && unit.si_per_unit > 0.0)) {
    throw std::invalid_argument(fmt::format("sac_bytes: unit.si_per_unit = {}: expected above 0", unit.si_per_unit));
  }
  std::string bytes(sac_header_size, ' ');
  const auto put = [&bytes](std::size_t at, auto value) { std::memcpy(bytes.data() + at, &value, sizeof(value)); };
  const auto put_text = [&bytes](std::size_t at, const std::string& text) {
    for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = i < text.size() ? text[i] : ' ';
  };
  for (std::size_t at = 0; at < 280; at += 4) put(at, static_cast<float>(undefined));
  for (std::size_t at = 280; at < 440; at += 4) put(at, std::int32_t{-12345});
  for (std::size_t at = 440; at < sac_header_size; at += 8) put_text(at, "-12345");

  const sys_time<nanoseconds> start{nanoseconds{trace.start_ns}};
  const auto reference = floor<milliseconds>(start);
  const auto day = floor<days>(reference);
  const year_month_day date{day};
  const hh_mm_ss clock{reference - day};
  const double b = duration<double>(start - reference).count();
  put(0, static_cast<float>(trace.dt_s));
  put(20, static_cast<float>(b));
  put(24, static_cast<float>(b + static_cast<double>(trace.samples.size() - 1) * trace.dt_s));
  put(280, static_cast<std::int32_t>(static_cast<int>(date.year())));
  put(284, static_cast<std::int32_t>((day - sys_days(date.year() / January / 1)).count() + 1));
  put(288, static_cast<std::int32_t>(clock.hours().count()));
  put(292, static_cast<std::int32_t>(clock.minutes().count()));
  put(296, static_cast<std::int32_t>(clock.seconds().count()));
  put(300, static_cast<std::int32_t>(clock.subseconds().count()));
  put(304, std::int32_t{6});
  put(316, static_cast<std::int32_t>(trace.samples.size()));
  put(340, std::int32_t{1});
  put(344, idep_of(trace.quantity));
  put(420, std::int32_t{1});
  put_text(440, trace.station);
  put_text(464, trace.location.empty() ? "-12345" : trace.location);
  put_text(600, trace.channel);
  put_text(608, trace.network);
  if (record.orientation) {
    put(228, static_cast<float>(record.orientation->azimuth_deg));
    put(232, static_cast<float>(record.orientation->dip_deg + 90.0));
  }
  bytes.resize(sac_header_size + 4 * static_cast<std::size_t>(trace.samples.size()));
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    put(sac_header_size + 4 * static_cast<std::size_t>(i), static_cast<float>(trace.samples[i] / unit.si_per_unit));
  }
  return bytes;
}

}  // namespace data
