// A figure is a handful of files beside each other:
//
//   NAME.TABLE.tsv   the numbers, one file a table: columns named in the first line, blocks parted by two empty lines
//   NAME.gp          the gnuplot script; run by itself in its folder it makes the next two
//   NAME.svg         the figure for the page
//   NAME.png         the figure for the eye
//   NAME.caption     title in the first line, then one paragraph that says what the reader sees
//
// The same numbers give the same SVG and PNG, byte by byte: no dates, no locale, no user settings of gnuplot.
//
// Names of stations, events and agencies come from files of others and end up in a script. They reach it only through
// checked_name (A-Z a-z 0-9 . _ -) or gnuplot_quoted (any text, as a gnuplot string that nothing can end early), and through tables,
// whose fields hold no tab, line end or quotation mark.
//
// Errors: OutputError where a file cannot be written or gnuplot is missing or refuses the script (with gnuplot's own words).
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fmnet {

// Rows of a tab-separated table. gnuplot reads block number i (from 0) with `index i`.
class Table {
 public:
  explicit Table(const std::vector<std::string>& columns);
  void add_row(const std::vector<std::string>& fields);
  void add_row(const std::vector<double>& values);  // 9 significant digits
  void begin_block();                               // later rows belong to the next block
  std::string text() const;

 private:
  std::size_t n_columns_;
  std::string text_;
  bool block_is_empty_ = true;
};

struct Figure {
  std::string name;     // of its files: a-z 0-9 _
  std::string title;    // one line
  std::string caption;  // one paragraph: what the reader sees
  int width_px = 900, height_px = 600;
  std::vector<std::pair<std::string, Table>> tables;  // table "x" is the file NAME.x.tsv, in the script 'NAME.x.tsv'
  std::string commands;                               // gnuplot; terminal and output are set around them
};

// A figure without tables and commands yet.
Figure blank_figure(std::string name, std::string title, std::string caption, int width_px, int height_px);

// Writes the files named above into `directory`, which is made where it does not exist, and runs gnuplot there.
void write_figure(const std::string& directory, const Figure& figure);

// The text itself where it has 1 to 32 of the characters A-Z a-z 0-9 . _ - and nothing else; InputError otherwise, naming `what`.
std::string checked_name(const std::string& text, const std::string& what);

// The text as a gnuplot string in single quotes. Line ends become blanks.
std::string gnuplot_quoted(const std::string& text);

// gnuplot's commands for the border and tics of a panel. They stand before every figure's commands; a panel that follows one with
// `unset border` and `unset tics`, which forget them, says them again. In an SVG gnuplot leaves half as much room again around
// the words of an axis as in a PNG: there they are moved back, or those at the edge would leave the picture (`format` is the loop's
// around every figure's commands, figure.cpp).
inline constexpr const char* axes_style =
    "set border 31 linecolor '#444444'\nset tics out nomirror\nset xtics nomirror\nset ytics nomirror\n"
    "if (format eq 'svg') { set xtics offset 0,0.3; set xlabel offset 0,0.6; set ylabel offset 1.3,0 }\n";

// Ours, the reference, the rest: the colours of every figure.
inline constexpr const char* our_color = "#c0272d";
inline constexpr const char* reference_color = "#222222";
inline constexpr const char* second_color = "#2166ac";
inline constexpr const char* third_color = "#1b7837";
inline constexpr const char* pale_color = "#b8b8b8";

}  // namespace fmnet
