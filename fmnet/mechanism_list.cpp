#include "fmnet/mechanism_list.h"

#include <algorithm>

#include "fmnet/result_table.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

const TableForm form{{"event", "source", "kind", "plane", "strike_deg", "dip_deg", "rake_deg", "confidence"},
                     ": event source kind plane strike dip rake confidence",
                     1 << 20};

std::string readable(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::vector<NamedMechanism> published_mechanisms(const std::string& path, const std::string& event_id) {
  std::vector<NamedMechanism> mechanisms;
  for_each_row(path, form, [&](const TableRow& row) {
    const propagator::FocalMechanism plane = row.mechanism(4);
    if (row.text(0) != event_id || row.text(7) != "read") return;
    const std::string name = readable(row.text(1)) + " " + readable(row.text(2));
    const auto same_name = [&name](const NamedMechanism& m) { return m.name == name; };
    if (std::none_of(mechanisms.begin(), mechanisms.end(), same_name)) mechanisms.push_back({name, plane, false});
  });
  return mechanisms;
}

std::vector<NamedMechanism> read_mechanisms(const std::string& path, const std::string& event_id) {
  const std::vector<NamedMechanism> mechanisms = published_mechanisms(path, event_id);
  if (mechanisms.empty()) throw propagator::InputError(path, "", "event", event_id, "has no mechanism in this file");
  return mechanisms;
}

}  // namespace fmnet
