#include "autodiff/module.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace autodiff {

std::vector<Parameter> Module::parameters() const {
  std::vector<Parameter> all = parameters_;
  for (const Child& child : children_) {
    for (Parameter parameter : child.module->parameters()) {
      parameter.name = child.name + "." + parameter.name;
      all.push_back(std::move(parameter));
    }
  }
  return all;
}

std::vector<Buffer> Module::buffers() const {
  std::vector<Buffer> all = buffers_;
  for (const Child& child : children_) {
    for (const Buffer& buffer : child.module->buffers()) all.push_back({child.name + "." + buffer.name, buffer.tensor});
  }
  return all;
}

Index Module::n_parameters() const {
  Index sum = 0;
  for (const Parameter& parameter : parameters()) sum += parameter.variable.value().size();
  return sum;
}

Variable Module::add_parameter(const std::string& name, Tensor initial) {
  require_new_name(name);
  parameters_.push_back({name, Variable(std::move(initial), true)});
  return parameters_.back().variable;
}

void Module::add_buffer(const std::string& name, Tensor& tensor) {
  require_new_name(name);
  buffers_.push_back({name, &tensor});
}

void Module::add_child_module(const std::string& name, std::shared_ptr<Module> child) {
  require_new_name(name);
  if (child == nullptr) throw std::invalid_argument("Module: child " + name + " = nullptr: must be a module");
  children_.push_back({name, std::move(child)});
}

void Module::require_new_name(const std::string& name) const {
  const auto same = [&name](const auto& item) { return item.name == name; };
  const bool taken = std::any_of(parameters_.begin(), parameters_.end(), same) ||
                     std::any_of(buffers_.begin(), buffers_.end(), same) ||
                     std::any_of(children_.begin(), children_.end(), same);
  if (taken || name.empty() || name.find('.') != std::string::npos) {
    throw std::invalid_argument("Module: name = \"" + name + "\": must be new in its module, not empty, without a dot");
  }
}

void Module::set_training(bool training) {
  is_training_ = training;
  for (const Child& child : children_) child.module->set_training(training);
}

Sequential& Sequential::add(const std::string& name, std::shared_ptr<Module> module) {
  modules_.push_back(add_child(name, std::move(module)));
  return *this;
}

Variable Sequential::forward(const Variable& x) {
  Variable y = x;
  for (const auto& module : modules_) y = module->forward(y);
  return y;
}

}  // namespace autodiff
