#include "fmnet/trust/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/geodesy.h"
#include "fmnet/plane_json.h"
#include "propagator/moment_tensor.h"

namespace fmnet {
namespace {

using nlohmann::json;

constexpr double common_lag_s = 15.0;
constexpr double shallowest_km = 0.1;
const char* const curve_name[n_curves] = {"strike", "dip", "rake"};
const char* const component_name[] = {"E", "N", "Z"};

std::string name_of(const data::Station& s) { return s.network + "." + s.code; }

// ---- conventions ---------------------------------------------------------------------------------------------------

struct Convention {
  const char* change;
  double sign[data::n_components];
  bool exchange_north_and_east;
};
constexpr Convention conventions[] = {{"east and west exchanged", {-1.0, 1.0, 1.0}, false},
                                      {"north and south exchanged", {1.0, -1.0, 1.0}, false},
                                      {"up and down exchanged", {1.0, 1.0, -1.0}, false},
                                      {"north and east exchanged", {1.0, 1.0, 1.0}, true}};

data::Waveforms changed(const data::Waveforms& rows, const Convention& convention,
                        const data::PreprocessSettings& preprocess) {
  data::Waveforms result = rows;
  for (int slot = 0; slot < data::n_slots(preprocess); ++slot) {
    for (int c = 0; c < data::n_components; ++c) {
      const int from = convention.exchange_north_and_east && c < 2 ? 1 - c : c;
      result.row(data::row_of(slot, c, preprocess)) =
          static_cast<float>(convention.sign[c]) * rows.row(data::row_of(slot, from, preprocess));
    }
  }
  return result;
}

// ---- warnings ------------------------------------------------------------------------------------------------------

void warn_of_curves(const Trust& trust, std::vector<std::string>& warnings) {
  for (std::size_t i = 0; i < trust.curves.size(); ++i) {
    const CurveTrust& curve = trust.curves[i];
    if (curve.height < 0.5 || curve.likeness < 0.9) {  // (1)
      warnings.push_back(fmt::format("the {} curve is no clear bell: height {:.2f}, likeness {:.2f}", curve_name[i],
                                     curve.height, curve.likeness));
    }
    if (curve.second_peak && curve.second_peak->relative_height > 0.5) {  // (1)
      warnings.push_back(fmt::format("the {} curve has a second peak at {:.0f} degrees, {:.2f} of the first",
                                     curve_name[i], curve.second_peak->angle_deg, curve.second_peak->relative_height));
    }
  }
}

// Where the mechanism explains the others.
void warn_of_station(const StationFit& fit, const Config& config, std::vector<std::string>& warnings) {
  const auto station = [&config](int slot) { return name_of(config.stations[static_cast<std::size_t>(slot)]); };
  const std::string name = station(fit.slot);
  const double better = fit.correlation + 0.3;
  if (fit.reversed > std::max(better, 0.6)) {  // (3)
    warnings.push_back(fmt::format("{} fits reversed: {:.2f}, as it is {:.2f}", name, fit.reversed, fit.correlation));
  } else if (fit.best_slot_correlation > std::max(better, 0.6)) {  // (3)
    warnings.push_back(fmt::format("{} fits the synthetics of {}: {:.2f}, its own {:.2f}", name, station(fit.best_slot),
                                   fit.best_slot_correlation, fit.correlation));
  } else if (fit.correlation < 0.3) {  // (3)
    warnings.push_back(fmt::format("{} does not fit: correlation {:.2f}", name, fit.correlation));
  }
  if (fit.correlation > 0.3 && !(fit.amplitude_ratio > 0.1 && fit.amplitude_ratio < 10.0)) {  // (4)
    warnings.push_back(
        fmt::format("{} has {:.2g} times the amplitude that the others tell", name, fit.amplitude_ratio));
  }
}

std::vector<std::string> warnings_of(const Trust& trust, const Config& config) {
  std::vector<std::string> warnings;
  const WaveformFit& fit = trust.fit;
  warn_of_curves(trust, warnings);
  if (fit.mean_correlation < 0.6) {  // (2)
    warnings.push_back(
        fmt::format("the mechanism explains the records badly: mean correlation {:.2f}", fit.mean_correlation));
  }
  for (const StationFit& station : fit.stations) {
    if (fit.mean_correlation >= 0.6) warn_of_station(station, config, warnings);
  }
  const double mw = fit.moment_N_m > 0.0 ? propagator::moment_magnitude(fit.moment_N_m) : 0.0;
  if (!(mw >= 2.0 && mw <= 9.5)) {  // (5)
    warnings.push_back(
        fmt::format("the moment that fits, {:.2g} N m, is that of no earthquake: wrong unit?", fit.moment_N_m));
  }
  for (const ConventionFit& c : trust.conventions) {
    if (c.mean_correlation > fit.mean_correlation + 0.1) {  // (6)
      warnings.push_back(fmt::format("with {} the records would fit better: {:.2f}", c.change, c.mean_correlation));
    }
  }
  const double lag_s = fit.common_lag * config.preprocess.dt_s;
  if (std::abs(lag_s) >= 3.0) {  // (7)
    warnings.push_back(fmt::format("the records are {:.0f} s {} than the synthetics: origin time, or a long source",
                                   std::abs(lag_s), lag_s > 0.0 ? "later" : "earlier"));
  }
  return warnings;
}

// The value between the ends of an axis that is nearest to x.
double nearest_on(const data::Axis& axis, double x) { return std::clamp(x, axis.first, axis.value(axis.count - 1)); }

bool is_outside(const data::Axis& axis, double x) { return std::abs(x - nearest_on(axis, x)) > 0.5 * axis.step; }

// ---- JSON ----------------------------------------------------------------------------------------------------------

json curves_json(const Trust& trust) {
  json object = json::object();
  for (std::size_t i = 0; i < trust.curves.size(); ++i) {
    const CurveTrust& c = trust.curves[i];
    object[curve_name[i]] = {{"height", c.height}, {"width_deg", c.width_deg}, {"likeness", c.likeness}};
    object[curve_name[i]]["second_peak"] = c.second_peak ? json{{"angle_deg", c.second_peak->angle_deg},
                                                                {"relative_height", c.second_peak->relative_height}}
                                                         : json(nullptr);
  }
  return object;
}

json station_json(const StationFit& fit, const Config& config) {
  const double dt_s = config.preprocess.dt_s;
  const auto station = [&config](int slot) { return name_of(config.stations[static_cast<std::size_t>(slot)]); };
  json traces = json::object();
  for (std::size_t c = 0; c < fit.traces.size(); ++c) {
    traces[component_name[c]] = {{"correlation", fit.traces[c].correlation}, {"lag_s", fit.traces[c].lag * dt_s}};
  }
  return {{"station", station(fit.slot)},
          {"correlation", fit.correlation},
          {"lag_s", fit.lag * dt_s},
          {"reversed", fit.reversed},
          {"fits_best", station(fit.best_slot)},
          {"fits_best_correlation", fit.best_slot_correlation},
          {"amplitude_ratio", fit.amplitude_ratio},
          {"traces", traces}};
}

json fit_json(const WaveformFit& fit, const Config& config) {
  return {
      {"mean_correlation", fit.mean_correlation},
      {"mean_correlation_at_no_common_lag", fit.mean_correlation_at_no_common_lag},
      {"mean_trace_correlation", fit.mean_trace_correlation},
      {"common_lag_s", fit.common_lag * config.preprocess.dt_s},
      {"variance_reduction", fit.variance_reduction},
      {"moment_N_m", fit.moment_N_m},
      {"moment_magnitude", fit.moment_N_m > 0.0 ? json(propagator::moment_magnitude(fit.moment_N_m)) : json(nullptr)}};
}

}  // namespace

std::vector<std::string> warnings_of_place(const Config& config, const data::Event& event) {
  const data::Axis &lat = config.grid.latitude_deg, &lon = config.grid.longitude_deg, &depth = config.grid.depth_km;
  // The longitude within half a turn of the grid's middle.
  const double middle_deg = 0.5 * (lon.first + lon.value(lon.count - 1));
  const double longitude_deg = middle_deg + std::remainder(event.longitude_deg - middle_deg, 360.0);
  std::vector<std::string> warnings;
  if (is_outside(lat, event.latitude_deg) || is_outside(lon, longitude_deg)) {  // (8)
    const double km = data::geodesic(event.latitude_deg, event.longitude_deg, nearest_on(lat, event.latitude_deg),
                                     nearest_on(lon, longitude_deg))
                          .distance_km;
    warnings.push_back(fmt::format(
        "the epicentre lies {:.0f} km outside the trained grid (latitude {:g} to {:g}, longitude {:g} to {:g})", km,
        lat.first, lat.value(lat.count - 1), lon.first, lon.value(lon.count - 1)));
  }
  if (is_outside(depth, event.depth_km)) {  // (8)
    warnings.push_back(fmt::format("the depth, {:g} km, lies {:.1f} km outside the trained grid ({:g} to {:g} km)",
                                   event.depth_km, std::abs(event.depth_km - nearest_on(depth, event.depth_km)),
                                   depth.first, depth.value(depth.count - 1)));
  }
  return warnings;
}

double synthetic_depth_km(const data::Event& event) { return std::max(event.depth_km, shallowest_km); }

Config as_trained(const Config& in_use, const Config& trained) {
  Config config = in_use;
  config.grid = trained.grid;
  config.augment = trained.augment;
  return config;
}

LagLimits lag_limits(const Config& config) {
  return {static_cast<int>(common_lag_s / config.preprocess.dt_s),
          std::max(2, config.augment.max_station_shift_samples)};
}

Trust assess_trust(const Config& config, const data::Event& event, const data::RecordWindow& window,
                   const LabelCurves& curves, const PlaneOf& plane_of,
                   const std::optional<propagator::FocalMechanism>& reference) {
  Trust trust;
  const propagator::FocalMechanism plane = decode_curves(curves, config.label);
  trust.limits = lag_limits(config);
  trust.curves = assess_curves(curves, config.label);
  std::vector<double> depths_km = {synthetic_depth_km(event)};
  for (int i = 0; i < config.grid.depth_km.count; ++i) {
    depths_km.push_back(std::max(0.0, config.grid.depth_km.value(i)));  // rounding may end an axis above the surface
  }
  const EventSynthetics synthetics(config, event, depths_km, trust.limits.longest());
  const auto fit = [&](const data::Waveforms& rows, const Eigen::ArrayXXd& synthetic) {
    return fit_waveforms(rows, window.slot_used, synthetic, config.preprocess, trust.limits);
  };
  trust.synthetics = synthetics.rows(0, plane);
  trust.fit = fit(window.amplitudes, trust.synthetics);
  if (reference) trust.reference_fit = fit(window.amplitudes, synthetics.rows(0, *reference));
  for (std::size_t i = 1; i < depths_km.size(); ++i) {
    const WaveformFit at_depth = fit(window.amplitudes, synthetics.rows(i, plane));
    trust.depths.push_back({depths_km[i], at_depth.mean_correlation});
  }
  for (const Convention& convention : conventions) {
    const data::Waveforms rows = changed(window.amplitudes, convention, config.preprocess);
    data::Waveforms normalized = rows;
    data::normalize(normalized, config.preprocess);
    const propagator::FocalMechanism now = plane_of(normalized);
    trust.conventions.push_back({convention.change, now, fit(rows, synthetics.rows(0, now)).mean_correlation});
  }
  trust.warnings = warnings_of_place(config, event);
  for (std::string& warning : warnings_of(trust, config)) trust.warnings.push_back(std::move(warning));
  return trust;
}

json trust_json(const Trust& trust, const Config& config) {
  json stations = json::array(), depths = json::array(), changes = json::array();
  for (const StationFit& station : trust.fit.stations) stations.push_back(station_json(station, config));
  for (const DepthFit& d : trust.depths) {
    depths.push_back({{"depth_km", d.depth_km}, {"mean_correlation", d.mean_correlation}});
  }
  for (const ConventionFit& c : trust.conventions) {
    json change = plane_json(c.plane);
    change["change"] = c.change;
    change["mean_correlation"] = c.mean_correlation;
    changes.push_back(change);
  }
  json result = {{"curves", curves_json(trust)}, {"fit", fit_json(trust.fit, config)},
                 {"stations", stations},         {"depths", depths},
                 {"conventions", changes},       {"warnings", trust.warnings}};
  if (trust.reference_fit) result["reference_fit"] = fit_json(*trust.reference_fit, config);
  return result;
}

}  // namespace fmnet
