// Memory for tensors, lists and graph nodes: 64-byte aligned blocks that are kept when their owner dies and given to the
// next one of equal size, in whole cache lines.
//
// A training step makes the same arrays again and again. A block fresh from the operating system costs one page
// fault per 4 KiB at its first touch, more than the arithmetic of a pool or an activation that fills it; a kept block
// costs nothing. Since lists and nodes take part, a step that repeats another asks the C++ library for no memory at all
// (tests/fmnet/steady_memory_test.cpp counts).
//
// Two owners alive at the same time never share a block. Thread-safe. What is kept is at most what was in use at once,
// for each size; release_kept_blocks() hands it back.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "autodiff/real.h"

namespace autodiff {

void* acquire_block(Index n_bytes);
void return_block(void* block, Index n_bytes) noexcept;

void release_kept_blocks();

// How many blocks the C++ allocator was asked for since the program began: constant once a repeated computation has
// reached its steady state.
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

// The same for containers and shared pointers of the C++ library.
template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) {}

  T* allocate(std::size_t n) { return static_cast<T*>(acquire_block(bytes_of(n))); }
  void deallocate(T* values, std::size_t n) noexcept { return_block(values, bytes_of(n)); }
  template <class U>
  bool operator==(const PoolAllocator<U>&) const {
    return true;
  }

 private:
  static Index bytes_of(std::size_t n) { return static_cast<Index>(n * sizeof(T)); }
};

template <class T>
using List = std::vector<T, PoolAllocator<T>>;

template <class T, class... Arguments>
std::shared_ptr<T> make_pooled(Arguments&&... arguments) {
  return std::allocate_shared<T>(PoolAllocator<T>(), std::forward<Arguments>(arguments)...);
}

}  // namespace autodiff
