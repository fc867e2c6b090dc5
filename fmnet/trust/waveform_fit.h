// Does a mechanism explain the records? Its synthetics, made by the chain that makes the training set, against the window.
//
// Let d_c be the record of component c at a station (in m, before normalisation, n samples) and s_c(l) the same samples of the
// synthetic for 1 N m, moved so that a record which is l samples later than its synthetic meets it. Over components
//
//   r(l) = sum_c <d_c, s_c(l)> / ( |d| |s(l)| ),   |x|^2 = sum_c <x_c, x_c>                                    (1)
//
// is the correlation of a station; its largest value over the lags that are allowed is the station's fit, the place of that
// value its lag. The same of one component alone is the fit of a trace, as in the paper's Figure S4. For a trial common lag l1,
// |l1| <= C, each station takes its best lag within S of l1; the l1 whose largest r have the largest mean over stations is kept,
// l0 is the median of the lags taken there, and the lags allowed are
//
//   |l - l0| <= S                                                                                              (2)
//
// S is what the network was trained to bear at each station; l0 is common to all: an error of the origin time, or a source
// that lasts (its centroid is later than its onset). With the stations' lags, one moment for all leaves the misfit
//
//   M0 = sum <d, s> / sum |s|^2,     variance reduction = 1 - sum |d - M0 s|^2 / sum |d|^2                     (3)
//
// over all stations and components. M0 is that of the band and of the model: it is no magnitude of the network.
//
// A station whose record is reversed or belongs to another station shows itself: (1) of the reversed record, and (1) with the
// synthetics of every other station, are given beside its own.
#pragma once

#include <Eigen/Core>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "data/event.h"
#include "data/synthesizer.h"
#include "fmnet/config.h"

namespace fmnet {

// Lags in samples: C and S of equation (2).
struct LagLimits {
  int common = 0, station = 0;
  int longest() const { return common + station; }
};

// Synthetics at the stations of a configuration for one epicentre and several depths, `longest_lag` samples longer than
// the network's window on either side. The Green's functions have as many samples as the configuration says and the lags add, or as
// the window of the latest P needs: an event may be farther away than those of the grid.
class EventSynthetics {
 public:
  EventSynthetics(const Config& config, const data::Event& event, const std::vector<double>& depths_km,
                  int longest_lag);

  // n_rows x (n_samples + 2 longest_lag), m for 1 N m.
  Eigen::ArrayXXd rows(std::size_t depth_index, const propagator::FocalMechanism& mechanism) const;

 private:
  std::shared_ptr<const data::Synthesizer> synthesizer_;
};

struct TraceFit {
  double correlation = 0.0;  // 0 where one of the two is zero
  int lag = 0;               // the record is later by this many samples
};

struct StationFit {
  int slot = 0;
  double correlation = 0.0;  // (1), largest within the lags allowed
  int lag = 0;
  double reversed = 0.0;  // the same for the record with its sign reversed
  int best_slot = 0;      // the station whose synthetics this record fits best
  double best_slot_correlation = 0.0;
  double amplitude_ratio = 0.0;  // this station's own M0 over that of all
  std::array<TraceFit, 3> traces;
};

struct WaveformFit {
  std::vector<StationFit> stations;  // those with records, in the order of their slots
  int common_lag = 0;                // l0 of (2)
  double mean_correlation = 0.0;     // over stations
  double mean_correlation_at_no_common_lag = 0.0;
  double mean_trace_correlation = 0.0;  // over components with a record
  double variance_reduction = 0.0;      // (3)
  double moment_N_m = 0.0;              // (3)
};

// amplitudes: the window in m or m/s, n_rows x n_samples; slot_used: which slots have records (at least one);
// synthetics: as EventSynthetics::rows with longest_lag = limits.longest().
// Throws std::invalid_argument for shapes that do not fit together.
WaveformFit fit_waveforms(const data::Waveforms& amplitudes, const std::vector<bool>& slot_used,
                          const Eigen::ArrayXXd& synthetics, const data::PreprocessSettings& preprocess,
                          const LagLimits& limits);

}  // namespace fmnet
