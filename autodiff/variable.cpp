#include "autodiff/variable.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>

namespace autodiff {
namespace {

thread_local bool recording = true;

}  // namespace

struct Variable::Node {
  Tensor value;
  Tensor gradient;  // empty until something arrives
  bool requires_gradient = false;
  std::int64_t version = 0;
  List<Variable> parents;
  BackwardRule rule;

  explicit Node(Tensor v) : value(std::move(v)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  bool is_leaf() const { return !rule; }
};

// The default destructor would destroy a long chain by recursion, one stack frame a node. Here a node that is about to
// die first hands its parents to a list, and each of them that nobody else holds does the same.
Variable::Node::~Node() {
  rule = {};
  List<Variable> pending = std::move(parents);
  while (!pending.empty()) {
    const Variable next = std::move(pending.back());
    pending.pop_back();
    if (next.node_.use_count() > 1) continue;
    next.node_->rule = {};
    std::move(next.node_->parents.begin(), next.node_->parents.end(), std::back_inserter(pending));
    next.node_->parents.clear();
  }
}

Variable::Variable(Tensor value, bool requires_gradient) : node_(make_pooled<Node>(std::move(value))) {
  node_->requires_gradient = requires_gradient;
}

const Tensor& Variable::value() const { return node_->value; }
Tensor& Variable::mutable_value() {
  ++node_->version;
  return node_->value;
}
std::int64_t Variable::version() const { return node_->version; }
bool Variable::requires_gradient() const { return node_->requires_gradient; }
const Tensor& Variable::gradient() const { return gradient_sum(); }
void Variable::clear_gradient() { node_->gradient = Tensor(); }

Tensor& Variable::gradient_sum() const {
  if (node_->gradient.empty()) node_->gradient = Tensor(shape());
  return node_->gradient;
}

void Variable::add_to_gradient(Tensor contribution) const {
  if (!(contribution.shape() == shape())) {
    throw std::invalid_argument("Variable::add_to_gradient: shape of the contribution = " +
                                to_string(contribution.shape()) + ": must be that of the value, " + to_string(shape()));
  }
  if (node_->gradient.empty()) {
    node_->gradient = std::move(contribution);
  } else {
    add_to(node_->gradient, contribution);
  }
}

Variable Variable::result_of(Tensor value, List<Variable> parents, BackwardRule rule) {
  Variable y(std::move(value));
  if (is_recorded(parents)) {
    y.node_->requires_gradient = true;
    y.node_->parents = std::move(parents);
    y.node_->rule = std::move(rule);
  }
  return y;
}

bool is_recorded(const List<Variable>& parents) {
  return recording &&
         std::any_of(parents.begin(), parents.end(), [](const Variable& parent) { return parent.requires_gradient(); });
}

void backward(const Variable& scalar) {
  if (scalar.value().size() != 1) {
    throw std::invalid_argument("backward: shape = " + to_string(scalar.shape()) +
                                ": must be a scalar, or give the gradient to start from");
  }
  Tensor one(scalar.shape());
  one[0] = 1;
  backward(scalar, std::move(one));
}

void backward(const Variable& y, Tensor dy) {
  using Node = Variable::Node;
  if (!y.requires_gradient()) {
    throw std::invalid_argument("backward: no variable below the result requires a gradient");
  }
  y.add_to_gradient(std::move(dy));

  // Depth-first search: a node is listed once all its parents are, so that the reversed list begins with y.
  struct Visit {
    Node* node;
    std::size_t next_parent;
  };
  List<Node*> parents_first;
  std::unordered_set<const Node*, std::hash<const Node*>, std::equal_to<const Node*>, PoolAllocator<const Node*>> seen{
      y.node_.get()};
  List<Visit> stack{{y.node_.get(), 0}};
  while (!stack.empty()) {
    Visit& top = stack.back();
    if (top.next_parent == top.node->parents.size()) {
      parents_first.push_back(top.node);
      stack.pop_back();
      continue;
    }
    Node* const parent = top.node->parents[top.next_parent++].node_.get();
    if (parent->requires_gradient && seen.insert(parent).second) stack.push_back({parent, 0});
  }

  for (auto node = parents_first.rbegin(); node != parents_first.rend(); ++node) {
    if (!(*node)->is_leaf()) (*node)->rule((*node)->value, std::move((*node)->gradient));  // (1)
  }
}

RecordingOff::RecordingOff() : was_recording_(std::exchange(recording, false)) {}
RecordingOff::~RecordingOff() { recording = was_recording_; }

}  // namespace autodiff
