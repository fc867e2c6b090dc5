// Adam (Kingma & Ba, 2015, algorithm 1): each parameter p moves by a step of about the learning rate, against its
// gradient g averaged over the last 1/(1-b1) steps, measured by the root mean square over the last 1/(1-b2). Step t:
//
//   m = b1 m + (1 - b1) g                                                         (1)
//   v = b2 v + (1 - b2) g^2                                                       (2)
//
// m and v begin at zero, hence too small by 1 - b1^t and 1 - b2^t. Two forms correct this:
//
//   paper   p = p - lr  m_hat / (sqrt(v_hat) + eps),   m_hat = m / (1 - b1^t),  v_hat = v / (1 - b2^t)      (3)
//   keras   p = p - lr sqrt(1 - b2^t) / (1 - b1^t)  m / (sqrt(v) + eps)                                     (4)
//
// (4) is the cheaper form at the end of section 2 of the paper, and what Keras does. They agree where sqrt(v) >> eps;
// eps weighs 1 / sqrt(1 - b2^t) times more in (4), 32 times at the first step, which matters where |g| is not >> eps.
//
// A parameter to which no gradient came has g = 0: its averages decay. (1) to (4) run in Real, the factors in double.
// The result does not depend on the number of threads.
#pragma once

#include <cstdint>

#include "autodiff/optimizer.h"

namespace autodiff {

enum class AdamForm { keras, paper };

struct AdamSettings {
  double learning_rate = 1e-3;  // lr
  double beta1 = 0.9;           // b1
  double beta2 = 0.999;         // b2
  double eps = 1e-8;
  AdamForm form = AdamForm::keras;
};

// All that is needed to go on as if never stopped; m and v in the order of the parameters.
struct AdamState {
  std::int64_t n_steps = 0;  // t
  std::vector<Tensor> m, v;
};

class Adam : public Optimizer {
 public:
  // std::invalid_argument unless learning_rate >= 0, 0 <= beta < 1, eps > 0.
  explicit Adam(std::vector<Parameter> parameters, const AdamSettings& settings = {});

  void step() override;

  const AdamSettings& settings() const { return settings_; }
  void set_learning_rate(double learning_rate);

  const AdamState& state() const { return state_; }
  // std::invalid_argument unless shapes and order are those of the parameters.
  void set_state(AdamState state);

 private:
  AdamSettings settings_;
  AdamState state_;
};

}  // namespace autodiff
