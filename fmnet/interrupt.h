// Ctrl-C as a request instead of an end: long work looks at interrupt_requested() between steps, writes what must not be
// lost and returns.
//
//   InterruptGuard guard;
//   while (!interrupt_requested()) step();
//
// While a guard lives, the first SIGINT or SIGTERM sets the request; a second one, of either kind, ends the program at once
// by that signal. A signal that is ignored when the guard begins stays ignored (nohup, a job of a shell's background).
// A guard's beginning clears the request, its end restores the handlers that its beginning found.
#pragma once

#include <csignal>

namespace fmnet {

class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction previous_interrupt_, previous_terminate_;
};

bool interrupt_requested();

}  // namespace fmnet
