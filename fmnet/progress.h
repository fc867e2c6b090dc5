// The line on stderr that tells how far long work is, how fast it goes and when it will end.
//
//   epoch 3/50  step 12000/49208  loss 0.01234  412 samples/s  17 h 05 min left
//   Green's functions  34 %  45 s left
//
// On a terminal the line is rewritten in place, twice a second at most; in a file one line is written every 30 seconds.
// A text that cannot be written (stderr closed, its disk full) is lost, and the work goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace fmnet {

struct TrainingProgress {
  int epoch, n_epochs;         // the epoch counts from 1
  std::int64_t step, n_steps;  // within the epoch
  double loss;
  double samples_per_s;
  double seconds_left;
};

// "45 s", "12 min 03 s", "17 h 05 min", "3 d 04 h"; "-" for what is not finite or negative.
std::string duration_text(double seconds);
std::string progress_text(const TrainingProgress& progress);

class ProgressLine {
 public:
  explicit ProgressLine(bool enabled);
  ~ProgressLine();  // ends an unfinished line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Shows the text if it is time to.
  void show(const std::string& text);
  // Shows the text as a line that stays.
  void keep(const std::string& text);

 private:
  bool enabled_, terminal_;
  bool unfinished_ = false;
  std::chrono::steady_clock::time_point next_;
};

// Shows on `line` the share that is done, from 0 to 1, and the time that is left by the time so far; at 1 the line stays. The
// share at the first call, the most of which an earlier run may have done, tells nothing of the time.
std::function<void(double fraction_done)> shown_progress(ProgressLine& line, const std::string& what);

}  // namespace fmnet
