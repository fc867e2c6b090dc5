#include "fmnet/commands/synth_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/directory.h"
#include "fmnet/progress.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

// What the propagator refuses came from the command line: its words, as wrong input.
template <class Work>
auto as_input(const Work& work) {
  try {
    return work();
  } catch (const std::invalid_argument& error) {
    throw propagator::InputError("", "", "", "", error.what());
  }
}

std::vector<propagator::GreensFunctions> compute(const propagator::LayeredModel& model,
                                                 const std::vector<double>& depths_km,
                                                 const std::vector<double>& distances_km,
                                                 const propagator::GreensSettings& settings) {
  return as_input([&] {
    ProgressLine line(true);
    return compute_greens_functions(model, depths_km, distances_km, settings, [&line](double fraction_done) {
      line.show(fmt::format("Green's functions  {:.0f} %", 100.0 * fraction_done));
    });
  });
}

struct Component {
  const char* name;
  const Eigen::ArrayXd* samples;
  data::Orientation orientation;
};

std::vector<std::string> write_receiver(const SynthRequest& request, const SynthReceiver& receiver,
                                        const propagator::GreensFunctions& greens, const Eigen::ArrayXd& rate,
                                        const std::string& directory) {
  const double azimuth_rad = receiver.path.azimuth_deg * std::numbers::pi / 180.0;
  const propagator::GroundMotion motion = request.tensor ? ground_motion(greens, *request.tensor, azimuth_rad)
                                                         : ground_motion(greens, *request.force, azimuth_rad);
  const double radial_deg = std::fmod(receiver.path.back_azimuth_deg + 180.0, 360.0);
  const Component components[] = {{"Z", &motion.up, {0.0, -90.0}},
                                  {"R", &motion.radial, {radial_deg, 0.0}},
                                  {"T", &motion.transverse, {std::fmod(radial_deg + 90.0, 360.0), 0.0}}};
  data::SacGeometry geometry{
      receiver.path.distance_km,
      receiver.path.azimuth_deg,
      receiver.path.back_azimuth_deg,
      request.depth_km,
      request.greens.receiver_depth_km,
      first_p(request.model, request.depth_km, receiver.path.distance_km, request.greens.receiver_depth_km),
      first_s(request.model, request.depth_km, receiver.path.distance_km, request.greens.receiver_depth_km)};
  if (receiver.station) {
    geometry.station_latitude_deg = receiver.station->latitude_deg;
    geometry.station_longitude_deg = receiver.station->longitude_deg;
    geometry.station_elevation_m = receiver.station->elevation_m;
  }
  if (request.event) {
    geometry.source_latitude_deg = request.event->latitude_deg;
    geometry.source_longitude_deg = request.event->longitude_deg;
  }
  std::vector<std::string> paths;
  for (const Component& c : components) {
    data::Trace trace;
    trace.network = receiver.network;
    trace.station = receiver.code;
    trace.channel = c.name;
    trace.start_ns = request.origin_ns + std::llround(greens.first_sample_s * 1e9);
    trace.dt_s = greens.dt_s;
    trace.quantity = request.quantity;
    trace.samples = propagator::with_source_time(*c.samples, rate);
    paths.push_back(fmt::format("{}/{}.{}.{}.sac", directory, receiver.network, receiver.code, c.name));
    data::write_file_atomically(paths.back(), synthetic_sac_bytes({trace, c.orientation}, {request.quantity, 1.0},
                                                                  request.origin_ns, geometry));
  }
  return paths;
}

}  // namespace

double finite_error(const std::vector<propagator::GreensFunctions>& greens) {
  double largest = 0.0;
  for (const propagator::GreensFunctions& g : greens) {
    if (!std::isfinite(g.error)) {
      throw propagator::InputError("", "", "estimated error", fmt::format("{}", g.error),
                                   "must be finite: the samples hold no waves, or the band too few frequencies; change "
                                   "--first-sample, --samples, --dt or --max-frequency");
    }
    largest = std::max(largest, g.error);
  }
  return largest;
}

SynthFiles run_synth(const SynthRequest& request, const std::string& directory) {
  propagator::GreensSettings settings = request.greens;
  settings.source_time =
      request.quantity == data::Quantity::velocity ? propagator::SourceTime::impulse : propagator::SourceTime::step;
  if (request.quantity == data::Quantity::velocity && settings.lead_samples < 0) settings.lead_samples = 32;
  settings.excitation = request.force ? propagator::Excitation::single_force : propagator::Excitation::moment_tensor;
  const Eigen::ArrayXd rate = as_input(
      [&] { return propagator::moment_rate(settings.n_samples, settings.dt_s, request.duration_s, request.rise); });
  std::vector<double> distances_km;
  for (const SynthReceiver& receiver : request.receivers) distances_km.push_back(receiver.path.distance_km);
  const std::vector<propagator::GreensFunctions> greens =
      compute(request.model, {request.depth_km}, distances_km, settings);
  SynthFiles files{{}, finite_error(greens)};
  data::make_directory(directory);
  for (std::size_t i = 0; i < greens.size(); ++i) {
    for (std::string& path : write_receiver(request, request.receivers[i], greens[i], rate, directory)) {
      files.paths.push_back(std::move(path));
    }
  }
  return files;
}

SynthFiles run_export(const propagator::LayeredModel& model, const std::vector<double>& depths_km,
                      const std::vector<double>& distances_km, const propagator::GreensSettings& greens,
                      const data::GreensExport& target, ExportFormat format) {
  propagator::GreensSettings settings = greens;
  settings.excitation = propagator::Excitation::moment_tensor;
  const std::vector<propagator::GreensFunctions> all = compute(model, depths_km, distances_km, settings);
  const double error = finite_error(all);
  if (format == ExportFormat::npy) return {export_npy(target, depths_km, distances_km, all), error};
  return {export_sac(target, model, all), error};
}

}  // namespace fmnet
