#include "fmnet/mechanism_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/atomic_file.h"
#include "data/text_table.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::size_t n_columns = 8;
constexpr std::uint64_t max_bytes = 1 << 20;

std::string readable(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::vector<NamedMechanism> published_mechanisms(const std::string& path, const std::string& event_id) {
  const std::string text = data::read_whole_file(path, max_bytes);
  std::vector<NamedMechanism> mechanisms;
  for (const data::TableLine& line : data::table_lines(text)) {
    const std::string place = fmt::format("line {}", line.number);
    if (line.columns.size() != n_columns) {
      throw propagator::InputError(
          path, place, "columns", std::to_string(line.columns.size()),
          fmt::format("must be {}: event source kind plane strike dip rake confidence", n_columns));
    }
    const auto angle = [&](std::size_t column, double low, double high, const char* field) {
      return data::parse_number(line.columns[column], low, high, {path, place, field});
    };
    const propagator::FocalMechanism plane{angle(4, 0.0, 360.0, "strike_deg"), angle(5, 0.0, 90.0, "dip_deg"),
                                           angle(6, -180.0, 180.0, "rake_deg")};
    if (line.columns[0] != event_id || line.columns[7] != "read") continue;
    const std::string name = readable(line.columns[1]) + " " + readable(line.columns[2]);
    const auto same_name = [&name](const NamedMechanism& m) { return m.name == name; };
    if (std::none_of(mechanisms.begin(), mechanisms.end(), same_name)) mechanisms.push_back({name, plane, false});
  }
  return mechanisms;
}

std::vector<NamedMechanism> read_mechanisms(const std::string& path, const std::string& event_id) {
  const std::vector<NamedMechanism> mechanisms = published_mechanisms(path, event_id);
  if (mechanisms.empty()) throw propagator::InputError(path, "", "event", event_id, "has no mechanism in this file");
  return mechanisms;
}

}  // namespace fmnet
