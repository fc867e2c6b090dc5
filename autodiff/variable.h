// Reverse-mode differentiation: a value, where it came from, and how a gradient flows back.
//
// An operation y = f(x_1, x_2, ...) makes a node that holds y, its parents x_i, and a rule. With the scalar L that the
// computation ends in, and the gradient dy = dL/dy of the same shape as y, the rule adds to each parent
//
//   dx_i += (df/dx_i)^T dy                                                        (1)
//
// backward(L) starts from dL = 1 and applies the rules in an order in which every node comes after all nodes that use
// it, so that its gradient is complete. Gradients add, always: a variable used twice receives both contributions, and a
// second backward() adds to what the first left, until clear_gradient().
//
// A Variable is a handle: copies mean the same node. Only leaves (variables made from a tensor) keep their gradient; the
// gradient of an inner node is used up by its rule, and its memory serves the next one. A rule holds its inputs, never
// its output (that would be a cycle, and the graph would live for ever): value and gradient of the output are handed to
// it. The graph lives as long as a handle to its end does.
//
// The order of the rules depends on the graph alone, and so do all sums: the same bits on any number of threads.
//
//   Variable a(Tensor({1, 1, 1, 1}, {3}), true);
//   backward(mse_loss(a, Tensor({1, 1, 1, 1}, {1})));   // L = (a - 1)^2
//   a.gradient()[0];                                    // 4
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

#include "autodiff/tensor.h"

namespace autodiff {

// A function of the value and the gradient of the output; may use the memory of the gradient for what it passes on. What
// it has captured lies in the pool (buffer_pool.h), which std::function cannot do.
class BackwardRule {
 public:
  BackwardRule() = default;
  template <class Function>
  requires(!std::same_as<Function, BackwardRule>) BackwardRule(Function function)
      : function_(make_pooled<Function>(std::move(function))),
        call_([](const void* f, const Tensor& y, Tensor dy) { (*static_cast<const Function*>(f))(y, std::move(dy)); }) {
  }

  explicit operator bool() const { return function_ != nullptr; }
  void operator()(const Tensor& y, Tensor dy) const { call_(function_.get(), y, std::move(dy)); }

 private:
  std::shared_ptr<const void> function_;
  void (*call_)(const void* function, const Tensor& y, Tensor dy) = nullptr;
};

class Variable {
 public:
  explicit Variable(Tensor value, bool requires_gradient = false);

  const Tensor& value() const;
  const Shape& shape() const { return value().shape(); }
  // For optimizers and for finite differences. A graph made before the change must not be used for backward().
  Tensor& mutable_value();
  // How often mutable_value() was called: what was derived from the value at one version holds as long as that does.
  std::int64_t version() const;

  bool requires_gradient() const;
  // Zeros if nothing has arrived.
  const Tensor& gradient() const;
  void clear_gradient();

  // What rules call. add_to_gradient takes a finished contribution; gradient_sum is the place for a rule that adds by
  // itself. Both only where requires_gradient() holds.
  void add_to_gradient(Tensor contribution) const;
  Tensor& gradient_sum() const;

  // The result of an operation. Parents and rule are dropped where no parent requires a gradient, or where recording is
  // off; the result is then a leaf that requires none.
  static Variable result_of(Tensor value, List<Variable> parents, BackwardRule rule);

  bool operator==(const Variable& other) const { return node_ == other.node_; }

 private:
  struct Node;
  friend void backward(const Variable& y, Tensor dy);

  std::shared_ptr<Node> node_;
};

// Would the result of an operation on these keep its rule? If not, nothing need be kept for the way back.
bool is_recorded(const List<Variable>& parents);

// Adds dL/dx to the gradient of every leaf x of the graph below the scalar L that requires one.
// std::invalid_argument if L has more than one element or no leaf below it requires a gradient.
void backward(const Variable& scalar);

// The same from a given dL/dy: adds (dy/dx)^T dy.
void backward(const Variable& y, Tensor dy);

// While one lives, operations of this thread record nothing: prediction needs no graph.
class RecordingOff {
 public:
  RecordingOff();
  ~RecordingOff();
  RecordingOff(const RecordingOff&) = delete;
  RecordingOff& operator=(const RecordingOff&) = delete;

 private:
  bool was_recording_;
};

}  // namespace autodiff
