// The history of a training as a text table (TSV): one row every 100 steps and one at the end of each epoch.
//
//   step  epoch  training_loss  validation_loss  kagan_share_20  kagan_median_deg  samples_per_s
//
// step counts from the start of the training, epoch from 1. training_loss is the mean over the steps since the last row
// of its kind: of the last 100 steps, or, where a validation_loss stands, of the whole epoch. The three validation
// columns are "-" between epochs. All columns but the last are the same bits however often the training was interrupted.
//
// A row is appended with one write and synchronised with the disk at the end of an epoch. After a stop the rows beyond the
// checkpoint, and a row cut off in the middle, are removed: the steps they tell of are computed again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fmnet {

struct Validation {
  double loss;
  double kagan_share_20;
  double kagan_median_deg;
};

struct LogRow {
  std::int64_t step = 0;
  int epoch = 0;
  double training_loss = 0.0;
  std::optional<Validation> validation;
  double samples_per_s = 0.0;
};

std::string log_header();
std::string log_line(const LogRow& row);

// All rows; InputError with file and line for one that is not understood.
std::vector<LogRow> read_training_log(const std::string& path);

class TrainingLog {
 public:
  // Begins at `path`, keeping the rows of an earlier part of the training up to `last_step` (0: begins anew).
  TrainingLog(std::string path, std::int64_t last_step);
  // OutputError when the row cannot be written.
  void append(const LogRow& row) const;

 private:
  std::string path_;
};

}  // namespace fmnet
