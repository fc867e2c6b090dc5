// What speaks for and against a prediction, for a reader who has nothing but the records.
//
//   curves        how sure the network is of itself (curve_trust.h)
//   fit           whether the mechanism explains the records, station by station (waveform_fit.h), at the event's depth
//                 and whether a published one does better
//   depths        the same at every depth of the training grid: is the answer tied to the depth?
//   conventions   the same after exchanging or reversing components of all stations, each time with the mechanism that the
//                 network then predicts: a mirrored or exchanged component fits better after it is undone
//   warnings      sentences, each with the number that caused it
//
// A warning is raised where
//
//   a curve is lower than 0.5, less like a label than 0.9, or has a second peak of more than half its height     (1)
//   the mean correlation over stations is below 0.6                                                              (2)
//   otherwise: a station's is below 0.3; its reversed record fits 0.3 better than itself, or the synthetics of
//   another station do, and to 0.6 at least                                                                      (3)
//   a station's amplitude is more than ten times or less than a tenth of what the others tell                    (4)
//   the moment that fits is not between those of magnitude 2 and 9.5 (a unit?)                                    (5)
//   a convention fits 0.1 better                                                                                 (6)
//   all records are 3 s or more later or earlier than the synthetics                                             (7)
//   the epicentre or the depth lies more than half a step outside of the training grid: farther from every place
//   that was trained for than an event inside it can be                                                          (8)
//
// What was trained for (the grid, the lags) is told by the configuration inside the weights, which may differ there from the one
// in use: as_trained. The limits are judgements, not statistics. Cost: Green's functions of one epicentre at the grid's
// depths, about a second.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/records/record_set.h"
#include "fmnet/trust/curve_trust.h"
#include "fmnet/trust/waveform_fit.h"

namespace fmnet {

struct DepthFit {
  double depth_km, mean_correlation;
};

struct ConventionFit {
  std::string change;  // "east and west exchanged"
  propagator::FocalMechanism plane;
  double mean_correlation;
};

struct Trust {
  std::array<CurveTrust, n_curves> curves;
  WaveformFit fit;
  std::optional<WaveformFit> reference_fit;  // the same of the reference mechanism, where there is one
  std::vector<DepthFit> depths;
  std::vector<ConventionFit> conventions;
  std::vector<std::string> warnings;
  Eigen::ArrayXXd synthetics;  // rows at the event's depth, LagLimits::longest() longer on either side
  LagLimits limits;
};

// The depth at which synthetics are made for an event: its own, 100 m at least.
double synthetic_depth_km(const data::Event& event);

// The configuration in use with the grid and the disturbances that the network was trained for, those of `trained`
// (Predictor::config): what the functions below, assess_trust and delay_scan.h are to be given.
Config as_trained(const Config& in_use, const Config& trained);

// The lags that the fit allows: 15 s common to all stations; at each station what it was trained to bear, 2 samples at least.
LagLimits lag_limits(const Config& config);

// (8): a sentence for the epicentre, one for the depth, none where the event lies inside.
std::vector<std::string> warnings_of_place(const Config& config, const data::Event& event);

// The network: normalised rows -> the plane that it reads from its curves.
using PlaneOf = std::function<propagator::FocalMechanism(const data::Waveforms& rows)>;

// window: at least one station used; curves: what the network answered to it.
Trust assess_trust(const Config& config, const data::Event& event, const data::RecordWindow& window,
                   const LabelCurves& curves, const PlaneOf& plane_of,
                   const std::optional<propagator::FocalMechanism>& reference = std::nullopt);

nlohmann::json trust_json(const Trust& trust, const Config& config);

}  // namespace fmnet
