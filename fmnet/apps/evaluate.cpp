#include <fmt/format.h>

#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/evaluate_command.h"

namespace apps {

void add_evaluate(CLI::App& app, Program& program) {
  struct Options {
    std::string greens, weights, output;
    std::int64_t n_on_grid = 0, n_off_grid = 0;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Predict noisy synthetic events that were not trained on, and count how many are right");
  const auto experiment = add_experiment(*command);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  command->add_option("--weights", o->weights, "weights.safetensors of `fmnet train`")->required();
  command->add_option("--output", o->output, "Folder of tables and metrics.json")->required();
  command->add_option("--on-grid", o->n_on_grid, "Events with the grid's mechanisms (default: the preset's, or 972)")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--off-grid", o->n_off_grid, "Events with random mechanisms (default: the preset's, or 1000)")
      ->check(CLI::Range(1, 1000000));
  add_check(*command, program);
  command->callback([o, experiment, &program] {
    program.action = [o, experiment, &program] {
      fmnet::EvaluationSizes sizes;
      if (!experiment->preset_path.empty()) {
        const fmnet::Preset preset = fmnet::read_preset(experiment->preset_path);
        sizes = {preset.n_on_grid, preset.n_off_grid};
      }
      if (o->n_on_grid > 0) sizes.n_on_grid = o->n_on_grid;
      if (o->n_off_grid > 0) sizes.n_off_grid = o->n_off_grid;
      const fmnet::StepEnd end =
          fmnet::run_evaluate(experiment->config(), o->greens, o->weights, sizes, o->output, step_mode(program));
      if (end == fmnet::StepEnd::done) fmt::print("{}", fmnet::evaluation_lines(o->output));
      return status_of(end, "evaluate");
    };
  });
}

}  // namespace apps
