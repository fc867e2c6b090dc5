// Tables with commas (CSV): one heading line with given names, then as many fields a line. '#' begins a comment line, empty lines are
// passed over, blanks around a field are dropped. Quotation marks are refused: no field needs them.
#pragma once

#include <string>
#include <vector>

namespace data {

struct CommaRow {
  int number;  // of the line, from 1
  std::vector<std::string> fields;
};

// propagator::InputError naming file, line and rule where the heading or the number of fields is another.
std::vector<CommaRow> read_comma_table(const std::string& path, const std::vector<std::string>& columns);
std::vector<CommaRow> parse_comma_table(const std::string& text, const std::string& source,
                                        const std::vector<std::string>& columns);

}  // namespace data
