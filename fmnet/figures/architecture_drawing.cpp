#include "fmnet/figures/architecture_drawing.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace fmnet {
namespace {

struct DrawnStage {
  std::string number, convolution, then;
  int rows, columns, channels;
  std::int64_t n_trainable;
};

// Trainable numbers of the convolution and batch normalisation of stage `number` (their names end in its two digits).
std::int64_t trainable_of_stage(const FmNet& network, int number) {
  const std::string convolution = fmt::format("conv{:02}.", number), normalization = fmt::format("bn{:02}.", number);
  std::int64_t n = 0;
  for (const autodiff::Parameter& p : network.parameters()) {
    const bool is_here = p.name.rfind(convolution, 0) == 0 || p.name.rfind(normalization, 0) == 0;
    if (p.trainable && is_here) n += p.variable.value().size();
  }
  return n;
}

std::vector<DrawnStage> drawn_stages(const FmNet& network) {
  std::vector<DrawnStage> stages = {{"input", "", "", n_input_rows, n_input_columns, 1, 0}};
  int rows = n_input_rows, columns = n_input_columns;
  for (int number = 1; number <= n_stages; ++number) {
    const StageShape& s = stage_shapes()[static_cast<std::size_t>(number - 1)];
    std::string then;
    if (s.resizing == Resizing::max_pool) {
      then = fmt::format("pool {}x{}", s.factor_height, s.factor_width);
      rows /= s.factor_height, columns /= s.factor_width;
    } else if (s.resizing == Resizing::upsample) {
      then = fmt::format("up {}x{}", s.factor_height, s.factor_width);
      rows *= s.factor_height, columns *= s.factor_width;
    }
    stages.push_back({std::to_string(number), fmt::format("{} of {}x{}", s.n_out, s.kernel_height, s.kernel_width),
                      then, rows, columns, s.n_out, trainable_of_stage(network, number)});
  }
  return stages;
}

// A block as high as log2 of its columns, as wide as log2 of its channels, its words above and below.
std::string block(const DrawnStage& s, int position) {
  const double half_width = 0.10 + 0.04 * std::log2(static_cast<double>(s.channels));
  const double half_height = 0.5 * (0.5 + std::log2(static_cast<double>(s.columns)));
  const bool narrowest = s.rows * s.columns == 1;
  const std::string color = narrowest ? our_color : (position <= encoder_stage ? "#9ecae1" : "#a1d99b");
  std::string commands = fmt::format(
      "set object rectangle from {:.4g},{:.4g} to {:.4g},{:.4g} fillstyle solid 1.0 border linecolor '#444444' "
      "fillcolor rgb '{}'\n",
      position - half_width, -half_height, position + half_width, half_height, color);
  const auto label = [&](const std::string& text, double y) {
    if (!text.empty())
      commands += fmt::format("set label {} at {},{} center font ',10'\n", gnuplot_quoted(text), position, y);
  };
  label(s.number, 6.3);
  label(s.convolution, 5.6);
  label(s.then, 4.9);
  label(fmt::format("{}x{}", s.rows, s.columns), -4.7);
  label(fmt::format("x{}", s.channels), -5.3);
  return commands;
}

}  // namespace

NetworkCounts network_counts(const FmNet& network) {
  NetworkCounts counts{0, 0, 0};
  for (const autodiff::Parameter& p : network.parameters()) {
    const bool is_kernel = p.name.rfind("conv", 0) == 0 && p.name.find(".weight") != std::string::npos;
    if (is_kernel) ++counts.n_convolutions;
    if (p.trainable) counts.n_trainable += p.variable.value().size();
    counts.n_all += p.variable.value().size();
  }
  for (const autodiff::Buffer& b : network.buffers()) counts.n_all += b.tensor->size();
  return counts;
}

Table architecture_table(const FmNet& network) {
  Table table({"stage", "convolution", "then", "rows", "columns", "channels", "trainable"});
  for (const DrawnStage& s : drawn_stages(network)) {
    table.add_row(std::vector<std::string>{s.number, s.convolution, s.then, std::to_string(s.rows),
                                           std::to_string(s.columns), std::to_string(s.channels),
                                           std::to_string(s.n_trainable)});
  }
  return table;
}

Figure architecture_figure(const FmNet& network) {
  const NetworkCounts counts = network_counts(network);
  Figure figure = blank_figure(
      "architecture", "The network (Figure 6)",
      fmt::format(
          "{} convolutions, {} trainable numbers. Above each block its number, its convolution and what follows "
          "(pool: the largest of a field; up: each value repeated); below, the size of its output: rows x columns x "
          "channels. The higher a block the more columns, the wider the more channels (both by logarithm). Blue: the "
          "encoder, down to {} numbers (red); green: the expansion to three curves of {} values. LeakyReLU and batch "
          "normalisation end each stage but the last.",
          counts.n_convolutions, counts.n_trainable, n_features, n_input_columns),
      1400, 420);
  figure.tables = {{"stages", architecture_table(network)}};
  figure.commands =
      "unset border\nunset tics\nunset key\nset margins 0,0,0,0\nset xrange [-0.6:16.6]\nset yrange [-6:7]\n";
  const std::vector<DrawnStage> stages = drawn_stages(network);
  for (std::size_t i = 0; i < stages.size(); ++i) figure.commands += block(stages[i], static_cast<int>(i));
  figure.commands += "plot 1/0";
  return figure;
}

}  // namespace fmnet
