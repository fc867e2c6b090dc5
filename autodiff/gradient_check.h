// backward() against central differences: for every element x_i of the given leaves and a scalar function f of them,
//
//   d_i = (f(x_i + h) - f(x_i - h)) / 2h = df/dx_i + O(h^2 f''') + O(u |f| / h)   (1)
//
// with u the rounding unit. The error reported for element i is |g_i - d_i| / max_j |g_j|, g being the gradient and j
// running over the elements of the same leaf: an element near zero is judged by the size of its neighbours.
//
// LeakyReLU and max pooling have kinks, where no derivative exists. If one lies within h of x_i, the slopes to the right
// and to the left, s+ = (f(x_i + h) - f(x_i)) / h and s- = (f(x_i) - f(x_i - h)) / h, differ by the jump J of the slope
// times some 0 < q <= 1, and d_i is wrong by J q / 2. An element whose error exceeds the tolerance but not |s+ - s-| is
// therefore skipped, and counted: where f is smooth, s+ - s- = O(h f''), and no wrong gradient hides behind it.
//
// In double, h = 1e-6 leaves an error of about 1e-9. In float, where functions of one variable at a time must be nearly
// linear or quadratic for it to work at all, h = 2e-2 and the tolerance is that of the caller.
//
// std::invalid_argument if a leaf requires no gradient or f is not a scalar. Cost: two evaluations of f an element.
#pragma once

#include <functional>
#include <vector>

#include "autodiff/variable.h"

namespace autodiff {

struct GradientCheckSettings {
  double step = sizeof(Real) == 8 ? 1e-6 : 2e-2;  // h, times max(1, |x_i|)
  double tolerance = sizeof(Real) == 8 ? 1e-6 : 5e-3;
};

struct GradientCheck {
  double largest_error = 0;    // over the elements that were not skipped
  Index n_checked = 0;         // elements compared
  Index n_skipped = 0;         // elements beside a kink
  std::size_t worst_leaf = 0;  // where the largest error is
  Index worst_element = 0;

  // Every error within the tolerance, fewer skipped than a twentieth of those compared, something compared.
  bool passes(double tolerance) const { return largest_error <= tolerance && 20 * n_skipped < n_checked; }
};

// f must compute its result from the leaves' present values each time it is called. The leaves' values are restored,
// their gradients are those of f.
GradientCheck check_gradient(const std::function<Variable()>& f, std::vector<Variable> leaves,
                             const GradientCheckSettings& settings = {});

}  // namespace autodiff
