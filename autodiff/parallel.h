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

inline constexpr Index values_per_block = 16384;

inline Index n_blocks(Index n_values) { return (n_values + values_per_block - 1) / values_per_block; }

// work(begin, end) for each block of values_per_block values.
template <class Work>
void for_each_block(Index n_values, const Work& work) {
  const Index n = n_blocks(n_values);
#pragma omp parallel for schedule(static) if (n > 1)
  for (Index b = 0; b < n; ++b) work(b * values_per_block, std::min(n_values, (b + 1) * values_per_block));
}

// The sum over the blocks of partial_sum(begin, end).
template <class PartialSum>
double sum_over_blocks(Index n_values, const PartialSum& partial_sum) {
  List<double> partial(static_cast<std::size_t>(n_blocks(n_values)));
  for_each_block(n_values,
                 [&](Index begin, Index end) { partial[begin / values_per_block] = partial_sum(begin, end); });
  double sum = 0;
  for (const double p : partial) sum += p;
  return sum;
}

// work(n, h) for each row of each image.
template <class Work>
void for_each_row(const Shape& shape, const Work& work) {
  const Index n_rows = shape.n * shape.h, H = shape.h;
#pragma omp parallel for schedule(static) if (shape.size() > values_per_block)
  for (Index row = 0; row < n_rows; ++row) work(row / H, row % H);
}

}  // namespace autodiff
