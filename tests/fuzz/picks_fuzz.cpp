#include <cstddef>
#include <cstdint>

#include "data/records/picks.h"
#include "propagator/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    data::parse_picks({reinterpret_cast<const char*>(bytes), size}, "fuzz");
  } catch (const propagator::InputError&) {
  }
  return 0;
}
