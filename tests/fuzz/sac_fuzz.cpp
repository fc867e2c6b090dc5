#include <cstddef>
#include <cstdint>

#include "data/records/sac.h"
#include "propagator/errors.h"

// What is read must survive being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const data::SacUnit unit = data::parse_sac_unit("m");
  try {
    const data::SacRecord record = data::parse_sac({reinterpret_cast<const char*>(bytes), size}, "fuzz", unit);
    data::parse_sac(data::sac_bytes(record, unit), "fuzz", unit);
  } catch (const propagator::InputError&) {
  }
  return 0;
}
