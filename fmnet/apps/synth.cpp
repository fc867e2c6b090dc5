#include <fmt/format.h>

#include <map>
#include <memory>
#include <numbers>
#include <optional>

#include "data/event.h"
#include "data/station.h"
#include "data/text_table.h"
#include "fmnet/apps/commands.h"
#include "fmnet/commands/synth_command.h"
#include "propagator/errors.h"
#include "propagator/focal_mechanism.h"

namespace apps {
namespace {

using propagator::GreensSettings;
using propagator::InputError;

struct SynthOptions {
  std::string model, mechanism, event, stations, output, name = "greens";
  std::vector<double> depths_km, distances_km, azimuths_deg, tensor, force;
  std::optional<double> magnitude;
  double moment_n_m = 1.0;
  bool velocity = false;
  double duration_s = 0.0, rise = 0.5;
  GreensSettings greens;
  data::GreensConvention convention = data::GreensConvention::ours;
  fmnet::ExportFormat format = fmnet::ExportFormat::sac;
  propagator::SourceTime source_time = propagator::SourceTime::impulse;
  bool as_fk = false;
};

// A name of an enumeration; anything else, its number too, is refused with the list of names.
template <class Enum>
CLI::Validator one_of(const std::map<std::string, Enum>& names) {
  std::string list;
  for (const auto& [name, value] : names) list += (list.empty() ? "" : ",") + name;
  const auto to_number = [names, list](std::string& text) {
    const auto found = names.find(text);
    if (found == names.end()) return fmt::format("{} not in {{{}}}", text, list);
    text = std::to_string(static_cast<int>(found->second));
    return std::string();
  };
  return CLI::Validator(to_number, "{" + list + "}");
}

void add_greens_options(CLI::App& command, SynthOptions& o) {
  command.add_option("--model", o.model, "Layers: lines of thickness vp vs density Qp Qs, or MODEL.01")->required();
  command.add_option("--samples", o.greens.n_samples, "Number of samples (default 256)");
  command.add_option("--dt", o.greens.dt_s, "Sampling interval in s (default 1)");
  command.add_option("--first-sample", o.greens.first_sample_s, "Time of the first sample after the origin, s");
  command.add_option("--min-frequency", o.greens.min_frequency_hz, "Lowest frequency, Hz (default 0)");
  command.add_option("--max-frequency", o.greens.max_frequency_hz, "Highest frequency, Hz (default: Nyquist)");
  command.add_option("--tolerance", o.greens.wavenumbers.tolerance, "Of the sum over wavenumbers (default 1e-4)");
  command.add_option("--receiver-depth", o.greens.receiver_depth_km, "Depth of the receivers, km (default 0)");
  command.add_option("--attenuation", o.greens.attenuation, "constant_q or constant_q_real_shear_modulus (as fk)")
      ->transform(one_of<propagator::AttenuationLaw>(
          {{"constant_q", propagator::AttenuationLaw::constant_q},
           {"constant_q_real_shear_modulus", propagator::AttenuationLaw::constant_q_real_shear_modulus}}));
  command.add_option("--source-side", o.greens.source_side, "above or below: of a source on an interface")
      ->transform(one_of<propagator::InterfaceSide>(
          {{"above", propagator::InterfaceSide::above}, {"below", propagator::InterfaceSide::below}}));
}

int report(const fmnet::SynthFiles& files) {
  for (const std::string& path : files.paths) fmt::print("{}\n", path);
  fmt::print(stderr, "estimated error, relative to the largest series at a distance: at most {:.1e}\n",
             files.largest_error);
  return 0;
}

void set_source(const SynthOptions& o, fmnet::SynthRequest& request) {
  const int n_given = !o.mechanism.empty() + !o.tensor.empty() + !o.force.empty();
  if (n_given != 1) {
    throw InputError("", "", "", "", "one of --mechanism, --tensor and --force must be given");
  }
  const double moment_n_m = o.magnitude ? propagator::moment_n_m_of_magnitude(*o.magnitude) : o.moment_n_m;
  if (!o.mechanism.empty()) {
    request.tensor =
        propagator::moment_tensor(propagator::parse_focal_mechanism(o.mechanism, "--mechanism"), moment_n_m);
  }
  if (!o.tensor.empty()) {
    request.tensor = {o.tensor[0], o.tensor[1], o.tensor[2], o.tensor[3], o.tensor[4], o.tensor[5]};
  }
  if (!o.force.empty()) request.force = propagator::Force{o.force[0], o.force[1], o.force[2]};
}

void set_receivers(const SynthOptions& o, fmnet::SynthRequest& request) {
  if (!o.stations.empty()) {
    if (o.event.empty())
      throw InputError("", "", "", "", "--stations needs --event \"time,latitude,longitude,depth_km\" or event.json");
    const data::Event event = event_of(o.event);
    request.event = event;
    request.origin_ns = event.origin_ns;
    request.depth_km = event.depth_km;
    for (const data::Station& s : data::read_stations(o.stations)) {
      request.receivers.push_back(
          {s.network, s.code, data::geodesic(event.latitude_deg, event.longitude_deg, s.latitude_deg, s.longitude_deg),
           s});
    }
    return;
  }
  if (o.distances_km.empty() || o.distances_km.size() != o.azimuths_deg.size() || o.depths_km.size() != 1) {
    throw InputError("", "", "", "",
                     "--depth and as many --distance as --azimuth must be given, or --stations and --event");
  }
  request.depth_km = o.depths_km[0];
  for (std::size_t i = 0; i < o.distances_km.size(); ++i) {
    const double azimuth = o.azimuths_deg[i];
    const double back = azimuth < 180.0 ? azimuth + 180.0 : azimuth - 180.0;
    request.receivers.push_back({"SY", fmt::format("R{}", i + 1), {o.distances_km[i], azimuth, back}});
  }
}

int synth(const SynthOptions& o) {
  fmnet::SynthRequest request{propagator::read_layered_model(o.model), 0.0, 0, {}, {}, {}};
  set_source(o, request);
  set_receivers(o, request);
  request.quantity = o.velocity ? data::Quantity::velocity : data::Quantity::displacement;
  request.duration_s = o.duration_s;
  request.rise = o.rise;
  request.greens = o.greens;
  return report(run_synth(request, o.output));
}

int export_greens(const SynthOptions& o) {
  GreensSettings settings = o.greens;
  settings.source_time = o.source_time;
  if (o.as_fk) {
    settings = propagator::fk_settings(o.greens.n_samples, o.greens.dt_s, o.greens.first_sample_s);
    settings.receiver_depth_km = o.greens.receiver_depth_km;
    settings.source_side = o.greens.source_side;
  }
  const data::Quantity quantity =
      settings.source_time == propagator::SourceTime::impulse ? data::Quantity::velocity : data::Quantity::displacement;
  data::parse_name(o.name, 64, {"", "", "--name"});
  return report(run_export(propagator::read_layered_model(o.model), o.depths_km, o.distances_km, settings,
                           {o.output, o.name, o.convention, quantity, settings.receiver_depth_km}, o.format));
}

}  // namespace

void add_synth(CLI::App& app, Program& program) {
  const auto o = std::make_shared<SynthOptions>();
  CLI::App* command =
      app.add_subcommand("synth", "Three-component seismograms of a mechanism, tensor or force, as SAC");
  add_greens_options(*command, *o);
  CLI::Option* mechanism = command->add_option("--mechanism", o->mechanism, "strike/dip/rake");
  CLI::Option* magnitude = command->add_option("--magnitude", o->magnitude, "Mw of the mechanism");
  magnitude->check(in_range(-10.0, 12.0))->needs(mechanism);
  command->add_option("--moment", o->moment_n_m, "Moment of the mechanism in N m (default 1)")
      ->check(in_range(1e-30, 1e30))
      ->needs(mechanism)
      ->excludes(magnitude);
  command->add_option("--tensor", o->tensor, "Mxx,Myy,Mzz,Mxy,Mxz,Myz in N m; x north, y east, z down")
      ->delimiter(',')
      ->expected(6)
      ->check(in_range(-1e30, 1e30));
  command->add_option("--force", o->force, "Force north,east,down in N")
      ->delimiter(',')
      ->expected(3)
      ->check(in_range(-1e30, 1e30));
  CLI::Option* depth = command->add_option("--depth", o->depths_km, "Depth of the source, km")->expected(1);
  CLI::Option* distance = command->add_option("--distance", o->distances_km, "Distances, km: a,b,c")->delimiter(',');
  CLI::Option* azimuth = command->add_option("--azimuth", o->azimuths_deg, "Azimuths from the source, degrees: a,b,c")
                             ->delimiter(',')
                             ->check(in_range(0.0, 360.0));
  CLI::Option* stations =
      command->add_option("--stations", o->stations, "Table of stations instead of depth, distances and azimuths");
  for (CLI::Option* other : {depth, distance, azimuth}) stations->excludes(other);
  command
      ->add_option("--event", o->event,
                   "ComCat event.json, or \"time,latitude,longitude,depth_km\" (UTC, WGS84), with --stations")
      ->needs(stations);
  command->add_flag("--velocity", o->velocity, "Velocity instead of displacement");
  CLI::Option* duration =
      command->add_option("--duration", o->duration_s, "Duration of the moment rate, s (default 0: a step of moment)");
  command->add_option("--rise", o->rise, "Rising part of the duration, 0-0.5 (default 0.5: a triangle)")
      ->needs(duration);
  command->add_option("--output", o->output, "Folder of the SAC files")->required();
  command->callback([o, &program] { program.action = [o] { return synth(*o); }; });
}

void add_export(CLI::App& app, Program& program) {
  const auto o = std::make_shared<SynthOptions>();
  CLI::App* command = app.add_subcommand("export", "Green's functions as SAC or npy, in our, fk's or CPS' convention");
  add_greens_options(*command, *o);
  command->add_option("--depth", o->depths_km, "Depths of the source, km: a,b,c")->delimiter(',')->required();
  command->add_option("--distance", o->distances_km, "Distances, km: a,b,c")->delimiter(',')->required();
  command->add_option("--name", o->name, "Name of the model in file names (default greens)");
  command->add_option("--convention", o->convention, "ours (m per N m), fk or cps (cm per 1e20 dyne cm)")
      ->transform(one_of<data::GreensConvention>({{"ours", data::GreensConvention::ours},
                                                  {"fk", data::GreensConvention::fk},
                                                  {"cps", data::GreensConvention::cps}}));
  command->add_option("--format", o->format, "sac or npy")
      ->transform(one_of<fmnet::ExportFormat>({{"sac", fmnet::ExportFormat::sac}, {"npy", fmnet::ExportFormat::npy}}));
  CLI::Option* source_time =
      command->add_option("--source-time", o->source_time, "impulse (default; what fk and CPS mean) or step, of moment")
          ->transform(one_of<propagator::SourceTime>(
              {{"impulse", propagator::SourceTime::impulse}, {"step", propagator::SourceTime::step}}));
  CLI::Option* as_fk = command->add_flag(
      "--as-fk", o->as_fk, "Sum and window as the program fk at its defaults, for a comparison sample by sample");
  for (const char* other : {"--min-frequency", "--max-frequency", "--tolerance", "--attenuation"}) {
    as_fk->excludes(command->get_option(other));
  }
  as_fk->excludes(source_time);
  command->add_option("--output", o->output, "Folder of the files")->required();
  command->callback([o, &program] { program.action = [o] { return export_greens(*o); }; });
}

}  // namespace apps
