// Memory for tensors: 64-byte aligned blocks that are kept when their owner dies and given to the next one of equal size.
//
// A training step makes the same arrays again and again. A block fresh from the operating system costs one page
// fault per 4 KiB at its first touch, more than the arithmetic of a pool or an activation that fills it; a kept block
// costs nothing. Blocks below 1 KiB go straight to the C++ allocator, which keeps them itself.
//
// Two owners alive at the same time never share a block. Thread-safe. What is kept is at most what was in use at once,
// for each size; release_kept_blocks() hands it back.
#pragma once

#include <memory>

#include "autodiff/real.h"

namespace autodiff {

void* acquire_block(Index n_bytes);
void return_block(void* block, Index n_bytes) noexcept;

void release_kept_blocks();

// How many blocks of 1 KiB or more the C++ allocator was asked for since the program began: constant once a
// repeated computation has reached its steady state.
Index n_blocks_allocated();

// n numbers in a block of their own, not initialised.
template <class T>
class PooledArray {
 public:
  PooledArray() = default;
  explicit PooledArray(Index n) : values_(static_cast<T*>(acquire_block(bytes_of(n))), Release{bytes_of(n)}) {}

  T* data() { return values_.get(); }
  const T* data() const { return values_.get(); }

 private:
  struct Release {
    Index n_bytes;
    void operator()(T* values) const { return_block(values, n_bytes); }
  };
  static Index bytes_of(Index n) { return n * static_cast<Index>(sizeof(T)); }

  std::unique_ptr<T[], Release> values_;
};

}  // namespace autodiff
