// Whether the texts of a gnuplot SVG lie inside the picture: a browser cuts off what does not.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

namespace support {

// The number after `key`, from `at` on; 0 where the key is not there.
inline double svg_number(const std::string& svg, const std::string& key, std::size_t at) {
  const std::size_t found = svg.find(key, at);
  return found == std::string::npos ? 0.0 : std::strtod(svg.c_str() + found + key.size(), nullptr);
}

inline std::string without_tags(const std::string& text) {
  std::string words;
  bool in_tag = false;
  for (const char c : text) {
    if (c == '<') in_tag = true;
    if (!in_tag) words += c;
    if (c == '>') in_tag = false;
  }
  return words;
}

// A letter of DejaVu Sans is 0.6 of the font's size wide in the mean, rises 0.76 above its line and reaches 0.24 below it.
inline std::vector<std::string> texts_outside(const std::string& svg) {
  const std::string view_box = "viewBox=\"0 0 ";
  const double width = svg_number(svg, view_box, 0);
  const double height = svg_number(svg, " ", svg.find(view_box) + view_box.size());
  std::vector<std::string> outside;
  const std::string start = "<g transform=\"translate(";
  for (std::size_t at = svg.find(start); at != std::string::npos; at = svg.find(start, at + 1)) {
    const std::size_t open = svg.find("<text", at), close = svg.find("</text>", at);
    if (close == std::string::npos) break;
    const std::string head = svg.substr(at, open - at);
    std::string words = without_tags(svg.substr(open, close - open));
    words.erase(0, words.find_first_not_of(' '));  // not shown
    if (words.empty()) continue;
    const double x = svg_number(head, start, 0), y = svg_number(head, ",", 0),
                 font = svg_number(head, "font-size=\"", 0);
    const double length = 0.6 * font * static_cast<double>(words.size());
    const double before = head.find("\"middle\"") != std::string::npos ? 0.5 * length
                          : head.find("\"end\"") != std::string::npos  ? length
                                                                       : 0.0;
    const bool turned = head.find("rotate(") != std::string::npos;  // by 270 degrees: it reads upwards
    const double left = turned ? x - 0.76 * font : x - before, right = turned ? x + 0.24 * font : left + length;
    const double bottom = turned ? y + before : y + 0.24 * font, top = turned ? bottom - length : y - 0.76 * font;
    if (left < 0.0 || top < 0.0 || right > width || bottom > height) outside.push_back(words);
  }
  return outside;
}

}  // namespace support
