// Tables of text with a fixed number of named columns (data/text_table.h), read row by row: those that this program wrote, and
// the list of published mechanisms. The columns' names stand in the messages.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/text_table.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {

struct TableForm {
  std::vector<std::string> columns;
  std::string rule;  // ends the message "must be 9" to a line with another number of columns
  std::uint64_t max_bytes;
};

class TableRow {
 public:
  TableRow(const std::string& path, const TableForm& form, const data::TableLine& line);

  std::string_view text(std::size_t column) const { return line_.columns[column]; }
  double number(std::size_t column, double low, double high) const;
  // Nothing where the column is "-".
  std::optional<double> maybe(std::size_t column, double low, double high) const;
  // Strike, dip and rake in degrees in three columns from this one on.
  propagator::FocalMechanism mechanism(std::size_t column) const;

 private:
  const std::string& path_;
  const TableForm& form_;
  const data::TableLine& line_;
};

// Throws InputError with file, line, field and rule where the file cannot be read, is larger than form.max_bytes, or a line has
// another number of columns.
void for_each_row(const std::string& path, const TableForm& form, const std::function<void(const TableRow&)>& use);

}  // namespace fmnet
