#include "fmnet/figure.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/directory.h"
#include "fmnet/manifest.h"
#include "fmnet/run_program.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

bool is_file_name(const std::string& name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

// gnuplot, told to draw the same commands for the page and for the eye.
std::string script(const Figure& figure) {
  return fmt::format(
      "# {0}\n"
      "# Makes {1}.svg and {1}.png from the tables beside it:  gnuplot -d {1}.gp\n"
      "set encoding utf8\n"
      "set datafile separator \"\\t\"\n"
      "do for [format in \"svg png\"] {{\n"
      "reset\n"
      "if (format eq \"svg\") {{ set terminal svg size {2},{3} noenhanced font \"DejaVu Sans,13\" background \"white\" "
      "}}\n"
      "if (format eq \"png\") {{ set terminal pngcairo size {2},{3} noenhanced font \"DejaVu Sans,10\" background "
      "\"white\" }}\n"
      "set output \"{1}.\".format\n"
      "{4}{5}\n"
      "set output\n"
      "}}\n",
      figure.title, figure.name, figure.width_px, figure.height_px, axes_style, figure.commands);
}

void run_gnuplot(const std::string& directory, const std::string& name) {
  const ProgramResult result = run_program({"gnuplot", "-d", name + ".gp"}, directory);
  const std::string path = (std::filesystem::path(directory) / (name + ".svg")).string();
  if (result.exit_status == -1) {
    throw propagator::OutputError(path, "drawing",
                                  "gnuplot cannot be started (" + result.messages +
                                      "): install it, for example with: apt-get install gnuplot-nox");
  }
  if (result.exit_status != 0) {
    std::string words;
    for (const char c : result.messages) words += (c == '\n' || c == '\r') ? ' ' : c;
    throw propagator::OutputError(path, "drawing",
                                  fmt::format("gnuplot ended with status {}: {}", result.exit_status, words));
  }
}

}  // namespace

Table::Table(const std::vector<std::string>& columns) : n_columns_(columns.size()) {
  if (columns.empty()) throw std::invalid_argument("Table: columns: at least one expected");
  text_ = fmt::format("# {}\n", fmt::join(columns, "\t"));
}

void Table::add_row(const std::vector<std::string>& fields) {
  if (fields.size() != n_columns_) {
    throw std::invalid_argument(fmt::format("Table::add_row: fields = {}: {} expected", fields.size(), n_columns_));
  }
  for (const std::string& field : fields) {
    if (field.find_first_of("\t\n\r\"") != std::string::npos) {
      throw std::invalid_argument("Table::add_row: a field holds a tab, a line end or a quotation mark");
    }
  }
  text_ += fmt::format("{}\n", fmt::join(fields, "\t"));
  block_is_empty_ = false;
}

void Table::add_row(const std::vector<double>& values) {
  std::vector<std::string> fields;
  for (const double value : values) fields.push_back(fmt::format("{:.9g}", value));
  add_row(fields);
}

void Table::begin_block() {
  if (!block_is_empty_) text_ += "\n\n";
  block_is_empty_ = true;
}

std::string Table::text() const { return text_; }

Figure blank_figure(std::string name, std::string title, std::string caption, int width_px, int height_px) {
  Figure figure;
  figure.name = std::move(name);
  figure.title = std::move(title);
  figure.caption = std::move(caption);
  figure.width_px = width_px;
  figure.height_px = height_px;
  return figure;
}

void write_figure(const std::string& directory, const Figure& figure) {
  if (!is_file_name(figure.name)) {
    throw std::invalid_argument("write_figure: name = " + figure.name + ": only a-z, 0-9 and _ expected");
  }
  if (figure.title.find('\n') != std::string::npos) {
    throw std::invalid_argument("write_figure: title: one line expected");
  }
  data::make_directory(directory);
  const std::string stem = (std::filesystem::path(directory) / figure.name).string();
  for (const auto& [name, table] : figure.tables) {
    if (!is_file_name(name))
      throw std::invalid_argument("write_figure: table = " + name + ": only a-z, 0-9 and _ expected");
    data::write_file_atomically(fmt::format("{}.{}.tsv", stem, name), table.text());
  }
  data::write_file_atomically(stem + ".gp", script(figure));
  run_gnuplot(directory, figure.name);
  data::write_file_atomically(stem + ".caption", figure.title + "\n" + figure.caption + "\n");
}

std::string checked_name(const std::string& text, const std::string& what) {
  const char* allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  if (text.empty() || text.size() > 32 || text.find_first_not_of(allowed) != std::string::npos) {
    throw propagator::InputError("", "", what, gnuplot_quoted(text),
                                 "1 to 32 of the characters A-Z a-z 0-9 . _ - expected");
  }
  return text;
}

std::string gnuplot_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

}  // namespace fmnet
