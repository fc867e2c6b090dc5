#include "data/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "data/records/codes.h"
#include "propagator/errors.h"

namespace data {

namespace {

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

std::vector<std::string_view> split_at_blanks(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::vector<std::string_view> columns;
  std::size_t begin = line.find_first_not_of(blanks);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
    columns.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(blanks, end);
  }
  return columns;
}

std::vector<TableLine> table_lines(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == byte_order_mark) text.remove_prefix(3);
  std::vector<TableLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::vector<std::string_view> columns = split_at_blanks(line.substr(0, line.find('#')));
    if (!columns.empty()) lines.push_back({number, std::move(columns)});
  }
  return lines;
}

double parse_number(std::string_view text, double low, double high, const FieldPlace& where, const std::string& hint) {
  double value = 0.0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && stop == text.data() + text.size() && std::isfinite(value);
  if (!is_number || value < low || value > high) {
    const std::string what = is_number ? "must lie" : "must be a decimal number";
    throw propagator::InputError(where.source, where.place, where.field, printable(text),
                                 fmt::format("{} in {}..{}{}", what, low, high, hint));
  }
  return value;
}

std::string parse_name(std::string_view text, std::size_t max_length, const FieldPlace& where) {
  if (text.empty() || text.size() > max_length || !std::all_of(text.begin(), text.end(), is_name_character)) {
    throw propagator::InputError(where.source, where.place, where.field, printable(text),
                                 fmt::format("must be 1 to {} characters of A-Z a-z 0-9 . _ -", max_length));
  }
  return std::string(text);
}

}  // namespace data
