// A network judged on events whose mechanisms are known: a row for each event, and what the rows tell together.
//
// The table (TSV) has the columns of EvaluatedEvent::columns(), kagan_deg last; "-" stands where a value is not known.
//
// A summary gives the share of events with a Kagan angle of 20 degrees and less, and of 30 and less, each with its 95 %
// interval, the median, the 90th percentile (metrics.h), how far truth and answers lie from the mechanisms that were trained on (median),
// and the share in classes of depth, distance, signal-to-noise ratio, number of missing stations, strike, dip and distance of the
// truth from the trained mechanisms. Classes: each value its own where there are at most eight different ones, else four
// parted at the quartiles; equal values share a class, so that many equal ones make classes unequal, or fewer.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fmnet/figure.h"
#include "fmnet/metrics.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {

struct EvaluatedEvent {
  std::string name;
  double latitude_deg, longitude_deg, depth_km;
  double median_distance_km;  // of the stations that are there
  std::optional<double> snr;
  int n_missing;  // stations
  propagator::FocalMechanism truth, predicted;
  double truth_to_grid_deg = 0.0, predicted_to_grid_deg = 0.0;  // training_set.h
  double kagan_deg = 0.0;

  static const std::vector<std::string>& columns();
};

Table evaluation_table(const std::vector<EvaluatedEvent>& events);
// Such a table from its file. InputError where it is not one.
std::vector<EvaluatedEvent> read_evaluation(const std::string& path);
std::vector<double> kagan_angles_of(const std::vector<EvaluatedEvent>& events);

// The smallest and the largest value of its events; no two classes overlap.
struct EvaluationClass {
  double low, high;
  KaganSummary within_20;
};

// What events are sorted by.
struct Criterion {
  std::string name;  // "depth_km"
  std::string axis;  // "depth (km)"
  std::function<std::optional<double>(const EvaluatedEvent&)> value;
};
const std::vector<Criterion>& criteria();

// Events without a value are left out; no class where none has one.
std::vector<EvaluationClass> classes_by(const Criterion& criterion, const std::vector<EvaluatedEvent>& events);

nlohmann::json evaluation_summary(const std::vector<EvaluatedEvent>& events);

// "123 of 972 within 20 degrees (12.7 %, 95 % interval 10.7 to 14.9 %), 18.1 % within 30 (15.8 to 20.6 %); median 45.1 degrees,
// 90th percentile 88.0"
std::string summary_line(const nlohmann::json& summary);

}  // namespace fmnet
