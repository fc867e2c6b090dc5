#include "autodiff/kernels/convolution.h"

#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/ops/conv2d.h"

namespace autodiff::kernels {
void convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor& y, ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve", x.shape(), weight.shape(), bias.shape(), y.shape());
  const ConvolutionPlan plan = plan_convolution(x.shape(), weight.shape(), method);
  convolve_slabs(plan, prepare_kernel(plan, weight, bias.data()), rows_of(x), false, y);  // (1)
}

void convolve_backward_data(const Tensor& dy, const Tensor& weight, Tensor& dx, ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve_backward_data", dx.shape(), weight.shape(), per_channel(weight.shape().c),
                      dy.shape());
  const Tensor other_way = turned(weight);
  const ConvolutionPlan plan = plan_convolution(dy.shape(), other_way.shape(), method);
  convolve_slabs(plan, prepare_kernel(plan, other_way), rows_of(dy), true, dx);  // (4)
}

void convolve_backward_weight(const Tensor& x, const Tensor& dy, Tensor& dweight, Tensor& dbias,
                              ConvolutionMethod method) {
  check_conv2d_shapes("kernels::convolve_backward_weight", x.shape(), dweight.shape(), dbias.shape(), dy.shape());
  const Shape weight = dweight.shape();
  const ConvolutionPlan plan = plan_convolution(x.shape(), weight, method);
  const ConvolutionPlan back = plan_backward_data(plan, {weight.n, weight.h, weight.c, weight.w}, method);
  backward_slabs(plan, x, rows_of(dy), {back, {}, nullptr}, dweight, dbias);  // (2), (3)
}

}  // namespace autodiff::kernels
