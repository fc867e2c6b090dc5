// FMNet, the authors' network, layer by layer: 48 x 128 values of 16 three-component seismograms are pressed into 128
// numbers, and these are drawn out into three curves of 128 values.
//
//   stage   convolution            then                          size after
//    1      64 of 3x3              max pool 2x2                  24 x 64 x 64
//    2- 4   64 of 3x3              max pool 2x2                   3 x  8 x 64
//    5      64 of 3x3              max pool 3x2                   1 x  4 x 64
//    6- 7   128 of 1x3             max pool 1x2                   1 x  1 x 128     the encoder's output is stage 7's pool
//    8      128 of 1x1             upsample 1x2                   1 x  2 x 128
//    9      128 of 1x3             upsample 1x2                   1 x  4 x 128
//   10-12   64 of 1x3              upsample 1x2                   1 x 32 x 64
//   13-14   32 of 1x3              upsample 1x2                   1 x 128 x 32
//   15      16 of 1x3              -                              1 x 128 x 16
//   16      3 of 1x3               - (linear output)              1 x 128 x 3
//
// Stages 1 to 15 end in LeakyReLU (slope 0.2) and batch normalisation (eps 1e-3, decay of the running averages 0.99), in
// this order: convolution -> pool or upsampling -> LeakyReLU -> batch normalisation. The feature vector of the encoder is
// taken before the LeakyReLU of stage 7, as the authors' program does.
//
// 348,451 convolution weights + 2,208 of batch normalisation (gamma, beta) = 350,659 trainable numbers; with 2,208
// running averages 352,867. Forward about 80 million multiply-adds a sample, 71 % of them in stage 2.
//
// A stage is computed as one node (autodiff/ops/fused_stage.h), or layer by layer, which is its definition; stage 16, and
// stage 7 where its middle, the feature vector, is wanted, always layer by layer. Both ways agree within rounding, a test
// holds them together.
//
// Parameters are named conv01.weight (KH x KW x C_in x C_out), conv01.bias, bn01.gamma, bn01.beta, .., conv16.bias; buffers
// bn01.running_mean, bn01.running_variance, .. Initial weights: Glorot uniform, drawn from Philox stream `stage` of the
// seed, so that each layer's weights are a function of the seed alone.
//
// Source: github.com/congcy/FMNet, Demo/train.py. The paper's text ("3x1 filters" in the expansion, "channels grow from 1
// to 128") differs in words: docs/paper_vs_code.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "autodiff/kernels/convolution.h"
#include "autodiff/layers.h"
#include "autodiff/ops/prepared_kernel.h"

namespace fmnet {

enum class Resizing { max_pool, upsample, none };

struct StageShape {
  int kernel_height, kernel_width, n_in, n_out;
  Resizing resizing;
  int factor_height, factor_width;
  bool normalized;  // LeakyReLU and batch normalisation follow
};

inline constexpr int n_stages = 16;
inline constexpr int encoder_stage = 7;  // counted from 1
inline constexpr int n_input_rows = 48, n_input_columns = 128, n_features = 128;
inline constexpr double leaky_slope = 0.2;

const std::array<StageShape, n_stages>& stage_shapes();

// How the network is computed, not what: the results agree within rounding, but not to the bit.
struct Execution {
  bool fused = true;  // false: layer by layer
  autodiff::kernels::ConvolutionMethod convolution = autodiff::kernels::ConvolutionMethod::direct;
};

class FmNet : public autodiff::Module {
 public:
  explicit FmNet(std::uint64_t seed, autodiff::RunningVariance running_variance = autodiff::RunningVariance::keras2);

  // x (N, 48, 128, 1) -> curves (N, 1, 128, 3). std::invalid_argument for another shape.
  autodiff::Variable forward(const autodiff::Variable& x) override;

  // The same with the encoder's output (N, 1, 1, 128) of the same pass.
  struct Outputs {
    autodiff::Variable curves, features;
  };
  Outputs forward_with_features(const autodiff::Variable& x);

  // Where the first number that is not finite arises when x passes through: "the input", "conv03.weight", "the output of
  // stage 4"; empty where all are finite. Running averages do not move.
  std::string first_not_finite(const autodiff::Variable& x);

  // The encoder alone: (N, 48, 128, 1) -> (N, 1, 1, 128).
  autodiff::Variable encode(const autodiff::Variable& x);

  void set_execution(const Execution& execution) { execution_ = execution; }

 private:
  struct Stage {
    StageShape shape;
    std::shared_ptr<autodiff::Conv2d> convolution;
    std::shared_ptr<autodiff::BatchNorm2d> normalization;  // null where none follows
    std::shared_ptr<autodiff::PreparedKernel> prepared;
  };
  static void check_input(const autodiff::Variable& x);
  autodiff::Variable run(const Stage& stage, const autodiff::Variable& x) const;
  autodiff::Variable run_fused(const Stage& stage, const autodiff::Variable& x) const;
  // Layer by layer: convolution -> pool or upsampling ..
  autodiff::Variable before_activation(const Stage& stage, const autodiff::Variable& x) const;
  // .. -> LeakyReLU -> batch normalisation
  autodiff::Variable after_activation(const Stage& stage, const autodiff::Variable& x) const;

  std::vector<Stage> stages_;
  Execution execution_;
};

}  // namespace fmnet
