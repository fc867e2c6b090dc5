// What changes parameters by their gradients.
//
//   optimizer.clear_gradients();  backward(loss);  optimizer.step();
//
// Parameters that are not trainable are left alone.
#pragma once

#include <utility>
#include <vector>

#include "autodiff/module.h"

namespace autodiff {

class Optimizer {
 public:
  explicit Optimizer(std::vector<Parameter> parameters) : parameters_(std::move(parameters)) {}
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  virtual void step() = 0;

  void clear_gradients() {
    for (Parameter& parameter : parameters_) parameter.variable.clear_gradient();
  }

 protected:
  std::vector<Parameter>& parameters() { return parameters_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace autodiff
