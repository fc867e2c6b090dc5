// One stage of a convolutional network as a single node:
//
//   y = upsample(batch_norm(leaky_relu(max_pool(conv2d(x, A, b)))))                                          (1)
//
// in value and gradient the composition of these operations (conv2d.h, max_pool2d.h, leaky_relu.h, batch_norm.h,
// upsample2d.h), but made slab by slab while the numbers are in the cache: neither the output of the convolution, four
// times as large as what the pool leaves of it, nor its gradient reaches memory (with more threads than groups of images
// the gradient is written out once: backward_blocks of slab_convolution.h). Kept for the way back: the
// activations z = leaky_relu(max_pool(..)) and one byte for each of them, the winner of its window.
//
// LeakyReLU and batch normalisation act on each number by the same rule, so they may come before the up-sampling, which
// copies numbers, as well as after it: mean and variance are those of the copies. The moments are those of z; only r of
// batch_norm.h, equation (9), counts the m pixels after up-sampling. Backward, with dz~ the sum of dy over the copies
// of a pixel and m_z the pixels of z, equation (7) of batch_norm.h becomes
//
//   dz = gamma / sqrt(V + eps) (dz~ - (1/m_z) sum dz~ - xhat (1/m_z) sum dz~ xhat)                           (2)
//
// which is the form without up-sampling: the copies cancel in the means. Then, pixel by pixel of the convolution
// output,
//
//   dv = dz f'(z) where the pixel won its window, 0 elsewhere                                                (3)
//
// and dA, db, dx follow from dv by equations (2) to (4) of conv2d.h.
//
// x (N, H, W, C), H and W multiples of the window; weight (KH, KW, C, O); bias, gamma, beta, averages (1, 1, 1, O).
// Returns (N, H/pool_height upsample_height, W/pool_width upsample_width, O). std::invalid_argument where they do not
// fit. The result does not depend on the number of threads.
#pragma once

#include "autodiff/kernels/convolution.h"
#include "autodiff/ops/batch_norm.h"
#include "autodiff/ops/prepared_kernel.h"
#include "autodiff/variable.h"

namespace autodiff {

struct FusedStageSettings {
  Index pool_height = 1, pool_width = 1;
  Index upsample_height = 1, upsample_width = 1;
  double slope = 0.2;  // of LeakyReLU, 0 < slope <= 1
  BatchNormSettings batch_norm;
  kernels::ConvolutionMethod method = kernels::ConvolutionMethod::direct;
};

struct FusedStageParameters {
  Variable weight, bias, gamma, beta;
  // Where one is given, predictions that record no graph keep the weights in the form of the kernels in it.
  PreparedKernel* prepared = nullptr;
};

// Normalises by the batch and moves the running averages.
Variable fused_stage_training(const Variable& x, const FusedStageParameters& parameters, RunningAverages& averages,
                              const FusedStageSettings& settings);

// Normalises by the running averages.
Variable fused_stage_prediction(const Variable& x, const FusedStageParameters& parameters,
                                const RunningAverages& averages, const FusedStageSettings& settings);

}  // namespace autodiff
