#include "fmnet/figures/curve_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fmnet {

Table curve_table(const LabelCurves& curves) {
  Table table({"angle_deg", "value"});
  for (int curve = 0; curve < n_curves; ++curve) {
    table.begin_block();
    for (int i = 1; i <= n_bins; ++i) {
      const double value = curves[static_cast<std::size_t>((i - 1) * n_curves + curve)];
      table.add_row(std::vector<double>{angle_of_bin(curve, i), value});
    }
  }
  return table;
}

std::string curve_axis(int curve) {
  const AngleRange range = angle_range(curve);
  return fmt::format("set xrange [{}:{}]\nset xtics {},{},{}\n", range.begin_deg, range.end_deg, range.begin_deg,
                     (range.end_deg - range.begin_deg) / 4.0, range.end_deg);
}

Figure loss_figure(const std::vector<LossPoint>& points) {
  if (points.empty()) throw std::invalid_argument("loss_figure: points: at least one expected");
  Table table({"epoch", "training_mse", "validation_mse"});
  for (const LossPoint& p : points) table.add_row(std::vector<double>{p.epoch, p.training, p.validation});
  Figure figure = blank_figure(
      "loss", "Training and validation loss (Figure S2)",
      fmt::format(
          "Mean squared error between the network's three curves and the labels, after each of {} epochs. Training: "
          "mean over the epoch's batches, in training mode. Validation: on samples with noise and time shifts of their "
          "own (of places and mechanisms that were not trained on, where a part of the grid is trained on), with the "
          "moving averages of batch normalisation.",
          points.back().epoch),
      760, 460);
  figure.tables = {{"epochs", table}};
  figure.commands = fmt::format(
      "set logscale y\nset format y '%g'\nset xlabel 'epoch'\nset ylabel 'mean squared error'\nset key top right\n"
      "set grid ytics linecolor '#dddddd'\nset xrange [0:{:.4g}]\n"
      "plot 'loss.epochs.tsv' using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.5 linecolor '{}' "
      "title 'training', \\\n"
      "     '' using 1:3 with linespoints pointtype 6 pointsize 0.6 linewidth 1.5 linecolor '{}' title 'validation'",
      std::max(1.0, 1.05 * points.back().epoch), our_color, reference_color);
  return figure;
}

Figure label_figure(const propagator::FocalMechanism& mechanism, const LabelSettings& settings) {
  Figure figure = blank_figure("label",
                               fmt::format("The label of strike {:.0f}°, dip {:.0f}°, rake {:.0f}° (Figure S7)",
                                           mechanism.strike_deg, mechanism.dip_deg, mechanism.rake_deg),
                               fmt::format("What the network learns to draw: 128 values for each angle, a bell of "
                                           "standard deviation {:g} values (of peak 1) around the true one.",
                                           settings.standard_deviation_bins),
                               1000, 300);
  figure.tables = {{"curves", curve_table(label_curves(mechanism, settings))}};
  figure.commands =
      "unset key\nset yrange [-0.05:1.1]\nset multiplot layout 1,3 margins 0.07,0.98,0.2,0.93 spacing 0.05\n";
  for (int curve = 0; curve < n_curves; ++curve) {
    figure.commands += fmt::format(
        "{}set xlabel '{} (degrees)'\nset ylabel '{}'\n"
        "plot 'label.curves.tsv' index {} using 1:2 with lines linewidth 2 linecolor '{}'\n",
        curve_axis(curve), curve_names[static_cast<std::size_t>(curve)], curve == 0 ? "label" : "", curve,
        reference_color);
  }
  figure.commands += "unset multiplot";
  return figure;
}

Figure compared_labels_figure(const std::vector<TrueAndPredicted>& events) {
  if (events.empty()) throw std::invalid_argument("compared_labels_figure: events: at least one expected");
  const int n = static_cast<int>(events.size());
  Figure figure = blank_figure(
      "compared_labels", "True and predicted curves of synthetic events (Figure S3)",
      fmt::format(
          "{} synthetic events with mechanisms of the grid and noise and shifts of their own, one a row, evenly spread "
          "over the test set. Black: the label. Red: the network's answer, from which the largest value of each curve is read. Left: the "
          "event's number and its Kagan angle.",
          events.size()),
      1000, 70 + 125 * n);
  figure.commands = fmt::format(
      "unset key\nset yrange [-0.25:1.25]\nset ytics 0,1\nset multiplot layout {},3 margins screen 0.13,screen "
      "0.98,screen {:.4g},screen 0.98 spacing screen 0.04,screen {:.4g}\n",
      n, 60.0 / figure.height_px, 12.0 / figure.height_px);
  for (int e = 0; e < n; ++e) {
    const TrueAndPredicted& event = events[static_cast<std::size_t>(e)];
    const std::string truth = fmt::format("truth_{}", e), predicted = fmt::format("predicted_{}", e);
    figure.tables.emplace_back(truth, curve_table(event.truth));
    figure.tables.emplace_back(predicted, curve_table(event.predicted));
    for (int curve = 0; curve < n_curves; ++curve) {
      const bool last = e == n - 1;
      figure.commands += fmt::format(
          "{}set xlabel '{}'\nset format x '{}'\nset ylabel {} norotate offset -2,0\n"
          "plot 'compared_labels.{}.tsv' index {} using 1:2 with lines linewidth 1.5 linecolor '{}', \\\n"
          "     'compared_labels.{}.tsv' index {} using 1:2 with lines linewidth 1.5 linecolor '{}'\n",
          curve_axis(curve), last ? fmt::format("{} (degrees)", curve_names[static_cast<std::size_t>(curve)]) : "",
          last ? "%g" : "",
          curve == 0 ? fmt::format("\"{}\\n{:.1f}°\"", checked_name(event.name, "event"), event.kagan_deg) : "''",
          truth, curve, reference_color, predicted, curve, our_color);
    }
  }
  figure.commands += "unset multiplot";
  return figure;
}

Figure feature_figure(const std::vector<double>& feature, const std::string& event_name, const std::string& network) {
  if (feature.empty()) throw std::invalid_argument("feature_figure: feature: at least one value expected");
  Table table({"number", "value"});
  for (std::size_t i = 0; i < feature.size(); ++i) {
    table.add_row(std::vector<double>{static_cast<double>(i + 1), feature[i]});
  }
  Figure figure =
      blank_figure("feature", "The encoder's feature of " + event_name + " (Figure S6)",
                   fmt::format("The {} values at the narrowest place of the network {}, before the "
                               "activation: what is left there of 48 x 128 samples. The values have no unit.",
                               feature.size(), network),
                   900, 340);
  figure.tables = {{"values", table}};
  figure.commands = fmt::format(
      "unset key\nset xlabel 'number of the value'\nset ylabel 'value'\nset xrange [0:{}]\nset xtics 16\nset "
      "xzeroaxis linecolor '#888888'\n"
      "plot 'feature.values.tsv' using 1:2 with impulses linewidth 2 linecolor '{}'",
      feature.size() + 1, our_color);
  return figure;
}

namespace {

// From zero, or by decades where the losses span more than one.
std::string loss_axis(const std::vector<LearningRatePoint>& points) {
  double smallest = points.front().constant, largest = smallest;
  for (const LearningRatePoint& p : points) {
    smallest = std::min({smallest, p.training, p.validation});
    largest = std::max({largest, p.training, p.validation});
  }
  return largest < 10.0 * smallest ? fmt::format("set yrange [0:{:.4g}]", 1.3 * largest) : "set logscale y";
}

}  // namespace

Figure learning_rate_figure(const std::vector<LearningRatePoint>& points) {
  if (points.empty()) throw std::invalid_argument("learning_rate_figure: points: at least one expected");
  Table table({"learning_rate", "training_mse", "validation_mse"});
  for (const LearningRatePoint& p : points) {
    table.add_row(std::vector<double>{p.learning_rate, p.training, p.validation});
  }
  const LearningRatePoint& first = points.front();
  Figure figure = blank_figure(
      "learning_rates", "Loss at the end of short trainings against the learning rate (Figure S8)",
      fmt::format(
          "{} trainings with the same initial weights and the same {} samples in the same order, which differ in the "
          "learning rate of Adam alone. Training: mean over the last hundred steps, or over all where there are fewer. "
          "Validation: with the moving averages of batch normalisation. Dashed: {:.3f}, the loss of the best answer that "
          "does not depend on the record; where both curves lie on it or above, the training was too short to compare.",
          points.size(), first.n_samples, first.constant),
      640, 440);
  figure.tables = {{"points", table}};
  figure.commands = fmt::format(
      "set logscale x\nset format x '10^{{%T}}'\nset termoption enhanced\nset xlabel 'learning rate'\n"
      "set ylabel 'mean squared error'\nset key top center\nset grid ytics linecolor '#dddddd'\n"
      "set xrange [{0:.3g}:{1:.3g}]\n{5}\n"
      "set arrow 1 from {0:.3g},{2:.6g} to {1:.3g},{2:.6g} nohead linecolor '#555555' dashtype 2\n"
      "plot 'learning_rates.points.tsv' using 1:2 with linespoints pointtype 7 pointsize 1 linewidth 1.5 linecolor "
      "'{3}' title 'training', \\\n"
      "     '' using 1:3 with linespoints pointtype 6 pointsize 1.1 linewidth 1.5 linecolor '{4}' title 'validation'",
      0.5 * first.learning_rate, 2.0 * points.back().learning_rate, first.constant, our_color, reference_color,
      loss_axis(points));
  return figure;
}

}  // namespace fmnet
