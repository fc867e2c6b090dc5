#include <cstddef>
#include <cstdint>

#include "data/records/miniseed.h"
#include "data/records/segments.h"
#include "propagator/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(bytes), size);
  try {
    const data::MiniseedContent content = data::parse_miniseed(file, "fuzz");
    if (!content.records.empty()) {
      std::vector<data::Trace> same;
      for (const data::Trace& trace : content.records) {
        if (data::channel_id(trace) == data::channel_id(content.records.front())) same.push_back(trace);
      }
      data::join_by_time(same);
    }
  } catch (const propagator::InputError&) {
  }
  try {
    data::parse_miniseed(file, "fuzz", data::BadRecord::skip);
  } catch (const propagator::InputError&) {
  }
  return 0;
}
