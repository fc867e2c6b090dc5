#include "autodiff/layers.h"

#include <utility>

#include "autodiff/ops/conv2d.h"
#include "autodiff/ops/leaky_relu.h"
#include "autodiff/ops/max_pool2d.h"
#include "autodiff/ops/upsample2d.h"

namespace autodiff {
namespace {

Tensor constant(const Shape& shape, Real value) {
  Tensor t = Tensor::uninitialized(shape);
  t.fill(value);
  return t;
}

Tensor glorot_kernel(Index KH, Index KW, Index C, Index O, const Uniform01& uniform01) {
  Tensor weight(Shape{KH, KW, C, O});
  glorot_uniform(weight, KH * KW * C, KH * KW * O, uniform01);
  return weight;
}

}  // namespace

Conv2d::Conv2d(Index kernel_height, Index kernel_width, Index n_in, Index n_out, const Uniform01& uniform01)
    : weight_(add_parameter("weight", glorot_kernel(kernel_height, kernel_width, n_in, n_out, uniform01))),
      bias_(add_parameter("bias", Tensor(per_channel(n_out)))) {}

Variable Conv2d::forward(const Variable& x) { return conv2d(x, weight_, bias_); }

Variable MaxPool2d::forward(const Variable& x) { return max_pool2d(x, height_, width_); }

Variable Upsample2d::forward(const Variable& x) { return upsample2d(x, factor_height_, factor_width_); }

Variable LeakyRelu::forward(const Variable& x) { return leaky_relu(x, slope_); }

BatchNorm2d::BatchNorm2d(Index n_channels, const BatchNormSettings& settings)
    : settings_(settings),
      gamma_(add_parameter("gamma", constant(per_channel(n_channels), 1))),
      beta_(add_parameter("beta", Tensor(per_channel(n_channels)))),
      averages_{Tensor(per_channel(n_channels)), constant(per_channel(n_channels), 1)} {
  add_buffer("running_mean", averages_.mean);
  add_buffer("running_variance", averages_.variance);
}

Variable BatchNorm2d::forward(const Variable& x) {
  return is_training() ? batch_norm_training(x, gamma_, beta_, averages_, settings_)
                       : batch_norm_prediction(x, gamma_, beta_, averages_, settings_);
}

}  // namespace autodiff
