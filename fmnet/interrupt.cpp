#include "fmnet/interrupt.h"

#include <atomic>

namespace fmnet {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void on_signal(int number) {
  if (!requested.exchange(true)) return;
  std::signal(number, SIG_DFL);
  std::raise(number);  // delivered when this handler returns
}

void handle(int number, struct sigaction& previous) {
  sigaction(number, nullptr, &previous);
  if (previous.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  requested = false;
  handle(SIGINT, previous_interrupt_);
  handle(SIGTERM, previous_terminate_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &previous_interrupt_, nullptr);
  sigaction(SIGTERM, &previous_terminate_, nullptr);
}

bool interrupt_requested() { return requested; }

}  // namespace fmnet
