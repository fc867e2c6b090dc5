// Samples as the network takes them: waveforms (N, 48, 128, 1) beside their label curves (N, 1, 128, 3).
//
// The samples of a batch are computed on all threads, each by itself: the batch does not depend on their number.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "autodiff/tensor.h"
#include "data/dataset.h"
#include "fmnet/gaussian_label.h"

namespace fmnet {

struct Batch {
  autodiff::Tensor waveforms;  // N x 48 x 128 x 1
  autodiff::Tensor labels;     // N x 1 x 128 x 3
};

// Sample number i; called from several threads at once.
using SampleOf = std::function<data::Sample(std::int64_t i)>;

// Samples `indices` in this order. A failure names the sample.
Batch make_batch(const SampleOf& sample, const std::vector<std::int64_t>& indices, const LabelSettings& label);

// Waveforms of 48 x 128 (std::invalid_argument otherwise) into image n of `images`.
void copy_waveforms(const data::Waveforms& waveforms, autodiff::Tensor& images, autodiff::Index n);

// Image n of the network's output.
LabelCurves curves_of(const autodiff::Tensor& output, autodiff::Index n);

}  // namespace fmnet
