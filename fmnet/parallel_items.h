// Independent items on all threads: work(0) .. work(n - 1), each called once, in any order.
//
// An exception must not leave a parallel region; the one of the lowest item is thrown again when all are done, so that what
// is reported does not depend on the threads either.
#pragma once

#include <cstdint>
#include <exception>
#include <vector>

namespace fmnet {

template <class Work>
void for_each_item(std::int64_t n, const Work& work) {
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n));
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    try {
      work(i);
    } catch (...) {
      failures[static_cast<std::size_t>(i)] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace fmnet
