#include "fmnet/figures/ball_sheet.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace fmnet {
namespace {

BallPolygon unit_circle() {
  BallPolygon circle;
  for (int i = 0; i <= 360; ++i) {
    const double angle = i * 3.14159265358979323846 / 180.0;
    circle.push_back({std::sin(angle), std::cos(angle)});
  }
  return circle;
}

}  // namespace

BallSheet::BallSheet(const std::string& file) : file_(file), table_({"x", "y"}) {}

int BallSheet::add_block(const BallPolygon& polygon, double x0, double y0, double radius) {
  table_.begin_block();
  for (const BallPoint& p : polygon) table_.add_row(std::vector<double>{x0 + radius * p.x, y0 + radius * p.y});
  return n_blocks_++;
}

void BallSheet::add(const propagator::FocalMechanism& mechanism, double x0, double y0, double radius,
                    const std::string& color) {
  const BeachBall ball = beach_ball(mechanism);
  const int disk = add_block(unit_circle(), x0, y0, radius);
  items_.push_back(fmt::format(
      "{} index {} using 1:2 with filledcurves closed fillstyle solid 1.0 noborder linecolor '#ffffff' notitle",
      gnuplot_quoted(file_), disk));
  for (const BallPolygon& compression : ball.compressions) {
    items_.push_back(fmt::format(
        "{} index {} using 1:2 with filledcurves closed fillstyle solid 1.0 noborder linecolor '{}' notitle",
        gnuplot_quoted(file_), add_block(compression, x0, y0, radius), color));
  }
  for (const BallPolygon& line : ball.nodal_lines) {
    items_.push_back(fmt::format("{} index {} using 1:2 with lines linewidth 1 linecolor '#000000' notitle",
                                 gnuplot_quoted(file_), add_block(line, x0, y0, radius)));
  }
  items_.push_back(fmt::format("{} index {} using 1:2 with lines linewidth 1.5 linecolor '#000000' notitle",
                               gnuplot_quoted(file_), disk));
  const auto axis_letter = [&](const char* letter, const BallPoint& axis, const std::string& text_color) {
    labels_ += fmt::format("set label '{}' at {:.6g},{:.6g} center front textcolor rgb '{}'\n", letter,
                           x0 + radius * 0.86 * axis.x, y0 + radius * 0.86 * axis.y, text_color);
  };
  axis_letter("P", ball.pressure_axis, "#000000");
  axis_letter("T", ball.tension_axis, "#ffffff");
}

void BallSheet::add_dashed_circle(double x0, double y0, double radius, const std::string& color) {
  items_.push_back(fmt::format("{} index {} using 1:2 with lines linewidth 1 dashtype 2 linecolor '{}' notitle",
                               gnuplot_quoted(file_), add_block(unit_circle(), x0, y0, radius), color));
}

std::string BallSheet::plot_command() const {
  if (items_.empty()) throw std::invalid_argument("BallSheet::plot_command: nothing was added");
  return fmt::format("plot {}", fmt::join(items_, ", \\\n     "));
}

std::string BallSheet::labels() const { return labels_; }

}  // namespace fmnet
