#include "fmnet/training_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "data/atomic_file.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::uint64_t max_log_bytes = std::uint64_t{1} << 28;
constexpr std::size_t n_columns = 7;
constexpr std::string_view nothing = "-";

template <class Number>
bool parse(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> columns;
  for (std::size_t begin = 0;;) {
    const std::size_t tab = line.find('\t', begin);
    columns.push_back(line.substr(begin, tab - begin));
    if (tab == std::string_view::npos) return columns;
    begin = tab + 1;
  }
}

bool parse_row(std::string_view line, LogRow& row) {
  const std::vector<std::string_view> columns = split(line);
  if (columns.size() != n_columns) return false;
  if (!parse(columns[0], row.step) || !parse(columns[1], row.epoch) || !parse(columns[2], row.training_loss))
    return false;
  row.validation.reset();
  if (columns[3] != nothing) {
    Validation v{};
    if (!parse(columns[3], v.loss) || !parse(columns[4], v.kagan_share_20) || !parse(columns[5], v.kagan_median_deg)) {
      return false;
    }
    row.validation = v;
  }
  return parse(columns[6], row.samples_per_s);
}

// The rows of complete lines; what follows the last line end is dropped.
std::vector<LogRow> parse_log(std::string_view text, const std::string& path) {
  std::vector<LogRow> rows;
  std::int64_t line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::string place = fmt::format("line {}", ++line_number);
    if (line_number == 1) {
      if (std::string(line) + "\n" != log_header()) {
        throw propagator::InputError(path, place, "", "", "not the heading of a training log");
      }
      continue;
    }
    LogRow row;
    if (!parse_row(line, row)) {
      throw propagator::InputError(path, place, "", "", fmt::format("must hold {} numbers apart by tabs", n_columns));
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string log_header() {
  return "step\tepoch\ttraining_loss\tvalidation_loss\tkagan_share_20\tkagan_median_deg\tsamples_per_s\n";
}

std::string log_line(const LogRow& row) {
  const std::string validation = row.validation
                                     ? fmt::format("{}\t{}\t{}", row.validation->loss, row.validation->kagan_share_20,
                                                   row.validation->kagan_median_deg)
                                     : "-\t-\t-";
  return fmt::format("{}\t{}\t{}\t{}\t{:.1f}\n", row.step, row.epoch, row.training_loss, validation, row.samples_per_s);
}

std::vector<LogRow> read_training_log(const std::string& path) {
  return parse_log(data::read_whole_file(path, max_log_bytes), path);
}

TrainingLog::TrainingLog(std::string path, std::int64_t last_step) : path_(std::move(path)) {
  std::string text = log_header();
  if (last_step > 0 && std::filesystem::exists(path_)) {
    for (const LogRow& row : read_training_log(path_)) {
      if (row.step <= last_step) text += log_line(row);
    }
  }
  data::write_file_atomically(path_, text);
}

void TrainingLog::append(const LogRow& row) const {
  const std::string line = log_line(row);
  const int file = open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) throw propagator::OutputError(path_, "cannot append to the log", std::strerror(errno));
  ssize_t written = 0;
  do {
    written = write(file, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  const bool complete = written == static_cast<ssize_t>(line.size());
  const std::string reason = written < 0 ? std::strerror(errno) : "the disk is full";
  const bool synchronised = !complete || !row.validation || fsync(file) == 0;
  close(file);
  if (!complete) throw propagator::OutputError(path_, "cannot append to the log", reason);
  if (!synchronised) throw propagator::OutputError(path_, "cannot synchronise the log", std::strerror(errno));
}

}  // namespace fmnet
