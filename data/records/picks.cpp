#include "data/records/picks.h"

#include <fmt/format.h>

#include <set>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/records/codes.h"
#include "data/text_table.h"
#include "data/trace.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr std::size_t longest_code = 8;

Pick parse_line(const std::vector<std::string_view>& words, const std::string& source, const std::string& place) {
  if (words.size() != 4) {
    throw propagator::InputError(source, place, "fields", std::to_string(words.size()),
                                 "must be four: network station P time");
  }
  if (words[2] != "P") throw propagator::InputError(source, place, "phase", printable(words[2]), "must be P");
  const std::string network = parse_name(words[0], longest_code, {source, place, "network"});
  const std::string station = parse_name(words[1], longest_code, {source, place, "station"});
  try {
    return {network, station, parse_utc_ns(std::string(words[3]))};
  } catch (const std::exception&) {
    throw propagator::InputError(source, place, "time", printable(words[3]), "must be UTC like 2019-07-06T03:19:58.1");
  }
}

}  // namespace

std::vector<Pick> parse_picks(std::string_view text, const std::string& source) {
  std::vector<Pick> picks;
  std::set<std::pair<std::string, std::string>> seen;
  for (const TableLine& line : table_lines(text)) {
    const std::string place = fmt::format("line {}", line.number);
    const Pick pick = parse_line(line.columns, source, place);
    const bool repeated = !seen.emplace(pick.network, pick.station).second;
    if (repeated) {
      throw propagator::InputError(source, place, "station", printable(pick.network + "." + pick.station),
                                   "is picked twice");
    }
    picks.push_back(pick);
  }
  return picks;
}

std::vector<Pick> read_picks(const std::string& path) { return parse_picks(read_whole_file(path, 1'000'000), path); }

std::vector<double> p_times_with_picks(const std::vector<Station>& slots, const Event& event,
                                       const std::vector<double>& theoretical_p_s, const std::vector<Pick>& picks) {
  if (theoretical_p_s.size() != slots.size()) {
    throw std::invalid_argument(
        fmt::format("p_times_with_picks: theoretical_p_s: {} times for {} stations: expected one each",
                    theoretical_p_s.size(), slots.size()));
  }
  std::vector<double> p_s = theoretical_p_s;
  for (const Pick& pick : picks) {
    const double after_origin_s = seconds_between(event.origin_ns, pick.time_ns);
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].network != pick.network || slots[i].code != pick.station) continue;
      if (!(after_origin_s >= 0.0 && after_origin_s <= 300.0)) {
        throw propagator::InputError("pick", pick.network + "." + pick.station, "time", format_utc(pick.time_ns),
                                     fmt::format("must be 0 to 300 s after the origin, is {:.1f} s", after_origin_s));
      }
      p_s[i] = after_origin_s;
    }
  }
  return p_s;
}

}  // namespace data
