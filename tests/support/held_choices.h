// FMNet with its kinks taken out. Between convolutions the network is piecewise linear, but for batch normalisation: which
// pixel wins a pooling window and on which side of LeakyReLU a value lies are choices. Rounding can turn a choice where two
// numbers are as close as that, and the gradient then takes another path.
//
// With v the output of a stage's convolution, f(max v) over a window is the sum of g v over its pixels: g is 1 or the slope
// for the winner, by its sign, and 0 for all others. choices_in_double() makes the choices by a forward pass in double
// precision, in plain loops; held_network() computes in Real with the choices it is given.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "autodiff/kernels/convolution.h"
#include "autodiff/ops/batch_norm.h"
#include "autodiff/ops/upsample2d.h"
#include "autodiff/variable.h"
#include "fmnet/architecture.h"

namespace support {

using autodiff::Index;
using autodiff::Real;
using autodiff::Shape;
using autodiff::Tensor;
using autodiff::Variable;

// For each stage with an activation, g of every pixel of its convolution.
using Choices = std::vector<Tensor>;

struct Window {
  Index ph, pw;
};

inline Window window_of(const fmnet::StageShape& s) {
  const bool pooled = s.resizing == fmnet::Resizing::max_pool;
  return {pooled ? s.factor_height : 1, pooled ? s.factor_width : 1};
}

// An N x H x W x C array in double precision.
struct Images {
  explicit Images(const Shape& s) : shape(s), values(static_cast<std::size_t>(s.size())) {}
  double& operator()(Index n, Index h, Index w, Index c) {
    return values[static_cast<std::size_t>(((n * shape.h + h) * shape.w + w) * shape.c + c)];
  }
  Shape shape;
  std::vector<double> values;
};

// visit(n, h, w, c) for all elements.
template <class Visit>
void for_each_element(const Shape& s, const Visit& visit) {
  for (Index n = 0; n < s.n; ++n) {
    for (Index h = 0; h < s.h; ++h) {
      for (Index w = 0; w < s.w; ++w) {
        for (Index c = 0; c < s.c; ++c) visit(n, h, w, c);
      }
    }
  }
}

inline Images convolution_in_double(Images& x, const Tensor& A, const Tensor& b) {
  const Index KH = A.shape().n, KW = A.shape().h, O = A.shape().c;
  Images y({x.shape.n, x.shape.h, x.shape.w, O});
  for_each_element(y.shape, [&](Index n, Index h, Index w, Index o) { y(n, h, w, o) = b[o]; });
  for_each_element(x.shape, [&](Index n, Index h, Index w, Index c) {
    for (Index i = 0; i < KH; ++i) {
      for (Index j = 0; j < KW; ++j) {
        const Index to_h = h - i + (KH - 1) / 2, to_w = w - j + (KW - 1) / 2;
        if (to_h < 0 || to_h >= y.shape.h || to_w < 0 || to_w >= y.shape.w) continue;
        for (Index o = 0; o < O; ++o) y(n, to_h, to_w, o) += double(A(i, j, c, o)) * x(n, h, w, c);
      }
    }
  });
  return y;
}

inline Tensor choices_of(Images& v, const Window& window) {
  Tensor g(v.shape);  // zeros
  const Shape pooled{v.shape.n, v.shape.h / window.ph, v.shape.w / window.pw, v.shape.c};
  for_each_element(pooled, [&](Index n, Index h, Index w, Index c) {
    Index row = h * window.ph, column = w * window.pw;
    for (Index k = 1; k < window.ph * window.pw; ++k) {
      const Index i = h * window.ph + k / window.pw, j = w * window.pw + k % window.pw;
      if (v(n, i, j, c) > v(n, row, column, c)) row = i, column = j;
    }
    g(n, row, column, c) = v(n, row, column, c) > 0 ? Real(1) : static_cast<Real>(fmnet::leaky_slope);
  });
  return g;
}

// The sum of g v over each window, every result written copies_h x copies_w times.
inline Images chosen_in_double(Images& v, const Tensor& g, const Window& window, Index copies_h, Index copies_w) {
  Images y({v.shape.n, v.shape.h / window.ph * copies_h, v.shape.w / window.pw * copies_w, v.shape.c});
  for_each_element(y.shape, [&](Index n, Index h, Index w, Index c) {
    for (Index k = 0; k < window.ph * window.pw; ++k) {
      const Index i = h / copies_h * window.ph + k / window.pw, j = w / copies_w * window.pw + k % window.pw;
      y(n, h, w, c) += g(n, i, j, c) > 0 ? (g(n, i, j, c) == 1 ? 1 : fmnet::leaky_slope) * v(n, i, j, c) : 0;
    }
  });
  return y;
}

inline void normalize_in_double(Images& x, const Tensor& gamma, const Tensor& beta) {
  const auto m = static_cast<double>(x.shape.n_pixels());
  const auto C = static_cast<std::size_t>(x.shape.c);
  std::vector<double> mu(C), V(C);
  for (std::size_t k = 0; k < x.values.size(); ++k) mu[k % C] += x.values[k] / m;
  for (std::size_t k = 0; k < x.values.size(); ++k) V[k % C] += std::pow(x.values[k] - mu[k % C], 2) / m;
  for (std::size_t k = 0; k < x.values.size(); ++k) {
    const auto c = static_cast<Index>(k % C);
    x.values[k] = gamma[c] * (x.values[k] - mu[k % C]) / std::sqrt(V[k % C] + 1e-3) + beta[c];
  }
}

inline Choices choices_in_double(const fmnet::FmNet& network, const Tensor& input) {
  const std::vector<autodiff::Parameter> parameters = network.parameters();
  auto parameter = parameters.begin();
  const auto next = [&]() -> const Tensor& { return (parameter++)->variable.value(); };
  Images x(input.shape());
  for (Index i = 0; i < input.size(); ++i) x.values[static_cast<std::size_t>(i)] = input[i];
  Choices choices;
  for (const fmnet::StageShape& s : fmnet::stage_shapes()) {
    if (!s.normalized) break;
    const Tensor &weight = next(), &bias = next(), &gamma = next(), &beta = next();
    Images v = convolution_in_double(x, weight, bias);
    choices.push_back(choices_of(v, window_of(s)));
    const bool up = s.resizing == fmnet::Resizing::upsample;
    x = chosen_in_double(v, choices.back(), window_of(s), up ? s.factor_height : 1, up ? s.factor_width : 1);
    normalize_in_double(x, gamma, beta);
  }
  return choices;
}

// ops/conv2d.h by the method asked for.
inline Variable convolution(const Variable& x, const Variable& weight, const Variable& bias,
                            autodiff::kernels::ConvolutionMethod method) {
  Tensor y({x.shape().n, x.shape().h, x.shape().w, weight.shape().c});
  autodiff::kernels::convolve(x.value(), weight.value(), bias.value(), y, method);
  return Variable::result_of(std::move(y), {x, weight, bias}, [=](const Tensor&, const Tensor& dy) {
    if (x.requires_gradient()) {
      autodiff::kernels::convolve_backward_data(dy, weight.value(), x.gradient_sum(), method);
    }
    autodiff::kernels::convolve_backward_weight(x.value(), dy, weight.gradient_sum(), bias.gradient_sum(), method);
  });
}

// z, the sum of g v over each window; dv = g dz.
inline Variable chosen(const Variable& v, const Tensor& g, const Window& window) {
  const Shape s = v.shape();
  Tensor z({s.n, s.h / window.ph, s.w / window.pw, s.c});
  for_each_element(s, [&](Index n, Index h, Index w, Index c) {
    z(n, h / window.ph, w / window.pw, c) += g(n, h, w, c) * v.value()(n, h, w, c);
  });
  return Variable::result_of(std::move(z), {v}, [v, &g, window](const Tensor&, const Tensor& dz) {
    Tensor dv(v.shape());
    for_each_element(v.shape(), [&](Index n, Index h, Index w, Index c) {
      dv(n, h, w, c) = g(n, h, w, c) * dz(n, h / window.ph, w / window.pw, c);
    });
    v.add_to_gradient(std::move(dv));
  });
}

// The network in training, small operation by small operation; `choices` must outlive the graph.
inline Variable held_network(const fmnet::FmNet& network, Variable x, autodiff::kernels::ConvolutionMethod method,
                             const Choices& choices) {
  const std::vector<autodiff::Parameter> parameters = network.parameters();
  auto parameter = parameters.begin();
  const auto next = [&]() -> const Variable& { return (parameter++)->variable; };
  for (std::size_t i = 0; i < fmnet::n_stages; ++i) {
    const fmnet::StageShape& s = fmnet::stage_shapes()[i];
    const Variable &weight = next(), &bias = next();
    x = convolution(x, weight, bias, method);
    if (!s.normalized) break;
    x = chosen(x, choices[i], window_of(s));
    if (s.resizing == fmnet::Resizing::upsample) x = autodiff::upsample2d(x, s.factor_height, s.factor_width);
    const Variable &gamma = next(), &beta = next();
    autodiff::RunningAverages averages{Tensor(gamma.shape()), Tensor(gamma.shape())};
    x = autodiff::batch_norm_training(x, gamma, beta, averages, {});
  }
  return x;
}

}  // namespace support
