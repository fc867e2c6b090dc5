// Independent items on all threads: work(0) .. work(n - 1), each called once, in any order.
//
// The exception of the lowest item is thrown again when all are done (propagator/parallel_failures.h), so that what is reported
// does not depend on the threads either.
#pragma once

#include <cstdint>

#include "propagator/parallel_failures.h"

namespace fmnet {

template <class Work>
void for_each_item(std::int64_t n, const Work& work) {
  propagator::ParallelFailures failures(static_cast<std::size_t>(n));
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < n; ++i) {
    failures.watch(static_cast<std::size_t>(i), [&] { work(i); });
  }
  failures.rethrow();
}

}  // namespace fmnet
