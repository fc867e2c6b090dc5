#include "fmnet/trust/delay_scan.h"

#include <algorithm>
#include <stdexcept>

namespace fmnet {

std::vector<DelayStep> scan_delays(const Config& config, const data::Event& event, const std::vector<double>& delays_s,
                                   const WindowAt& window_at, const PlaneOf& plane_of) {
  if (delays_s.empty()) throw std::invalid_argument("scan_delays: delays_s: at least one expected");
  LagLimits limits = lag_limits(config);
  limits.common = 0;
  const EventSynthetics synthetics(config, event, {synthetic_depth_km(event)}, limits.longest());
  std::vector<DelayStep> steps;
  for (const double delay_s : delays_s) {
    const data::RecordWindow window = window_at(delay_s);
    if (window.n_stations_used < (steps.empty() ? 1 : steps.front().n_stations)) continue;
    const propagator::FocalMechanism plane = plane_of(window.waveforms);
    const WaveformFit fit =
        fit_waveforms(window.amplitudes, window.slot_used, synthetics.rows(0, plane), config.preprocess, limits);
    steps.push_back({delay_s, window.n_stations_used, plane, fit.mean_correlation});
  }
  if (steps.empty()) throw std::invalid_argument("scan_delays: no station can be used");
  return steps;
}

const DelayStep& best_delay(const std::vector<DelayStep>& steps) {
  return *std::max_element(steps.begin(), steps.end(), [](const DelayStep& a, const DelayStep& b) {
    return a.mean_correlation < b.mean_correlation;
  });
}

}  // namespace fmnet
