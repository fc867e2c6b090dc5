#include "autodiff/ops/prepared_kernel.h"

namespace autodiff {

struct PreparedKernel::Made {
  Variable weight, bias;
  std::int64_t weight_version, bias_version;
  kernels::ConvolutionMethod method;
  kernels::SlabKernel kernel;

  bool serves(const Variable& w, const Variable& b, kernels::ConvolutionMethod m) const {
    return weight == w && bias == b && weight_version == w.version() && bias_version == b.version() && method == m;
  }
};

std::shared_ptr<const kernels::SlabKernel> PreparedKernel::get(const kernels::ConvolutionPlan& plan,
                                                               const Variable& weight, const Variable& bias) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (made_ == nullptr || !made_->serves(weight, bias, plan.method)) {
    made_ = std::make_shared<const Made>(Made{weight, bias, weight.version(), bias.version(), plan.method,
                                              kernels::prepare_kernel(plan, weight.value(), bias.value().data())});
  }
  return {made_, &made_->kernel};
}

}  // namespace autodiff
