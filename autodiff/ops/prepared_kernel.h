// The weights of one convolution in the form that the kernels take, made anew only when they have changed: a prediction
// for a single record would spend a fifth of its time on packing them.
//
// What was made is known by weight and bias, the versions of both (variable.h) and the method. A reference from
// mutable_value() that is kept and written through later goes unnoticed. Thread-safe; who still computes with former
// weights keeps them.
#pragma once

#include <memory>
#include <mutex>

#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/variable.h"

namespace autodiff {

class PreparedKernel {
 public:
  std::shared_ptr<const kernels::SlabKernel> get(const kernels::ConvolutionPlan& plan, const Variable& weight,
                                                 const Variable& bias);

 private:
  struct Made;
  std::mutex mutex_;
  std::shared_ptr<const Made> made_;
};

}  // namespace autodiff
