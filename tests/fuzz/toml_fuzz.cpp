#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fmnet/config.h"
#include "propagator/errors.h"

// A configuration that is read must read back from its canonical text to the same text. The folder of the files that it may
// name does not exist.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const std::string canonical = fmnet::to_toml(fmnet::parse_config(text, "fuzz", "/nonexistent"));
    if (fmnet::to_toml(fmnet::parse_config(canonical, "canonical", "/nonexistent")) != canonical) std::abort();
  } catch (const propagator::InputError&) {
  }
  return 0;
}
