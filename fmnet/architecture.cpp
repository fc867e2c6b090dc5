#include "fmnet/architecture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "autodiff/ops/fused_stage.h"
#include "autodiff/ops/leaky_relu.h"
#include "autodiff/ops/max_pool2d.h"
#include "autodiff/ops/upsample2d.h"
#include "data/random.h"

namespace fmnet {
namespace {

using autodiff::Variable;

constexpr std::uint64_t weights_substream = 1000;  // far from the substreams of data/augment.h

}  // namespace

const std::array<StageShape, n_stages>& stage_shapes() {
  constexpr Resizing pool = Resizing::max_pool, up = Resizing::upsample, none = Resizing::none;
  static constexpr std::array<StageShape, n_stages> shapes = {{
      {3, 3, 1, 64, pool, 2, 2, true},     // 1
      {3, 3, 64, 64, pool, 2, 2, true},    // 2
      {3, 3, 64, 64, pool, 2, 2, true},    // 3
      {3, 3, 64, 64, pool, 2, 2, true},    // 4
      {3, 3, 64, 64, pool, 3, 2, true},    // 5
      {1, 3, 64, 128, pool, 1, 2, true},   // 6
      {1, 3, 128, 128, pool, 1, 2, true},  // 7
      {1, 1, 128, 128, up, 1, 2, true},    // 8
      {1, 3, 128, 128, up, 1, 2, true},    // 9
      {1, 3, 128, 64, up, 1, 2, true},     // 10
      {1, 3, 64, 64, up, 1, 2, true},      // 11
      {1, 3, 64, 64, up, 1, 2, true},      // 12
      {1, 3, 64, 32, up, 1, 2, true},      // 13
      {1, 3, 32, 32, up, 1, 2, true},      // 14
      {1, 3, 32, 16, none, 1, 1, true},    // 15
      {1, 3, 16, 3, none, 1, 1, false},    // 16
  }};
  return shapes;
}

FmNet::FmNet(std::uint64_t seed, autodiff::RunningVariance running_variance) {
  for (int number = 1; number <= n_stages; ++number) {
    const StageShape& s = stage_shapes()[static_cast<std::size_t>(number - 1)];
    data::RandomStream random(seed, static_cast<std::uint64_t>(number), weights_substream);
    Stage stage;
    stage.shape = s;
    stage.prepared = std::make_shared<autodiff::PreparedKernel>();
    stage.convolution = add_child(fmt::format("conv{:02}", number),
                                  std::make_shared<autodiff::Conv2d>(s.kernel_height, s.kernel_width, s.n_in, s.n_out,
                                                                     [&random] { return random.uniform(); }));
    if (s.normalized) {
      const autodiff::BatchNormSettings settings{1e-3, 0.99, running_variance};
      stage.normalization =
          add_child(fmt::format("bn{:02}", number), std::make_shared<autodiff::BatchNorm2d>(s.n_out, settings));
    }
    stages_.push_back(std::move(stage));
  }
}

Variable FmNet::before_activation(const Stage& stage, const Variable& x) const {
  const StageShape& s = stage.shape;
  const Variable convolved = stage.convolution->forward(x);
  if (s.resizing == Resizing::max_pool) return autodiff::max_pool2d(convolved, s.factor_height, s.factor_width);
  if (s.resizing == Resizing::upsample) return autodiff::upsample2d(convolved, s.factor_height, s.factor_width);
  return convolved;
}

Variable FmNet::after_activation(const Stage& stage, const Variable& x) const {
  return stage.shape.normalized ? stage.normalization->forward(autodiff::leaky_relu(x, leaky_slope)) : x;
}

Variable FmNet::run_fused(const Stage& stage, const Variable& x) const {
  const StageShape& s = stage.shape;
  autodiff::FusedStageSettings settings;
  if (s.resizing == Resizing::max_pool) {
    settings.pool_height = s.factor_height;
    settings.pool_width = s.factor_width;
  } else {
    settings.upsample_height = s.factor_height;
    settings.upsample_width = s.factor_width;
  }
  settings.slope = leaky_slope;
  settings.batch_norm = stage.normalization->settings();
  settings.method = execution_.convolution;
  const autodiff::FusedStageParameters parameters{stage.convolution->weight(), stage.convolution->bias(),
                                                  stage.normalization->gamma(), stage.normalization->beta(),
                                                  stage.prepared.get()};
  autodiff::RunningAverages& averages = stage.normalization->averages();
  return is_training() ? autodiff::fused_stage_training(x, parameters, averages, settings)
                       : autodiff::fused_stage_prediction(x, parameters, averages, settings);
}

Variable FmNet::run(const Stage& stage, const Variable& x) const {
  if (execution_.fused && stage.shape.normalized) return run_fused(stage, x);
  return after_activation(stage, before_activation(stage, x));
}

void FmNet::check_input(const Variable& x) {
  const autodiff::Shape& shape = x.shape();
  if (shape.n < 1 || shape.h != n_input_rows || shape.w != n_input_columns || shape.c != 1) {
    throw std::invalid_argument(fmt::format("FmNet: input {}: must be N x {} x {} x 1", autodiff::to_string(shape),
                                            n_input_rows, n_input_columns));
  }
}

Variable FmNet::encode(const Variable& x) {
  check_input(x);
  Variable y = x;
  for (std::size_t i = 0; i + 1 < encoder_stage; ++i) y = run(stages_[i], y);
  return before_activation(stages_[encoder_stage - 1], y);
}

FmNet::Outputs FmNet::forward_with_features(const Variable& x) {
  const Variable features = encode(x);
  Variable y = after_activation(stages_[encoder_stage - 1], features);
  for (std::size_t i = encoder_stage; i < stages_.size(); ++i) y = run(stages_[i], y);
  return {y, features};
}

std::string FmNet::first_not_finite(const Variable& x) {
  const auto finite = [](const autodiff::Tensor& t) {
    return std::all_of(t.data(), t.data() + t.size(), [](autodiff::Real v) { return std::isfinite(v); });
  };
  check_input(x);
  if (!finite(x.value())) return "the input";
  for (const autodiff::Parameter& p : parameters()) {
    if (!finite(p.variable.value())) return p.name;
  }
  const autodiff::RecordingOff recording_off;
  Variable y = x;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    autodiff::RunningAverages before;
    if (stage.normalization) before = stage.normalization->averages();
    y = run(stage, y);
    if (stage.normalization) stage.normalization->averages() = before;
    if (!finite(y.value())) return fmt::format("the output of stage {}", i + 1);
  }
  return "";
}

Variable FmNet::forward(const Variable& x) {
  check_input(x);
  Variable y = x;
  for (const Stage& stage : stages_) y = run(stage, y);
  return y;
}

}  // namespace fmnet
