#include <fmt/format.h>

#include <memory>
#include <optional>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/apps/test_world.h"
#include "fmnet/commands/evaluate_command.h"

namespace apps {
namespace {

struct EvaluateOptions {
  std::string greens, weights, output, set;
  std::int64_t n_on_grid = -1, n_off_grid = -1;
  bool no_noise = false;
  std::vector<double> snr;
  std::optional<double> picking_error_s;
  std::optional<int> n_missing;
};

void add_conditions(CLI::App& command, const std::shared_ptr<EvaluateOptions>& o) {
  command.add_option("--set", o->set, "Name of this set of events; needed for all but the training's conditions");
  CLI::Option* no_noise = command.add_flag("--no-noise", o->no_noise, "Without noise");
  command.add_option("--snr", o->snr, "Lowest and highest signal-to-noise ratio, instead of the training's")
      ->expected(2)
      ->check(in_range(1e-3, 1e6))
      ->excludes(no_noise);
  command
      .add_option(
          "--picking-error", o->picking_error_s,
          "Standard deviation in s of each station's P time, instead of the training's shifts; the library needs a "
          "margin of three of them (fmnet greens --margin)")
      ->check(in_range(0.0, 60.0));
  command.add_option("--drop", o->n_missing, "Stations missing in each event, instead of the training's probability")
      ->check(CLI::Range(0, 15));
}

fmnet::TestConditions conditions_of(const EvaluateOptions& o) {
  fmnet::TestConditions conditions;
  conditions.noise = !o.no_noise;
  if (!o.snr.empty()) conditions.snr_range = {o.snr[0], o.snr[1]};
  conditions.picking_error_s = o.picking_error_s;
  conditions.n_missing = o.n_missing;
  return conditions;
}

}  // namespace

void add_evaluate(CLI::App& app, Program& program) {
  const auto o = std::make_shared<EvaluateOptions>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Predict synthetic events with noise and shifts of their own, and count how many are right");
  const auto experiment = add_experiment(*command);
  const auto world = add_test_world(*command);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made, of the same velocity model and places")
      ->required();
  command->add_option("--weights", o->weights, "weights.safetensors of `fmnet train`")->required();
  command->add_option("--output", o->output, "Folder of tables and metrics.json")->required();
  command->add_option("--on-grid", o->n_on_grid, "Events with the grid's mechanisms (default: the preset's, or 972)")
      ->check(CLI::Range(0, 1000000));
  command->add_option("--off-grid", o->n_off_grid, "Events with random mechanisms (default: the preset's, or 1000)")
      ->check(CLI::Range(0, 1000000));
  add_conditions(*command, o);
  add_check(*command, program);
  command->callback([o, experiment, world, &program] {
    program.action = [o, experiment, world, &program] {
      fmnet::EvaluationSet set;
      set.name = o->set;
      if (!experiment->preset_path.empty()) {
        const fmnet::Preset preset = fmnet::read_preset(experiment->preset_path);
        set.n_on_grid = preset.n_on_grid;
        set.n_off_grid = preset.n_off_grid;
      }
      if (o->n_on_grid >= 0) set.n_on_grid = o->n_on_grid;
      if (o->n_off_grid >= 0) set.n_off_grid = o->n_off_grid;
      set.world = *world;
      set.conditions = conditions_of(*o);
      const fmnet::StepEnd end =
          fmnet::run_evaluate(experiment->config(), o->greens, o->weights, set, o->output, step_mode(program));
      if (end == fmnet::StepEnd::done) fmt::print("{}", fmnet::evaluation_lines(o->output, fmnet::names_of(set)));
      return status_of(end, "evaluate");
    };
  });
}

void add_evaluate_foreign(CLI::App& app, Program& program) {
  struct Options {
    fmnet::ForeignPaths paths;
    std::string weights, output, set, quantity;
    double dt_s = 0.0;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "evaluate_foreign", "Predict waveforms of others whose mechanisms are known, and count how many are right");
  command->add_option("--weights", o->weights, "weights.safetensors of `fmnet train`")->required();
  command->add_option("--waveforms", o->paths.waveforms, "Array (.npy) [event, station, E N Z, sample]")->required();
  command
      ->add_option("--events", o->paths.events, "event,latitude_deg,longitude_deg,depth_km,strike_deg,dip_deg,rake_deg")
      ->required();
  command->add_option("--stations", o->paths.stations, "station,latitude_deg,longitude_deg")->required();
  command->add_option("--picks", o->paths.picks, "event,station,p_s: seconds after the first sample")->required();
  command->add_option("--dt", o->dt_s, "Sampling interval in s")->required();
  command->add_option("--quantity", o->quantity, "displacement or velocity")
      ->required()
      ->check(CLI::IsMember({"displacement", "velocity"}));
  command->add_option("--set", o->set, "Name of this set of events")->required();
  command->add_option("--output", o->output, "Folder of tables and metrics.json")->required();
  add_check(*command, program);
  command->callback([o, &program] {
    program.action = [o, &program] {
      const data::Quantity quantity =
          o->quantity == "velocity" ? data::Quantity::velocity : data::Quantity::displacement;
      const fmnet::StepEnd end =
          fmnet::run_evaluate_foreign(o->weights, o->paths, o->dt_s, quantity, o->set, o->output, step_mode(program));
      if (end == fmnet::StepEnd::done) fmt::print("{}", fmnet::evaluation_lines(o->output, {o->set}));
      return status_of(end, "evaluate_foreign");
    };
  });
}

}  // namespace apps
