#include "autodiff/ops/conv2d.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/kernels/convolution.h"

namespace autodiff {
namespace {

// expected(): the end of the message, made only where it is thrown.
template <class Expected>
void require(bool fits, const char* function, const char* tensor, const Shape& shape, const Expected& expected) {
  if (fits) return;
  throw std::invalid_argument(function + std::string(": shape of ") + tensor + " = " + to_string(shape) + ": must be " +
                              expected());
}

Shape output_shape(const Shape& x, const Shape& weight) { return {x.n, x.h, x.w, weight.c}; }

}  // namespace

void check_conv2d_shapes(const char* function, const Shape& x, const Shape& weight, const Shape& bias, const Shape& y) {
  require(weight.n % 2 == 1 && weight.h % 2 == 1, function, "weight", weight,
          [] { return std::string("odd in its first two extents, KH and KW"); });
  require(weight.w >= 1 && weight.c >= 1, function, "weight", weight,
          [] { return std::string("of at least one channel on both sides, C and O"); });
  require(x.c == weight.w, function, "x", x,
          [&] { return "of as many channels as the weight's C = " + std::to_string(weight.w); });
  require(bias == per_channel(weight.c), function, "bias", bias, [&] { return to_string(per_channel(weight.c)); });
  require(y == output_shape(x, weight), function, "y", y, [&] { return to_string(output_shape(x, weight)); });
}

Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias) {
  const Shape y_shape = output_shape(x.shape(), weight.shape());
  check_conv2d_shapes("conv2d", x.shape(), weight.shape(), bias.shape(), y_shape);
  Tensor y = Tensor::uninitialized(y_shape);
  kernels::convolve(x.value(), weight.value(), bias.value(), y);  // (1)

  const auto rule = [x, weight, bias](const Tensor&, const Tensor& dy) {
    if (weight.requires_gradient() || bias.requires_gradient()) {
      Tensor unwanted_weight, unwanted_bias;
      const auto sum_of = [](const Variable& v, Tensor& unwanted) -> Tensor& {
        if (v.requires_gradient()) return v.gradient_sum();
        return unwanted = Tensor(v.shape());
      };
      kernels::convolve_backward_weight(x.value(), dy, sum_of(weight, unwanted_weight),
                                        sum_of(bias, unwanted_bias));  // (2), (3)
    }
    if (x.requires_gradient()) kernels::convolve_backward_data(dy, weight.value(), x.gradient_sum());  // (4)
  };
  return Variable::result_of(std::move(y), {x, weight, bias}, rule);
}

}  // namespace autodiff
