#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/train_command.h"

namespace apps {

void add_train(CLI::App& app, Program& program) {
  struct Options {
    std::string greens, output;
    std::int64_t n_samples = 0, seed = -1;
    int epochs = 0;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("train", "Train the network; goes on where an earlier run was interrupted");
  const auto experiment = add_experiment(*command);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  command->add_option("--output", o->output, "Folder of weights, log and checkpoints")->required();
  command->add_option("--samples", o->n_samples, "Training samples, instead of the configuration's")
      ->check(CLI::Range(1, 1000000000));
  command->add_option("--epochs", o->epochs, "Epochs, instead of the configuration's")->check(CLI::Range(1, 1000000));
  command->add_option("--seed", o->seed, "Seed, instead of the configuration's")->check(CLI::Range(0, 2147483647));
  add_check(*command, program);
  command->callback([o, experiment, &program] {
    program.action = [o, experiment, &program] {
      fmnet::Config config = experiment->config();
      if (o->n_samples > 0) config.training.n_samples = o->n_samples;
      if (o->epochs > 0) config.training.epochs = o->epochs;
      if (o->seed >= 0) config.seed = static_cast<std::uint64_t>(o->seed);
      return status_of(fmnet::run_train(config, o->greens, o->output, step_mode(program)), "train");
    };
  });
}

}  // namespace apps
