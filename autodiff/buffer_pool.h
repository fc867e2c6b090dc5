// Memory for tensors: 64-byte aligned blocks that are kept when a tensor dies and given to the next one of equal size.
//
// A training step makes the same tensors again and again. A block fresh from the operating system costs one page
// fault per 4 KiB at its first touch, more than the arithmetic of a pool or an activation that fills it; a kept block
// costs nothing. Blocks below 64 KiB go straight to the C++ allocator, which keeps them itself.
//
// Two tensors alive at the same time never share a block. Thread-safe. What is kept is at most what was in use at once,
// for each size; release_kept_blocks() hands it back.
#pragma once

#include "autodiff/real.h"

namespace autodiff {

Real* acquire_block(Index n_values);
void return_block(Real* values, Index n_values) noexcept;

void release_kept_blocks();

// How many blocks of 64 KiB or more the operating system was asked for since the program began: constant once a
// repeated computation has reached its steady state.
Index n_blocks_allocated();

}  // namespace autodiff
