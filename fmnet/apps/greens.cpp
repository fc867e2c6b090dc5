#include "fmnet/commands/greens_command.h"

#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/apps/test_world.h"

namespace apps {

void add_greens(CLI::App& app, Program& program) {
  struct Options {
    std::string output = "greens.bin";
    int margin = 0;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("greens", "Compute the Green's functions of all places and stations of a configuration");
  const auto experiment = add_experiment(*command);
  const auto world = add_test_world(*command);
  command->add_option("--output", o->output, "File of the library (default greens.bin); manifest.json lies beside it");
  command
      ->add_option("--margin", o->margin,
                   "Samples kept on both sides of the window, where more than the training's largest shift are wanted")
      ->check(CLI::Range(0, 64));
  add_check(*command, program);
  command->callback([experiment, world, o, &program] {
    program.action = [experiment, world, o, &program] {
      const fmnet::Config config = fmnet::config_of(experiment->config(), *world);
      return status_of(fmnet::run_greens(config, o->margin, o->output, step_mode(program)), "greens");
    };
  });
}

}  // namespace apps
