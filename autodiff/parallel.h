// How work is divided among threads: by rules that do not know how many threads there are.
//
// The work is cut into pieces whose borders depend on its size alone; a thread takes whole pieces. An element-wise
// result is then the same to the bit on any number of threads, and so is a sum, provided that each piece has a partial
// sum of its own and that these are added in order of the pieces.
//
// Little work runs on the calling thread: waking another one takes microseconds.
#pragma once

#include <algorithm>

#include "autodiff/tensor.h"

namespace autodiff {

// With fewer numbers, one thread is done before another wakes.
inline constexpr Index worth_threads = 16384;
// The 36,864 weights of a 3x3 kernel of 64 channels are nine blocks: nearly equal shares for two threads.
inline constexpr Index values_per_block = 4096;
inline constexpr Index values_per_partial_sum = 16384;

inline Index n_blocks(Index n_values, Index block = values_per_block) { return (n_values + block - 1) / block; }

// work(begin, end) for each block of values.
template <class Work>
void for_each_block(Index n_values, const Work& work, Index block = values_per_block) {
  const Index n = n_blocks(n_values, block);
#pragma omp parallel for schedule(static) if (n_values > worth_threads)
  for (Index b = 0; b < n; ++b) work(b * block, std::min(n_values, (b + 1) * block));
}

// The sum over blocks of values_per_partial_sum values of partial_sum(begin, end).
template <class PartialSum>
double sum_over_blocks(Index n_values, const PartialSum& partial_sum) {
  constexpr Index block = values_per_partial_sum;
  List<double> partial(static_cast<std::size_t>(n_blocks(n_values, block)));
  for_each_block(
      n_values, [&](Index begin, Index end) { partial[begin / block] = partial_sum(begin, end); }, block);
  double sum = 0;
  for (const double p : partial) sum += p;
  return sum;
}

// work(n, h) for each row of each image.
template <class Work>
void for_each_row(const Shape& shape, const Work& work) {
  const Index n_rows = shape.n * shape.h, H = shape.h;
#pragma omp parallel for schedule(static) if (shape.size() > worth_threads)
  for (Index row = 0; row < n_rows; ++row) work(row / H, row % H);
}

}  // namespace autodiff
