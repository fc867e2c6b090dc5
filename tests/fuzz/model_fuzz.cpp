#include <cstddef>
#include <cstdint>
#include <string>

#include "propagator/errors.h"
#include "propagator/layered_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    propagator::parse_layered_model(std::string(reinterpret_cast<const char*>(bytes), size), "fuzz");
  } catch (const propagator::InputError&) {
  }
  return 0;
}
