// Does this build compute right on this machine? A few seconds, no files, no network.
//
// Each check compares a result of one module with a number that is known otherwise: an identity, a published answer, or a
// synthetic event whose mechanism is known. They are a sample of what `make test` holds, for a program that was moved to
// another machine.
#pragma once

#include <string>
#include <vector>

#include "autodiff/tensor.h"

namespace fmnet {

struct SelfCheck {
  std::string name;
  double value, limit;  // right where |value| <= limit; a value that is not a number is wrong
  bool passed() const { return value >= -limit && value <= limit; }
};

// max |a - b| / max |a| of two tensors of one shape; not a number where a value of either is not finite.
double relative_difference(const autodiff::Tensor& a, const autodiff::Tensor& b);

std::vector<SelfCheck> run_selftest();

}  // namespace fmnet
