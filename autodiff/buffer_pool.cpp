#include "autodiff/buffer_pool.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace autodiff {
namespace {

constexpr std::align_val_t alignment{64};

struct Pool {
  std::mutex mutex;
  std::map<Index, std::vector<void*>> kept;  // by number of bytes
  Index n_allocated = 0;
};

// Never destroyed: tensors with static lifetime may return their blocks after main has ended.
Pool& pool() {
  static Pool* const the_pool = new Pool;
  return *the_pool;
}

Index whole_lines(Index n_bytes) { return (n_bytes + 63) / 64 * 64; }

void* allocate(Index n_bytes) { return ::operator new(static_cast<std::size_t>(n_bytes), alignment); }

}  // namespace

void* acquire_block(Index n_bytes) {
  n_bytes = whole_lines(n_bytes);
  {
    const std::lock_guard<std::mutex> lock(pool().mutex);
    std::vector<void*>& kept = pool().kept[n_bytes];
    if (!kept.empty()) {
      void* const block = kept.back();
      kept.pop_back();
      return block;
    }
    ++pool().n_allocated;
  }
  return allocate(n_bytes);
}

void return_block(void* block, Index n_bytes) noexcept {
  const std::lock_guard<std::mutex> lock(pool().mutex);
  pool().kept[whole_lines(n_bytes)].push_back(block);
}

void release_kept_blocks() {
  const std::lock_guard<std::mutex> lock(pool().mutex);
  for (auto& [n_bytes, kept] : pool().kept) {
    for (void* block : kept) ::operator delete(block, alignment);
    kept.clear();
  }
}

Index n_blocks_allocated() {
  const std::lock_guard<std::mutex> lock(pool().mutex);
  return pool().n_allocated;
}

}  // namespace autodiff
