// Station codes as files write them, brought to one form: blanks, NUL bytes and padding removed; the empty location code,
// which files write as "", blanks or "--", is "".
#pragma once

#include <string>
#include <string_view>

namespace data {

inline std::string trimmed(std::string_view text) {
  const auto is_padding = [](char c) { return c == ' ' || c == '\0' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_padding(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_padding(text.back())) text.remove_suffix(1);
  return std::string(text);
}

inline std::string location_code(std::string_view text) {
  const std::string code = trimmed(text);
  return code == "--" ? std::string() : code;
}

// Text of a file as it may stand in a message: printable ASCII, other bytes as '?', at most 60 characters.
inline std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 60)) shown += (c >= 0x20 && c < 0x7f) ? c : '?';
  return shown;
}

}  // namespace data
