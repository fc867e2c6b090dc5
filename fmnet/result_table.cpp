#include "fmnet/result_table.h"

#include <fmt/format.h>

#include "data/atomic_file.h"
#include "propagator/errors.h"

namespace fmnet {

TableRow::TableRow(const std::string& path, const TableForm& form, const data::TableLine& line)
    : path_(path), form_(form), line_(line) {
  if (line.columns.size() != form.columns.size()) {
    throw propagator::InputError(path, fmt::format("line {}", line.number), "columns",
                                 std::to_string(line.columns.size()),
                                 fmt::format("must be {}{}", form.columns.size(), form.rule));
  }
}

double TableRow::number(std::size_t column, double low, double high) const {
  return data::parse_number(line_.columns[column], low, high,
                            {path_, fmt::format("line {}", line_.number), form_.columns[column]});
}

std::optional<double> TableRow::maybe(std::size_t column, double low, double high) const {
  if (line_.columns[column] == "-") return std::nullopt;
  return number(column, low, high);
}

propagator::FocalMechanism TableRow::mechanism(std::size_t column) const {
  return {number(column, 0.0, 360.0), number(column + 1, 0.0, 90.0), number(column + 2, -180.0, 180.0)};
}

void for_each_row(const std::string& path, const TableForm& form, const std::function<void(const TableRow&)>& use) {
  const std::string text = data::read_whole_file(path, form.max_bytes);
  for (const data::TableLine& line : data::table_lines(text)) use(TableRow(path, form, line));
}

}  // namespace fmnet
