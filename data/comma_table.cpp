#include "data/comma_table.h"

#include <fmt/format.h>

#include <sstream>

#include "data/atomic_file.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr std::uint64_t max_bytes = 256ull << 20;

std::string without_blanks(const std::string& text) {
  const char* blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (std::size_t comma; (comma = line.find(',', begin)) != std::string::npos; begin = comma + 1) {
    fields.push_back(without_blanks(line.substr(begin, comma - begin)));
  }
  fields.push_back(without_blanks(line.substr(begin)));
  return fields;
}

}  // namespace

std::vector<CommaRow> parse_comma_table(const std::string& text, const std::string& source,
                                        const std::vector<std::string>& columns) {
  std::vector<CommaRow> rows;
  std::istringstream lines(text);
  bool heading = true;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
    const std::string content = without_blanks(line);
    if (content.empty() || content.front() == '#') continue;
    const std::string place = fmt::format("line {}", number);
    if (content.find('"') != std::string::npos) {
      throw propagator::InputError(source, place, "", "", "quotation marks are not understood");
    }
    std::vector<std::string> fields = fields_of(content);
    if (heading && fields != columns) {
      throw propagator::InputError(source, place, "heading", content,
                                   fmt::format("must be {}", fmt::join(columns, ",")));
    }
    if (fields.size() != columns.size()) {
      throw propagator::InputError(source, place, "fields", std::to_string(fields.size()),
                                   fmt::format("must be {}: {}", columns.size(), fmt::join(columns, ",")));
    }
    if (!heading) rows.push_back({number, std::move(fields)});
    heading = false;
  }
  if (heading)
    throw propagator::InputError(source, "", "heading", "nothing", fmt::format("must be {}", fmt::join(columns, ",")));
  return rows;
}

std::vector<CommaRow> read_comma_table(const std::string& path, const std::vector<std::string>& columns) {
  return parse_comma_table(read_whole_file(path, max_bytes), path, columns);
}

}  // namespace data
