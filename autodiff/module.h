// A part of a network: parameters, buffers, and smaller modules inside, with a function from input to output.
//
// Names are paths: the parameter "weight" of the child "conv1" is "conv1.weight". parameters() and buffers() list them
// in the order of registration, own ones first: the order of checkpoints and of the optimizer, the same in every run.
//
//   Parameter   what training changes; trainable = false in the list that an optimizer is given keeps its hands off
//   buffer      what training records without a gradient: the running averages of batch normalisation
//
// A module is made in training mode; train() and eval() say which mode holds, for itself and everything inside.
// Nothing else changes the mode.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autodiff/variable.h"

namespace autodiff {

struct Parameter {
  std::string name;
  Variable variable;
  bool trainable = true;
};

struct Buffer {
  std::string name;
  Tensor* tensor;  // owned by the module
};

class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  virtual Variable forward(const Variable& x) = 0;

  void train() { set_training(true); }
  void eval() { set_training(false); }
  bool is_training() const { return is_training_; }

  std::vector<Parameter> parameters() const;
  std::vector<Buffer> buffers() const;
  // Numbers in all parameters together.
  Index n_parameters() const;

 protected:
  // Names must be new in this module, not empty and without a dot (std::invalid_argument otherwise).
  Variable add_parameter(const std::string& name, Tensor initial);
  // The tensor must live as long as the module: a member of the derived class.
  void add_buffer(const std::string& name, Tensor& tensor);
  template <class Child>
  std::shared_ptr<Child> add_child(const std::string& name, std::shared_ptr<Child> child) {
    add_child_module(name, child);
    return child;
  }

 private:
  struct Child {
    std::string name;
    std::shared_ptr<Module> module;
  };

  void add_child_module(const std::string& name, std::shared_ptr<Module> child);
  void require_new_name(const std::string& name) const;
  void set_training(bool training);

  bool is_training_ = true;
  std::vector<Parameter> parameters_;
  std::vector<Buffer> buffers_;
  std::vector<Child> children_;
};

// Modules in a row: the output of each is the input of the next.
class Sequential : public Module {
 public:
  // Appends; returns *this, so that calls can be chained.
  Sequential& add(const std::string& name, std::shared_ptr<Module> module);
  Variable forward(const Variable& x) override;

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};

}  // namespace autodiff
