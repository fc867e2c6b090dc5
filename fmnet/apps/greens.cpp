#include "fmnet/commands/greens_command.h"

#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"

namespace apps {

void add_greens(CLI::App& app, Program& program) {
  const auto output = std::make_shared<std::string>("greens.bin");
  CLI::App* command =
      app.add_subcommand("greens", "Compute the Green's functions of all places and stations of a configuration");
  const auto experiment = add_experiment(*command);
  command->add_option("--output", *output, "File of the library (default greens.bin); manifest.json lies beside it");
  add_check(*command, program);
  command->callback([experiment, output, &program] {
    program.action = [experiment, output, &program] {
      return status_of(fmnet::run_greens(experiment->config(), *output, step_mode(program)), "greens");
    };
  });
}

}  // namespace apps
