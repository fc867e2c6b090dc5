#include "autodiff/adam.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "autodiff/parallel.h"

namespace autodiff {
namespace {

void require(bool fits, const std::string& what, double value, const std::string& expected) {
  if (!fits) throw std::invalid_argument("Adam: " + what + " = " + std::to_string(value) + ": must be " + expected);
}

// p -= step m / (sqrt(v) / root + eps), which is (3) with root = sqrt(1 - b2^t), step = lr / (1 - b1^t), and (4) with
// root = 1, step = lr sqrt(1 - b2^t) / (1 - b1^t).
struct Factors {
  Real b1, one_minus_b1, b2, one_minus_b2, step, inverse_root, eps;
};

Factors factors(const AdamSettings& settings, std::int64_t n_steps) {
  const double t = static_cast<double>(n_steps);
  const double step = settings.learning_rate / (1 - std::pow(settings.beta1, t));
  const double root = std::sqrt(1 - std::pow(settings.beta2, t));
  const bool keras = settings.form == AdamForm::keras;
  return {static_cast<Real>(settings.beta1),
          static_cast<Real>(1 - settings.beta1),
          static_cast<Real>(settings.beta2),
          static_cast<Real>(1 - settings.beta2),
          static_cast<Real>(keras ? step * root : step),
          static_cast<Real>(keras ? 1 : 1 / root),
          static_cast<Real>(settings.eps)};
}

// A trainable parameter among the numbers of all, in a row: its first one is number `first`.
struct Place {
  Index first, size;
  const Real* g;
  Real *m, *v, *p;
};

void update(const Factors& f, const Place& place, Index begin, Index end) {
  const Real* const g = place.g;
  Real *const m = place.m, *const v = place.v, *const p = place.p;
#pragma omp simd
  for (Index i = begin; i < end; ++i) {
    m[i] = f.b1 * m[i] + f.one_minus_b1 * g[i];                          // (1)
    v[i] = f.b2 * v[i] + f.one_minus_b2 * g[i] * g[i];                   // (2)
    p[i] -= f.step * m[i] / (std::sqrt(v[i]) * f.inverse_root + f.eps);  // (3), (4)
  }
}

}  // namespace

Adam::Adam(std::vector<Parameter> parameters, const AdamSettings& settings)
    : Optimizer(std::move(parameters)), settings_(settings) {
  require(settings.learning_rate >= 0, "learning_rate", settings.learning_rate, "at least 0");
  require(settings.beta1 >= 0 && settings.beta1 < 1, "beta1", settings.beta1, "in [0, 1)");
  require(settings.beta2 >= 0 && settings.beta2 < 1, "beta2", settings.beta2, "in [0, 1)");
  require(settings.eps > 0, "eps", settings.eps, "above 0");
  for (const Parameter& parameter : std::as_const(*this).parameters()) {
    state_.m.emplace_back(parameter.variable.shape());
    state_.v.emplace_back(parameter.variable.shape());
  }
}

void Adam::step() {
  const Factors f = factors(settings_, ++state_.n_steps);
  List<Place> places;
  Index n_numbers = 0;
  for (std::size_t k = 0; k < parameters().size(); ++k) {
    if (!parameters()[k].trainable) continue;
    Variable& variable = parameters()[k].variable;
    const Index size = variable.value().size();
    places.push_back({n_numbers, size, variable.gradient().data(), state_.m[k].data(), state_.v[k].data(),
                      variable.mutable_value().data()});
    n_numbers += size;
  }
  // Blocks of all numbers in a row: cutting each parameter apart, two blocks and a rest, would leave one of two threads waiting.
  for_each_block(n_numbers, [&](Index begin, Index end) {
    for (const Place& place : places) {
      update(f, place, std::max<Index>(begin - place.first, 0), std::min(end - place.first, place.size));
    }
  });
}

void Adam::set_learning_rate(double learning_rate) {
  require(learning_rate >= 0, "learning_rate", learning_rate, "at least 0");
  settings_.learning_rate = learning_rate;
}

void Adam::set_state(AdamState state) {
  bool fits = state.n_steps >= 0 && state.m.size() == parameters().size() && state.v.size() == parameters().size();
  for (std::size_t k = 0; fits && k < parameters().size(); ++k) {
    const Shape& shape = parameters()[k].variable.shape();
    fits = state.m[k].shape() == shape && state.v[k].shape() == shape;
  }
  if (!fits) throw std::invalid_argument("Adam::set_state: state: must hold m and v for each parameter, in its shape");
  state_ = std::move(state);
}

}  // namespace autodiff
