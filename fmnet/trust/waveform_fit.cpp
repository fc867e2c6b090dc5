#include "fmnet/trust/waveform_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "data/geodesy.h"
#include "propagator/travel_time.h"

namespace fmnet {
namespace {

using Rows = Eigen::ArrayXXd;

struct Products {
  double ds = 0.0, dd = 0.0, ss = 0.0;  // sums of record times synthetic, and of the squares
  void add(const Products& other) {
    ds += other.ds;
    dd += other.dd;
    ss += other.ss;
  }
  double correlation() const { return dd > 0.0 && ss > 0.0 ? ds / std::sqrt(dd * ss) : 0.0; }  // (1)
};

// The window's record of one slot against the synthetics of another (mostly the same) at every lag.
class Comparison {
 public:
  Comparison(const Rows& records, const Rows& synthetics, const data::PreprocessSettings& preprocess, int longest_lag)
      : records_(records), synthetics_(synthetics), preprocess_(preprocess), longest_lag_(longest_lag) {}

  // A record that is `lag` samples later than its synthetic meets the synthetic's samples that are `lag` earlier.
  Products component(int record_slot, int synthetic_slot, int c, int lag) const {
    const auto d = records_.row(data::row_of(record_slot, c, preprocess_));
    const auto s =
        synthetics_.row(data::row_of(synthetic_slot, c, preprocess_)).segment(longest_lag_ - lag, records_.cols());
    return {(d * s).sum(), d.square().sum(), s.square().sum()};
  }

  Products station(int record_slot, int synthetic_slot, int lag) const {
    Products sum;
    for (int c = 0; c < data::n_components; ++c) sum.add(component(record_slot, synthetic_slot, c, lag));
    return sum;
  }

 private:
  const Rows& records_;
  const Rows& synthetics_;
  const data::PreprocessSettings& preprocess_;
  int longest_lag_;
};

struct Best {
  double value = -2.0;
  int lag = 0;
};

// The largest value of `of_lag` within `reach` of `centre`, the one nearest to the centre of equals.
template <class Function>
Best largest(int centre, int reach, const Function& of_lag) {
  Best best;
  for (int step = 0; step <= 2 * reach; ++step) {
    const int lag = centre + (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
    const double value = of_lag(lag);
    if (value > best.value) best = {value, lag};
  }
  return best;
}

void check_arguments(const data::Waveforms& amplitudes, const std::vector<bool>& slot_used, const Rows& synthetics,
                     const data::PreprocessSettings& preprocess, const LagLimits& limits) {
  const Eigen::Index wanted = amplitudes.cols() + 2 * limits.longest();
  if (amplitudes.rows() != preprocess.n_rows || synthetics.rows() != preprocess.n_rows || synthetics.cols() != wanted) {
    throw std::invalid_argument(fmt::format(
        "fit_waveforms: records {} x {}, synthetics {} x {}: expected {} rows, {} samples of synthetics",
        amplitudes.rows(), amplitudes.cols(), synthetics.rows(), synthetics.cols(), preprocess.n_rows, wanted));
  }
  if (std::count(slot_used.begin(), slot_used.end(), true) == 0 ||
      static_cast<int>(slot_used.size()) > data::n_slots(preprocess)) {
    throw std::invalid_argument(
        fmt::format("fit_waveforms: slot_used: {} slots: expected up to {}, one with records at least",
                    slot_used.size(), data::n_slots(preprocess)));
  }
}

StationFit fit_station(const Comparison& compare, int slot, const std::vector<int>& slots, int common_lag, int reach) {
  StationFit fit;
  fit.slot = slot;
  const auto r_with = [&](int other) {
    return [&compare, slot, other](int lag) { return compare.station(slot, other, lag).correlation(); };
  };
  const Best own = largest(common_lag, reach, r_with(slot));
  fit.correlation = own.value;
  fit.lag = own.lag;
  fit.reversed = largest(common_lag, reach, [&](int lag) { return -r_with(slot)(lag); }).value;
  fit.best_slot = slot;
  fit.best_slot_correlation = own.value;
  for (const int other : slots) {
    const double r = largest(common_lag, reach, r_with(other)).value;
    if (r > fit.best_slot_correlation) {
      fit.best_slot = other;
      fit.best_slot_correlation = r;
    }
  }
  for (int c = 0; c < data::n_components; ++c) {
    const Best trace =
        largest(common_lag, reach, [&](int lag) { return compare.component(slot, slot, c, lag).correlation(); });
    fit.traces[static_cast<std::size_t>(c)] = {trace.value, trace.lag};
  }
  return fit;
}

// Equation (3) and the means over stations and traces.
void summarize(const Comparison& compare, WaveformFit& fit) {
  Products all;
  double sum = 0.0, sum_of_traces = 0.0;
  for (const StationFit& station : fit.stations) {
    all.add(compare.station(station.slot, station.slot, station.lag));
    sum += station.correlation;
    for (const TraceFit& trace : station.traces) sum_of_traces += trace.correlation;
  }
  const auto n = static_cast<double>(fit.stations.size());
  fit.mean_correlation = sum / n;
  fit.mean_trace_correlation = sum_of_traces / (n * data::n_components);
  if (!(all.ss > 0.0 && all.dd > 0.0)) return;
  fit.moment_N_m = all.ds / all.ss;                                            // (3)
  fit.variance_reduction = 1.0 - (all.dd - fit.moment_N_m * all.ds) / all.dd;  // (3)
  for (StationFit& station : fit.stations) {
    const Products own = compare.station(station.slot, station.slot, station.lag);
    if (own.ss > 0.0 && fit.moment_N_m != 0.0) station.amplitude_ratio = own.ds / own.ss / fit.moment_N_m;
  }
}

// How many samples the series of an event must have for the latest P.
int samples_needed_by_latest_p(const Config& config, const data::Event& event, const std::vector<double>& depths_km,
                               const data::GreensLibrarySettings& settings) {
  const propagator::LayeredModel model = config.layered_model();
  int n_needed = 0;
  for (const data::Station& s : config.stations) {
    const double distance_km =
        data::geodesic(event.latitude_deg, event.longitude_deg, s.latitude_deg, s.longitude_deg).distance_km;
    for (const double depth_km : depths_km) {
      n_needed =
          std::max(n_needed, data::samples_needed(propagator::first_p(model, depth_km, distance_km).time_s, settings));
    }
  }
  return n_needed;
}

}  // namespace

EventSynthetics::EventSynthetics(const Config& config, const data::Event& event, const std::vector<double>& depths_km,
                                 int longest_lag) {
  data::GreensLibrarySettings settings = config.greens_library_settings();
  settings.margin = 0;
  settings.preprocess.n_samples += 2 * longest_lag;
  settings.preprocess.before_p_s += longest_lag * settings.preprocess.dt_s;
  settings.greens.n_samples +=
      static_cast<int>(std::ceil(longest_lag * settings.preprocess.dt_s / settings.greens.dt_s));
  settings.greens.n_samples =
      std::max(settings.greens.n_samples, samples_needed_by_latest_p(config, event, depths_km, settings));
  std::vector<data::Place> places;
  for (const double depth_km : depths_km) places.push_back({event.latitude_deg, event.longitude_deg, depth_km});
  const auto library = std::make_shared<const data::GreensLibrary>(
      data::GreensLibrary::compute(config.layered_model(), config.stations, places, settings));
  data::AugmentSettings no_shifts = config.augment;
  no_shifts.max_event_shift_samples = no_shifts.max_station_shift_samples = 0;
  synthesizer_ = std::make_shared<const data::Synthesizer>(library, settings.preprocess, no_shifts, config.seed);
}

Eigen::ArrayXXd EventSynthetics::rows(std::size_t depth_index, const propagator::FocalMechanism& mechanism) const {
  return synthesizer_->ground_motion(static_cast<std::int64_t>(depth_index), mechanism).cast<double>().array();
}

WaveformFit fit_waveforms(const data::Waveforms& amplitudes, const std::vector<bool>& slot_used,
                          const Eigen::ArrayXXd& synthetics, const data::PreprocessSettings& preprocess,
                          const LagLimits& limits) {
  check_arguments(amplitudes, slot_used, synthetics, preprocess, limits);
  const Rows records = amplitudes.cast<double>().array();
  const Comparison compare(records, synthetics, preprocess, limits.longest());
  std::vector<int> slots;
  for (std::size_t slot = 0; slot < slot_used.size(); ++slot) {
    if (slot_used[slot]) slots.push_back(static_cast<int>(slot));
  }
  const auto best_at = [&](int slot, int common_lag) {
    return largest(common_lag, limits.station, [&](int lag) { return compare.station(slot, slot, lag).correlation(); });
  };
  const auto mean_at = [&](int common_lag) {
    double sum = 0.0;
    for (const int slot : slots) sum += best_at(slot, common_lag).value;
    return sum / static_cast<double>(slots.size());
  };
  WaveformFit fit;
  fit.mean_correlation_at_no_common_lag = mean_at(0);
  const int best = largest(0, limits.common, mean_at).lag;
  std::vector<int> lags;
  for (const int slot : slots) lags.push_back(best_at(slot, best).lag);
  std::sort(lags.begin(), lags.end());
  fit.common_lag = std::clamp(lags[lags.size() / 2], -limits.common, limits.common);  // (2)
  for (const int slot : slots) {
    fit.stations.push_back(fit_station(compare, slot, slots, fit.common_lag, limits.station));
  }
  summarize(compare, fit);
  return fit;
}

}  // namespace fmnet
