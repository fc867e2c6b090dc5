#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "data/checksum.h"
#include "fmnet/safetensors.h"
#include "propagator/errors.h"

// Every second input gets the checksum that its bytes call for, or nothing behind the checksum would ever be reached; and
// what is read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::string_view opening = R"({"__metadata__":{"checksum":")";
  constexpr std::size_t at = 8 + opening.size(), n_digits = 64;
  std::string file(reinterpret_cast<const char*>(bytes), size);
  if (size > at + n_digits && bytes[size - 1] % 2 == 0) {
    file.replace(8, opening.size(), opening);
    file.replace(at, n_digits, n_digits, '0');
    file.replace(at, n_digits, data::sha256_hex(file));
  }
  try {
    fmnet::parse_safetensors(fmnet::safetensors_bytes(fmnet::parse_safetensors(file, "fuzz")), "again");
  } catch (const propagator::InputError&) {
  }
  return 0;
}
