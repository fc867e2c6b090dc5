#include "data/event.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "data/atomic_file.h"
#include "data/text_table.h"
#include "propagator/errors.h"

namespace data {

namespace {

using propagator::InputError;

constexpr std::int64_t ns_per_s = 1'000'000'000;

// `n_digits` decimal digits at `at`; -1 where there is something else.
int digits(std::string_view text, std::size_t at, std::size_t n_digits) {
  if (at + n_digits > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, n_digits)) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

// The part after the seconds, ".04" or nothing, in ns; -1 where there is something else.
std::int64_t fraction_ns(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != '.' || text.size() < 2 || text.size() > 10) return -1;
  std::string nine(text.substr(1));
  nine.resize(9, '0');
  return digits(nine, 0, 9);
}

double latitude_of(std::string_view text, const FieldPlace& where) {
  return parse_number(text, -90.0, 90.0, where, " (latitude comes before longitude)");
}
double longitude_of(std::string_view text, const FieldPlace& where) { return parse_number(text, -180.0, 180.0, where); }
double depth_of(std::string_view text, const FieldPlace& where) { return parse_number(text, -5.0, 800.0, where); }

// The same checks for a number that JSON holds; anything but a number is refused as its text.
double checked_json(const nlohmann::json& value, double low, double high, const FieldPlace& where,
                    const std::string& hint = {}) {
  return parse_number(value.is_number() ? fmt::format("{}", value.get<double>()) : value.dump(), low, high, where,
                      hint);
}

std::int64_t utc_ns(std::string_view text, const FieldPlace& where) {
  const auto refuse_unless = [&](bool holds, const char* rule) {
    if (!holds) throw InputError(where.source, where.place, where.field, std::string(text), rule);
  };
  const char* form = "must be UTC as 2019-07-06T03:19:53.04, with up to 9 decimals and at most a Z behind";
  std::string_view rest = text;
  if (!rest.empty() && rest.back() == 'Z') rest.remove_suffix(1);
  const int year = digits(rest, 0, 4), month = digits(rest, 5, 2), day = digits(rest, 8, 2);
  const int hour = digits(rest, 11, 2), minute = digits(rest, 14, 2), second = digits(rest, 17, 2);
  refuse_unless(year >= 0 && month >= 0 && day >= 0 && hour >= 0 && minute >= 0 && second >= 0, form);
  refuse_unless(
      rest[4] == '-' && rest[7] == '-' && (rest[10] == 'T' || rest[10] == ' ') && rest[13] == ':' && rest[16] == ':',
      form);
  const std::int64_t ns = fraction_ns(rest.substr(19));
  refuse_unless(ns >= 0, form);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  refuse_unless(year >= 1700 && year <= 2200, "year must lie in 1700..2200");
  refuse_unless(date.ok(), "there is no such day");
  const bool leap_second = hour == 23 && minute == 59 && second == 60;
  refuse_unless(hour <= 23 && minute <= 59 && (second <= 59 || leap_second), "there is no such time of the day");
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * ns_per_s + ns;
}

}  // namespace

std::int64_t parse_utc_ns(const std::string& text) { return utc_ns(text, {"", "", "time"}); }

std::string format_utc(std::int64_t time_ns) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds{time_ns}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t ns_of_day = (time - day).count();
  const std::int64_t seconds = ns_of_day / ns_per_s;
  const std::int64_t ns = ns_of_day % ns_per_s;
  const std::string whole = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                        seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (ns % 1'000'000 == 0) return fmt::format("{}.{:03}Z", whole, ns / 1'000'000);
  if (ns % 1'000 == 0) return fmt::format("{}.{:06}Z", whole, ns / 1'000);
  return fmt::format("{}.{:09}Z", whole, ns);
}

Event parse_event(const std::string& text) {
  std::vector<std::string_view> parts;
  std::string_view rest = text;
  for (std::size_t comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
    parts.push_back(rest.substr(0, comma));
    rest.remove_prefix(comma + 1);
  }
  parts.push_back(rest);
  if (parts.size() != 4) {
    throw InputError("event", "", "", text,
                     "must be time,latitude,longitude,depth_km, for example "
                     "2019-07-06T03:19:53.04,35.7695,-117.5993,8.0");
  }
  const std::int64_t origin_ns = utc_ns(parts[0], {"event", "", "time"});
  std::string id = format_utc(origin_ns).substr(0, 19);
  std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
  return {.id = id,
          .origin_ns = origin_ns,
          .latitude_deg = latitude_of(parts[1], {"event", "", "latitude_deg"}),
          .longitude_deg = longitude_of(parts[2], {"event", "", "longitude_deg"}),
          .depth_km = depth_of(parts[3], {"event", "", "depth_km"})};
}

Event read_event(const std::string& path) {
  const nlohmann::json document = nlohmann::json::parse(read_whole_file(path, std::uint64_t{1} << 26), nullptr, false);
  if (document.is_discarded()) throw InputError(path, "", "", "", "must be JSON");
  const auto part = [&](const char* pointer) {
    const nlohmann::json::json_pointer where(pointer);
    return document.is_object() && document.contains(where) ? document.at(where) : nlohmann::json();
  };
  const nlohmann::json id = part("/id"), time = part("/properties/time"), place = part("/geometry/coordinates");
  if (!id.is_string())
    throw InputError(path, "", "id", id.dump(), "must be a text, as in ComCat's GeoJSON of one event");
  if (!time.is_number_integer())
    throw InputError(path, "properties", "time", time.dump(), "must be a whole number of ms since 1970");
  if (!place.is_array() || place.size() != 3) {
    throw InputError(path, "geometry", "coordinates", place.dump(), "must be [longitude, latitude, depth_km]");
  }
  // The years 1700 to 2200, as for text.
  const double ms = checked_json(time, -8.52e12, 7.29e12, {path, "properties", "time"});
  return {.id = parse_name(id.get<std::string>(), 32, {path, "", "id"}),
          .origin_ns = static_cast<std::int64_t>(ms) * 1'000'000,
          .latitude_deg = checked_json(place[1], -90.0, 90.0, {path, "geometry", "coordinates[1] (latitude)"},
                                       " (GeoJSON puts the longitude first)"),
          .longitude_deg = checked_json(place[0], -180.0, 180.0, {path, "geometry", "coordinates[0] (longitude)"}),
          .depth_km = checked_json(place[2], -5.0, 800.0, {path, "geometry", "coordinates[2] (depth)"})};
}

std::vector<Event> read_events(const std::string& path) {
  const std::string text = read_whole_file(path, std::uint64_t{1} << 20);
  std::vector<Event> events;
  for (const TableLine& line : table_lines(text)) {
    const std::string place = fmt::format("line {}", line.number);
    if (line.columns.size() < 5) {
      throw InputError(path, place, "columns", fmt::format("{}", line.columns.size()),
                       "must be at least 5: id time latitude_deg longitude_deg depth_km");
    }
    const auto where = [&](const char* field) { return FieldPlace{path, place, field}; };
    events.push_back({.id = parse_name(line.columns[0], 32, where("id")),
                      .origin_ns = utc_ns(line.columns[1], where("time")),
                      .latitude_deg = latitude_of(line.columns[2], where("latitude_deg")),
                      .longitude_deg = longitude_of(line.columns[3], where("longitude_deg")),
                      .depth_km = depth_of(line.columns[4], where("depth_km"))});
  }
  return events;
}

}  // namespace data
