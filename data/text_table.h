// Tables of text: lines of columns apart by blanks or tabs, '#' begins a comment, LF or CRLF, a UTF-8 byte-order mark at the
// beginning is passed over. Numbers are decimal with a point whatever the machine's locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace data {

struct TableLine {
  int number;                             // 1 is the first line of the text
  std::vector<std::string_view> columns;  // views into the text; never empty
};

// The words of a line, apart by blanks, tabs or carriage returns; views into it.
std::vector<std::string_view> split_at_blanks(std::string_view line);

// The lines that hold something besides a comment.
std::vector<TableLine> table_lines(std::string_view text);

// Where a number stands, for the message that refuses it.
struct FieldPlace {
  std::string source, place, field;
};

// A finite decimal number in low..high; refuses (propagator::InputError) anything else and tells the rule, followed by `hint`.
double parse_number(std::string_view text, double low, double high, const FieldPlace& where,
                    const std::string& hint = {});

// Refuses (InputError) a name that is empty, longer than max_length, or has a character other than A-Z a-z 0-9 . _ -
std::string parse_name(std::string_view text, std::size_t max_length, const FieldPlace& where);

}  // namespace data
