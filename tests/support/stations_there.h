// The stations of a window whose rows are not all zero, by their slots.
#pragma once

#include <vector>

#include "data/preprocess.h"

namespace support {

inline std::vector<int> stations_there(const data::Waveforms& rows, const data::PreprocessSettings& settings) {
  std::vector<int> slots;
  for (int slot = 0; slot < data::n_slots(settings); ++slot) {
    bool zero = true;
    for (int c = 0; c < data::n_components; ++c) zero = zero && rows.row(data::row_of(slot, c, settings)).isZero(0.0F);
    if (!zero) slots.push_back(slot);
  }
  return slots;
}

}  // namespace support
