// Figure 6 of the paper: the network as its own object tells it.
//
// One block a stage, as high as its output has rows and columns (by logarithm) and as wide as it has channels (by
// logarithm), with the convolution above and the size below; the table beside it has every shape and count.
#pragma once

#include "fmnet/architecture.h"
#include "fmnet/figure.h"

namespace fmnet {

// Of every convolution and batch normalisation.
struct NetworkCounts {
  int n_convolutions;
  std::int64_t n_trainable, n_all;  // without and with the running averages
};
NetworkCounts network_counts(const FmNet& network);

// "stage  convolution  then  size after  trainable": the table of the figure and of `fmnet info`.
Table architecture_table(const FmNet& network);

Figure architecture_figure(const FmNet& network);

}  // namespace fmnet
