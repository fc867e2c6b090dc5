// While one lives, OpenMP uses this number of threads; the number before returns with its end.
#pragma once

#include <omp.h>

namespace support {

class ThreadCount {
 public:
  explicit ThreadCount(int n_threads) : before_(omp_get_max_threads()) { omp_set_num_threads(n_threads); }
  ~ThreadCount() { omp_set_num_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

}  // namespace support
