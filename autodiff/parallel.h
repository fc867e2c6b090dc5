// How work is divided among threads: by rules that do not know how many threads there are.
//
// The items 0 .. n-1 are cut into blocks whose borders depend on n alone; a thread takes whole blocks. An element-wise
// result is then the same to the bit on any number of threads, and so is a sum, provided that each block has a partial
// sum of its own and that these are added in order of the blocks.
#pragma once

#include <algorithm>

#include "autodiff/real.h"

namespace autodiff {

// Calls work(begin, end) for blocks of 16384 items; one block runs without waking other threads.
template <class Work>
void for_each_block(Index n_items, const Work& work) {
  constexpr Index block = 16384;
  const Index n_blocks = (n_items + block - 1) / block;
#pragma omp parallel for schedule(static) if (n_blocks > 1)
  for (Index b = 0; b < n_blocks; ++b) work(b * block, std::min(n_items, (b + 1) * block));
}

}  // namespace autodiff
