// The figures made of plain curves: the loss of a training, the labels, the encoder's feature, the learning rates.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/figure.h"
#include "fmnet/gaussian_label.h"

namespace fmnet {

struct LossPoint {
  double epoch;
  double training, validation;  // mean squared error; validation NaN where it was not computed
};

// Figure S2 of the paper: both losses against the epoch, logarithmic.
Figure loss_figure(const std::vector<LossPoint>& points);

// Figure S7: the three bell curves that the network learns for one mechanism.
Figure label_figure(const propagator::FocalMechanism& mechanism, const LabelSettings& settings);

struct TrueAndPredicted {
  std::string name;
  LabelCurves truth, predicted;
  double kagan_deg;
};

// Figure S3: labels (black) and the network's curves (red) of several events, one row each. At least one.
Figure compared_labels_figure(const std::vector<TrueAndPredicted>& events);

// Figure S6: the 128 values that the encoder makes of one event.
Figure feature_figure(const std::vector<double>& feature, const std::string& event_name, const std::string& network);

struct LearningRatePoint {
  double learning_rate;
  double training, validation;  // mean squared errors at the end
  std::int64_t n_samples;       // seen in the training, each once an epoch
  double constant;              // the error of the best answer that does not depend on the record
};

// Figure S8: the losses against the learning rate, ascending. At least one point.
Figure learning_rate_figure(const std::vector<LearningRatePoint>& points);

// One panel of three curves side by side, for the figures above and for a prediction's: the table of `curves` (columns
// angle_deg, value; a block each for strike, dip, rake).
Table curve_table(const LabelCurves& curves);

inline constexpr std::array<const char*, 3> curve_names = {"strike", "dip", "rake"};

// "set xrange ... set xtics ..." of one of the three: its range in degrees.
std::string curve_axis(int curve);

}  // namespace fmnet
