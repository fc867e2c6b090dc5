#include "fmnet/figures/flow_drawing.h"

#include <fmt/format.h>

#include <cmath>

#include "fmnet/architecture.h"

namespace fmnet {
namespace {

constexpr double box_half_width = 1.16, box_half_height = 0.43;

struct Box {
  double x, y;
  std::string title, first, second;  // three lines
  std::string color;
};

constexpr const char* made_color = "#deebf7";     // computed
constexpr const char* learned_color = "#fde0dd";  // learned
constexpr const char* given_color = "#f0f0f0";    // given

std::string drawn(const Box& b) {
  std::string commands = fmt::format(
      "set object rectangle from {:.4g},{:.4g} to {:.4g},{:.4g} fillstyle solid 1.0 border linecolor '#555555' "
      "fillcolor rgb '{}'\n",
      b.x - box_half_width, b.y - box_half_height, b.x + box_half_width, b.y + box_half_height, b.color);
  const auto line = [&](const std::string& text, double y, const char* style) {
    commands +=
        fmt::format("set label {} at {:.4g},{:.4g} center front {}\n", gnuplot_quoted(text), b.x, b.y + y, style);
  };
  line(b.title, 0.22, "font ',14'");
  line(b.first, -0.03, "font ',11' textcolor rgb '#333333'");
  line(b.second, -0.23, "font ',11' textcolor rgb '#333333'");
  return commands;
}

// From the edge of one box to the edge of the next, along a row or a column.
std::string arrow(const Box& from, const Box& to) {
  const double dx = to.x - from.x, dy = to.y - from.y;
  const bool sideways = std::abs(dx) > std::abs(dy);
  const double sx = dx > 0.0 ? box_half_width : -box_half_width, sy = dy > 0.0 ? box_half_height : -box_half_height;
  return fmt::format(
      "set arrow from {:.4g},{:.4g} to {:.4g},{:.4g} head filled size 0.12,18 linewidth 1.6 linecolor '#444444'\n",
      sideways ? from.x + sx : from.x, sideways ? from.y : from.y + sy, sideways ? to.x - sx : to.x,
      sideways ? to.y : to.y - sy);
}

}  // namespace

Figure flow_figure(const Config& config) {
  const data::TrainingGrid grid = config.training_grid();
  const data::PreprocessSettings& p = config.preprocess;
  const std::string window = fmt::format("{:g}-{:g} Hz, P at {:g} s, {} s", p.low_hz, p.high_hz, p.before_p_s,
                                         static_cast<int>(p.n_samples * p.dt_s));
  const std::vector<Box> boxes = {
      {0.0, 2.0, "velocity model, stations", fmt::format("{} layers", config.velocity_model.size()),
       fmt::format("{} stations", config.stations.size()), given_color},
      {3.0, 2.0, "Green's functions", "Thomson-Haskell propagator", fmt::format("{} places", grid.n_places()),
       made_color},
      {6.0, 2.0, "training samples", fmt::format("{} places x {} mechanisms", grid.n_places(), grid.n_mechanisms()),
       "noise, shifts; never stored", made_color},
      {9.0, 2.0, "training",
       fmt::format("{} epochs, batches of {}", config.training.epochs, config.training.batch_size),
       fmt::format("Adam, rate {:g}", config.training.adam.learning_rate), learned_color},
      {0.0, 0.0, "records", "miniSEED, StationXML, SAC", "origin time, hypocentre or picks", given_color},
      {3.0, 0.0, "the same chain", window, "quality of each channel", made_color},
      {6.0, 0.0, "encoder", fmt::format("{} x {} values to {}", n_input_rows, n_input_columns, n_features),
       "feature domain of the search", learned_color},
      {9.0, 0.0, "expansion", fmt::format("three curves of {} values", n_bins), "strike, dip, rake", learned_color}};
  Figure figure = blank_figure(
      "flow", "From a velocity model and records to a mechanism (Figure 2)",
      "Above: training, once for a region. Below: prediction, in real time. Grey: what is given; blue: what is "
      "computed; red: what is learned. Synthetics and records pass through the same chain of filter, window and "
      "normalisation.",
      1250, 380);
  Table table({"box", "first_line", "second_line"});
  for (const Box& b : boxes) table.add_row(std::vector<std::string>{b.title, b.first, b.second});
  figure.tables = {{"boxes", table}};
  figure.commands =
      "unset border\nunset tics\nunset key\nset margins 0,0,0,0\nset xrange [-1.4:10.4]\nset yrange [-0.75:2.85]\n";
  for (const Box& b : boxes) figure.commands += drawn(b);
  for (const std::size_t i : {0u, 1u, 2u, 4u, 5u, 6u}) figure.commands += arrow(boxes[i], boxes[i + 1]);
  figure.commands += arrow(boxes[1], boxes[5]) + arrow(boxes[3], boxes[7]);
  figure.commands +=
      "set label 'training' at -1.16,2.62 left font ',13' textcolor rgb '#777777'\n"
      "set label 'prediction' at -1.16,0.62 left font ',13' textcolor rgb '#777777'\n"
      "set label 'P times' at 3.1,1.0 left font ',11' textcolor rgb '#777777'\n"
      "set label 'weights' at 9.1,1.0 left font ',11' textcolor rgb '#777777'\nplot 1/0";
  return figure;
}

}  // namespace fmnet
