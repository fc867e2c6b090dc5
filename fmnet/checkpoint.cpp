#include "fmnet/checkpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <system_error>

#include "data/atomic_file.h"
#include "fmnet/safetensors.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using autodiff::Real;
using autodiff::Tensor;

constexpr const char* weights_format = "fmnet-weights 1";
constexpr const char* state_format = "fmnet-training-state 1";
constexpr StoredType real_type = sizeof(Real) == sizeof(float) ? StoredType::f32 : StoredType::f64;
constexpr const char* sums_name = "loss_sums";

// One number per channel is stored as a vector, a kernel as KH x KW x C_in x C_out.
std::vector<std::int64_t> stored_shape(const autodiff::Shape& shape) {
  if (shape.n == 1 && shape.h == 1 && shape.w == 1) return {shape.c};
  return {shape.n, shape.h, shape.w, shape.c};
}

NamedArray stored(const std::string& name, const Tensor& tensor) {
  NamedArray array{name, stored_shape(tensor.shape()), real_type, {}};
  array.values.assign(tensor.data(), tensor.data() + tensor.size());
  return array;
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

// Takes the arrays of a file one after the other, each of which must be the expected one.
class ArrayTaker {
 public:
  ArrayTaker(const Safetensors& content, const std::string& source) : content_(content), source_(source) {}

  const NamedArray& take(const std::string& name, const std::vector<std::int64_t>& shape) {
    if (next_ == content_.arrays.size()) {
      throw propagator::InputError(source_, "", "", "", "array " + name + " is missing");
    }
    const NamedArray& array = content_.arrays[next_++];
    if (array.name != name) {
      throw propagator::InputError(source_, fmt::format("array {}", next_), "name", array.name, "must be " + name);
    }
    if (array.shape != shape) {
      throw propagator::InputError(source_, name, "shape", text_of(array.shape), "must be " + text_of(shape));
    }
    return array;
  }

  void take_into(const std::string& name, Tensor& tensor) {
    const NamedArray& array = take(name, stored_shape(tensor.shape()));
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      tensor[static_cast<autodiff::Index>(i)] = static_cast<Real>(array.values[i]);
    }
  }

  void finish() const {
    if (next_ == content_.arrays.size()) return;
    throw propagator::InputError(source_, fmt::format("array {}", next_ + 1), "name", content_.arrays[next_].name,
                                 "one array too many");
  }

 private:
  const Safetensors& content_;
  const std::string& source_;
  std::size_t next_ = 0;
};

void store_network(const FmNet& network, std::vector<NamedArray>& arrays) {
  for (const autodiff::Parameter& p : network.parameters()) arrays.push_back(stored(p.name, p.variable.value()));
  for (const autodiff::Buffer& b : network.buffers()) arrays.push_back(stored(b.name, *b.tensor));
}

void take_network(ArrayTaker& taker, FmNet& network, const std::string& source) {
  for (autodiff::Parameter& p : network.parameters()) taker.take_into(p.name, p.variable.mutable_value());
  for (const autodiff::Buffer& b : network.buffers()) {
    taker.take_into(b.name, *b.tensor);
    if (!b.name.ends_with("running_variance")) continue;
    for (autodiff::Index i = 0; i < b.tensor->size(); ++i) {
      if ((*b.tensor)[i] >= Real{0}) continue;
      throw propagator::InputError(source, b.name, fmt::format("value {}", i), fmt::format("{}", (*b.tensor)[i]),
                                   "a variance must not be negative");
    }
  }
}

std::string metadata_entry(const Safetensors& content, const std::string& key, const std::string& source) {
  const auto found = content.metadata.find(key);
  if (found == content.metadata.end()) {
    throw propagator::InputError(source, "__metadata__", "", "", "key " + key + " is missing");
  }
  return found->second;
}

void require_format(const Safetensors& content, const std::string& format, const std::string& source) {
  const std::string found = metadata_entry(content, "format", source);
  if (found != format) throw propagator::InputError(source, "__metadata__", "format", found, "must be " + format);
}

std::int64_t step_of(const Safetensors& content, const std::string& source) {
  const std::string text = metadata_entry(content, "n_steps", source);
  std::int64_t step = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
  if (error != std::errc() || end != text.data() + text.size() || step < 0) {
    throw propagator::InputError(source, "__metadata__", "n_steps", text, "must be a whole number, not negative");
  }
  return step;
}

Config config_of(const Safetensors& content, const std::string& source) {
  return parse_training_toml(metadata_entry(content, "config", source), source + " (configuration inside)");
}

// False where there is nothing to move.
bool move_aside(const std::string& path, const std::string& to) {
  if (!std::filesystem::exists(path)) return false;
  std::error_code failure;
  std::filesystem::rename(path, to, failure);
  if (failure) throw propagator::OutputError(path, "moving it aside to " + to, failure.message());
  return true;
}

TrainingState take_state(const Safetensors& content, const std::string& path, FmNet& network, autodiff::Adam& adam,
                         const Config& config) {
  require_format(content, state_format, path);
  require_agreement(config_of(content, path), path, config, Agreement::training);
  ArrayTaker taker(content, path);
  if (!content.arrays.empty() && content.arrays.front().type != real_type) {
    throw propagator::InputError(path, content.arrays.front().name, "", "",
                                 "the training ran in another precision: only the same build can go on with it");
  }
  take_network(taker, network, path);
  autodiff::AdamState optimizer = adam.state();
  const std::vector<autodiff::Parameter> parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) taker.take_into("adam.m." + parameters[i].name, optimizer.m[i]);
  for (std::size_t i = 0; i < parameters.size(); ++i) taker.take_into("adam.v." + parameters[i].name, optimizer.v[i]);
  const std::vector<double>& sums = taker.take(sums_name, {4}).values;
  taker.finish();
  TrainingState state{step_of(content, path), sums[0], sums[1], static_cast<std::int64_t>(sums[2]),
                      static_cast<std::int64_t>(sums[3])};
  optimizer.n_steps = state.step;
  adam.set_state(std::move(optimizer));
  return state;
}

}  // namespace

std::string weights_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "weights.safetensors").string();
}
std::string state_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "state.safetensors").string();
}
std::string previous_state_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "state.previous.safetensors").string();
}

std::string damaged_state_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "state.damaged.safetensors").string();
}

bool has_state(const std::string& directory) {
  return std::filesystem::exists(state_path(directory)) || std::filesystem::exists(previous_state_path(directory));
}

void save_weights(const std::string& path, const FmNet& network, const Config& config, std::int64_t n_steps) {
  Safetensors content;
  content.metadata = {
      {"format", weights_format}, {"config", training_toml(config)}, {"n_steps", std::to_string(n_steps)}};
  store_network(network, content.arrays);
  write_safetensors(path, content);
}

Weights load_weights(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw propagator::InputError(path, "", "", "", "weights file does not exist: 'fmnet train' makes it");
  }
  const Safetensors content = read_safetensors(path);
  require_format(content, weights_format, path);
  Weights weights;
  weights.config = config_of(content, path);
  weights.n_steps = step_of(content, path);
  weights.network = std::make_shared<FmNet>(weights.config.seed, weights.config.network.running_variance);
  ArrayTaker taker(content, path);
  take_network(taker, *weights.network, path);
  taker.finish();
  weights.network->set_execution({true, weights.config.training.convolution});
  weights.network->eval();
  return weights;
}

void save_state(const std::string& directory, const FmNet& network, const autodiff::Adam& adam, const Config& config,
                const TrainingState& state) {
  Safetensors content;
  content.metadata = {
      {"format", state_format}, {"config", training_toml(config)}, {"n_steps", std::to_string(state.step)}};
  store_network(network, content.arrays);
  const std::vector<autodiff::Parameter> parameters = network.parameters();
  const autodiff::AdamState& optimizer = adam.state();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    content.arrays.push_back(stored("adam.m." + parameters[i].name, optimizer.m[i]));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    content.arrays.push_back(stored("adam.v." + parameters[i].name, optimizer.v[i]));
  }
  content.arrays.push_back({sums_name,
                            {4},
                            StoredType::f64,
                            {state.interval_loss_sum, state.epoch_loss_sum, static_cast<double>(state.interval_steps),
                             static_cast<double>(state.epoch_steps)}});
  data::replace_file_keeping_previous(state_path(directory), previous_state_path(directory),
                                      safetensors_bytes(content));
}

TrainingState load_state(const std::string& directory, FmNet& network, autodiff::Adam& adam, const Config& config,
                         std::string& message) {
  message.clear();
  const std::string last = state_path(directory), previous = previous_state_path(directory);
  Safetensors content;
  std::string damage;
  try {
    content = read_safetensors(last);
  } catch (const propagator::InputError& error) {
    if (!std::filesystem::exists(previous)) throw;
    content = read_safetensors(previous);
    damage = error.what();
  }
  if (damage.empty()) return take_state(content, last, network, adam, config);
  const TrainingState state = take_state(content, previous, network, adam, config);
  message = fmt::format("{}; going on from the state before it, {}", damage, previous);
  if (move_aside(last, damaged_state_path(directory))) {
    message += fmt::format("; the damaged one is now {}", damaged_state_path(directory));
  }
  return state;
}

}  // namespace fmnet
