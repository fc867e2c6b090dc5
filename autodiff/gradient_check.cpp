#include "autodiff/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace autodiff {
namespace {

double evaluate(const std::function<Variable()>& f) {
  const RecordingOff off;
  return f().value()[0];
}

double largest_magnitude(const Tensor& t) {
  double largest = 0;
  for (Index i = 0; i < t.size(); ++i) largest = std::max(largest, std::abs(double(t[i])));
  return largest;
}

struct Slopes {
  double right, left, central;
};

// The step actually made is x_plus - x, which rounding makes differ from h.
Slopes slopes(const std::function<Variable()>& f, double f0, Variable& leaf, Index i, double h) {
  const Real x0 = leaf.value()[i], right = static_cast<Real>(x0 + h), left = static_cast<Real>(x0 - h);
  const double h_right = double(right) - x0, h_left = x0 - double(left);
  leaf.mutable_value()[i] = right;
  const double f_right = evaluate(f);
  leaf.mutable_value()[i] = left;
  const double f_left = evaluate(f);
  leaf.mutable_value()[i] = x0;
  return {(f_right - f0) / h_right, (f0 - f_left) / h_left, (f_right - f_left) / (h_right + h_left)};  // (1)
}

}  // namespace

GradientCheck check_gradient(const std::function<Variable()>& f, std::vector<Variable> leaves,
                             const GradientCheckSettings& settings) {
  for (Variable& leaf : leaves) {
    if (!leaf.requires_gradient()) throw std::invalid_argument("check_gradient: a leaf requires no gradient");
    leaf.clear_gradient();
  }
  const Variable result = f();
  backward(result);
  const double f0 = result.value()[0];

  GradientCheck check;
  for (std::size_t k = 0; k < leaves.size(); ++k) {
    const Tensor& g = leaves[k].gradient();
    const double scale = largest_magnitude(g);
    for (Index i = 0; i < g.size(); ++i) {
      const double h = settings.step * std::max(1.0, std::abs(double(leaves[k].value()[i])));
      const Slopes s = slopes(f, f0, leaves[k], i, h);
      const double difference = std::abs(g[i] - s.central);
      const double error = difference == 0 ? 0 : difference / scale;
      const bool beside_kink = error > settings.tolerance && difference <= std::abs(s.right - s.left);
      ++(beside_kink ? check.n_skipped : check.n_checked);
      // A NaN counts as the largest error of all.
      if (!beside_kink && !std::isnan(check.largest_error) && !(error <= check.largest_error)) {
        check.largest_error = error;
        check.worst_leaf = k;
        check.worst_element = i;
      }
    }
  }
  return check;
}

}  // namespace autodiff
