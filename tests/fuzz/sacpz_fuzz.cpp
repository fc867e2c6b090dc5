#include <cstddef>
#include <cstdint>

#include "data/records/sacpz.h"
#include "propagator/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    for (const data::ChannelEpoch& epoch : data::parse_sacpz({reinterpret_cast<const char*>(bytes), size}, "fuzz")) {
      data::evaluate_response(data::response_of(epoch), 0.1, data::Quantity::displacement);
    }
  } catch (const propagator::InputError&) {
  }
  return 0;
}
