#include "autodiff/buffer_pool.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace autodiff {
namespace {

constexpr std::align_val_t alignment{64};
constexpr std::size_t smallest_kept_bytes = 64 * 1024;

std::size_t bytes_of(Index n_values) { return static_cast<std::size_t>(n_values) * sizeof(Real); }

struct Pool {
  std::mutex mutex;
  std::map<Index, std::vector<Real*>> kept;  // by number of values
  Index n_allocated = 0;
};

// Never destroyed: tensors with static lifetime may return their blocks after main has ended.
Pool& pool() {
  static Pool* const the_pool = new Pool;
  return *the_pool;
}

Real* allocate(Index n_values) { return static_cast<Real*>(::operator new(bytes_of(n_values), alignment)); }

}  // namespace

Real* acquire_block(Index n_values) {
  if (bytes_of(n_values) < smallest_kept_bytes) return allocate(n_values);
  {
    const std::lock_guard<std::mutex> lock(pool().mutex);
    std::vector<Real*>& kept = pool().kept[n_values];
    if (!kept.empty()) {
      Real* const values = kept.back();
      kept.pop_back();
      return values;
    }
    ++pool().n_allocated;
  }
  return allocate(n_values);
}

void return_block(Real* values, Index n_values) noexcept {
  if (bytes_of(n_values) < smallest_kept_bytes) {
    ::operator delete(values, alignment);
    return;
  }
  const std::lock_guard<std::mutex> lock(pool().mutex);
  pool().kept[n_values].push_back(values);
}

void release_kept_blocks() {
  const std::lock_guard<std::mutex> lock(pool().mutex);
  for (auto& [n_values, kept] : pool().kept) {
    for (Real* values : kept) ::operator delete(values, alignment);
    kept.clear();
  }
}

Index n_blocks_allocated() {
  const std::lock_guard<std::mutex> lock(pool().mutex);
  return pool().n_allocated;
}

}  // namespace autodiff
