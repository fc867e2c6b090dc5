#include "fmnet/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace fmnet {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds terminal_interval{500};
constexpr std::chrono::seconds file_interval{30};

// Unlike fmt::print, never an exception: what cannot be told must not end the work that it tells of.
void write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

std::string duration_text(double seconds) {
  if (!(seconds >= 0.0 && std::isfinite(seconds))) return "-";
  const auto s = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{} h {:02} min", s / 3600, s % 3600 / 60);
  return fmt::format("{} d {:02} h", s / 86400, s % 86400 / 3600);
}

std::string progress_text(const TrainingProgress& p) {
  return fmt::format("epoch {}/{}  step {}/{}  loss {:.5f}  {:.0f} samples/s  {} left", p.epoch, p.n_epochs, p.step,
                     p.n_steps, p.loss, p.samples_per_s, duration_text(p.seconds_left));
}

ProgressLine::ProgressLine(bool enabled)
    : enabled_(enabled), terminal_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + terminal_interval) {}

ProgressLine::~ProgressLine() {
  if (unfinished_) write("\n");
}

void ProgressLine::show(const std::string& text) {
  if (!enabled_ || Clock::now() < next_) return;
  if (terminal_) {
    write("\r\x1b[K" + text);
    unfinished_ = true;
    next_ = Clock::now() + terminal_interval;
  } else {
    write(text + "\n");
    next_ = Clock::now() + file_interval;
  }
}

void ProgressLine::keep(const std::string& text) {
  if (!enabled_) return;
  write((unfinished_ ? "\r\x1b[K" : "") + text + "\n");
  unfinished_ = false;
}

std::function<void(double)> shown_progress(ProgressLine& line, const std::string& what) {
  const auto start = Clock::now();
  double first = -1.0;
  return [&line, what, start, first](double fraction_done) mutable {
    const std::chrono::duration<double> so_far = Clock::now() - start;
    if (first < 0.0) first = fraction_done;
    const double left = fraction_done > first ? so_far.count() * (1.0 - fraction_done) / (fraction_done - first) : -1.0;
    const std::string text = fmt::format("{}  {:.0f} %  {} left", what, 100.0 * fraction_done, duration_text(left));
    if (fraction_done < 1.0) {
      line.show(text);
    } else {
      line.keep(fmt::format("{}  done in {}", what, duration_text(so_far.count())));
    }
  };
}

}  // namespace fmnet
