#include <cstddef>
#include <cstdint>

#include "data/records/station_xml.h"
#include "propagator/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    for (const data::ChannelEpoch& epoch :
         data::parse_station_xml({reinterpret_cast<const char*>(bytes), size}, "fuzz")) {
      data::response_of(epoch);
    }
  } catch (const propagator::InputError&) {
  }
  return 0;
}
