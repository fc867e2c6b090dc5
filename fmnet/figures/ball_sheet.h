// Several beach balls in one gnuplot panel: the outlines as blocks of one table, and the plot command that draws them.
//
// A ball of radius R centred on (x0, y0) is beach_ball.h's drawing scaled by R: a white disk, the compressions filled in
// its colour, the two nodal lines, the P and T axes as letters. The panel's axes must have the same scale
// (`set size ratio -1`), or balls become eggs.
#pragma once

#include <string>
#include <vector>

#include "fmnet/beach_ball.h"
#include "fmnet/figure.h"

namespace fmnet {

class BallSheet {
 public:
  // `file` is the table's name inside the script, for example 'balls.outline.tsv'.
  explicit BallSheet(const std::string& file);

  void add(const propagator::FocalMechanism& mechanism, double x0, double y0, double radius, const std::string& color);
  void add_dashed_circle(double x0, double y0, double radius, const std::string& color);  // the place of a ball

  const Table& table() const { return table_; }  // columns x, y
  std::string plot_command() const;              // "plot ..." of all that was added; at least one thing expected
  std::string labels() const;  // "set label ..." lines for P and T; they stand before the plot command

 private:
  int add_block(const BallPolygon& polygon, double x0, double y0, double radius);

  std::string file_;
  Table table_;
  int n_blocks_ = 0;
  std::vector<std::string> items_;
  std::string labels_;
};

}  // namespace fmnet
