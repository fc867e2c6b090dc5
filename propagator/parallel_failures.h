// What the items of a parallel loop throw: no exception may leave an OpenMP region, nor a critical section within it.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <vector>

#include "propagator/greens_in_pieces.h"

namespace propagator {

class ParallelFailures {
 public:
  explicit ParallelFailures(std::size_t n_items) : of_item_(n_items) {}

  // Does `work`, and keeps what it throws as the failure of the item; tells whether there was none. From any thread.
  template <class Work>
  bool watch(std::size_t item, const Work& work) {
    try {
      work();
      return true;
    } catch (...) {
      of_item_[item] = std::current_exception();
      any_ = true;
      return false;
    }
  }

  // Whether there is one: then no further item need begin.
  bool any() const { return any_; }

  // Throws the first failure in the order of items, an interruption only where there is no other.
  void rethrow() const {
    std::exception_ptr interruption;
    for (const std::exception_ptr& failure : of_item_) {
      if (!failure) continue;
      try {
        std::rethrow_exception(failure);
      } catch (const Interrupted&) {
        interruption = failure;
      }
    }
    if (interruption) std::rethrow_exception(interruption);
  }

 private:
  std::vector<std::exception_ptr> of_item_;
  std::atomic<bool> any_ = false;
};

}  // namespace propagator
