#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "data/npy.h"
#include "propagator/errors.h"

// What is read must survive being written and read again, to the same shape and bits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const data::NpyArray array = data::parse_npy({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    const data::NpyArray again = data::parse_npy(data::npy_bytes(array), "again");
    const auto bits = [](float value) { return std::bit_cast<std::uint32_t>(value); };
    if (again.shape != array.shape || !std::ranges::equal(again.values, array.values, {}, bits, bits)) __builtin_trap();
  } catch (const propagator::InputError&) {
  }
  return 0;
}
