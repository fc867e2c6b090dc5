#include <cstddef>
#include <cstdint>
#include <string>

#include "data/station.h"
#include "propagator/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    data::parse_stations(std::string(reinterpret_cast<const char*>(bytes), size), "fuzz");
  } catch (const propagator::InputError&) {
  }
  return 0;
}
