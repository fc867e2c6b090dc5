// The operations of ops/ as modules: each owns the parameters of its operation and passes them to it.
//
//   Conv2d       weight KH x KW x C x O drawn by Glorot's rule, bias O zeros         ops/conv2d.h
//   MaxPool2d    -                                                                    ops/max_pool2d.h
//   Upsample2d   -                                                                    ops/upsample2d.h
//   LeakyRelu    -                                                                    ops/leaky_relu.h
//   BatchNorm2d  gamma ones, beta zeros; buffers running_mean zeros, running_variance ones   ops/batch_norm.h
//
// These initial values are Keras' defaults, with which the authors trained.
#pragma once

#include "autodiff/initializer.h"
#include "autodiff/module.h"
#include "autodiff/ops/batch_norm.h"

namespace autodiff {

class Conv2d : public Module {
 public:
  Conv2d(Index kernel_height, Index kernel_width, Index n_in, Index n_out, const Uniform01& uniform01);
  Variable forward(const Variable& x) override;
  // For ops/fused_stage.h, which computes with the parameters of several layers at once.
  const Variable& weight() const { return weight_; }
  const Variable& bias() const { return bias_; }

 private:
  Variable weight_, bias_;
};

class MaxPool2d : public Module {
 public:
  MaxPool2d(Index height, Index width) : height_(height), width_(width) {}
  Variable forward(const Variable& x) override;

 private:
  Index height_, width_;
};

class Upsample2d : public Module {
 public:
  Upsample2d(Index factor_height, Index factor_width) : factor_height_(factor_height), factor_width_(factor_width) {}
  Variable forward(const Variable& x) override;

 private:
  Index factor_height_, factor_width_;
};

class LeakyRelu : public Module {
 public:
  explicit LeakyRelu(double slope = 0.2) : slope_(slope) {}
  Variable forward(const Variable& x) override;

 private:
  double slope_;
};

// Normalises by the batch in training mode, by the running averages in evaluation mode.
class BatchNorm2d : public Module {
 public:
  explicit BatchNorm2d(Index n_channels, const BatchNormSettings& settings = {});
  Variable forward(const Variable& x) override;
  // For ops/fused_stage.h.
  const Variable& gamma() const { return gamma_; }
  const Variable& beta() const { return beta_; }
  RunningAverages& averages() { return averages_; }
  const BatchNormSettings& settings() const { return settings_; }

 private:
  BatchNormSettings settings_;
  Variable gamma_, beta_;
  RunningAverages averages_;
};

}  // namespace autodiff
