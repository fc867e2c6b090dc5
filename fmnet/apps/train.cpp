#include <filesystem>
#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/learning_rates_command.h"
#include "fmnet/commands/train_command.h"
#include "fmnet/config_names.h"

namespace apps {

void add_train(CLI::App& app, Program& program) {
  struct Options {
    std::string greens, output, convolution;
    std::int64_t n_samples = 0, seed = -1, stop_after_steps = -1;
    int epochs = 0;
    bool anew = false;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "train",
      "Train the network; goes on where an earlier run was interrupted; takes the weights that a preset comes with");
  const auto experiment = add_experiment(*command);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  command->add_option("--output", o->output, "Folder of weights, log and checkpoints")->required();
  command->add_option("--samples", o->n_samples, "Training samples, instead of the configuration's")
      ->check(CLI::Range(1, 1000000000));
  command->add_option("--epochs", o->epochs, "Epochs, instead of the configuration's")->check(CLI::Range(1, 100000));
  command->add_option("--seed", o->seed, "Seed, instead of the configuration's")->check(CLI::Range(0, 2147483647));
  command->add_option("--conv", o->convolution, "Method of the convolutions, instead of the configuration's")
      ->check(CLI::IsMember({"direct", "winograd"}));
  command
      ->add_option("--stop-after", o->stop_after_steps,
                   "Stop after so many steps of this run, as an interrupt does; the same command goes on")
      ->check(CLI::Range(1, 1000000000));
  command->add_flag("--anew", o->anew, "Train even where the preset comes with weights that are trained");
  add_check(*command, program);
  command->callback([o, experiment, &program] {
    program.action = [o, experiment, &program] {
      fmnet::Config config = experiment->config();
      const std::string shipped = experiment->shipped_path();
      const bool is_preset_as_it_is =
          o->n_samples == 0 && o->epochs == 0 && o->seed < 0 && o->convolution.empty() && o->stop_after_steps < 0;
      if (!o->anew && is_preset_as_it_is && !shipped.empty() && std::filesystem::is_directory(shipped)) {
        return status_of(fmnet::run_shipped(config, o->greens, shipped, o->output, step_mode(program)), "train");
      }
      if (o->n_samples > 0) {
        fmnet::require_samples(o->n_samples, config, {"", "", "--samples"});
        config.training.n_samples = o->n_samples;
      }
      if (o->epochs > 0) config.training.epochs = o->epochs;
      if (o->seed >= 0) config.seed = static_cast<std::uint64_t>(o->seed);
      fmnet::convolution_method_names().find(o->convolution, config.training.convolution);
      return status_of(fmnet::run_train(config, o->greens, o->output, step_mode(program), o->stop_after_steps),
                       "train");
    };
  });
}

void add_learning_rates(CLI::App& app, Program& program) {
  struct Options {
    std::string greens, output;
    std::vector<double> rates = {1e-5, 1e-4, 1e-3, 3e-3, 1e-2};
    std::int64_t n_samples = 0;
    bool anew = false;
  };
  const auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "learning_rates",
      "Short trainings that differ in the learning rate alone (Figure S8); takes the results that a preset comes with");
  const auto experiment = add_experiment(*command);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  command->add_option("--output", o->output, "Folder of results")->required();
  CLI::Option* rates = command->add_option("--rates", o->rates, "Learning rates (default 1e-5 1e-4 1e-3 3e-3 1e-2)");
  rates->check(in_range(1e-9, 1.0));
  command
      ->add_option("--samples", o->n_samples, "Samples of each training, one epoch (default: the preset's, or 16000)")
      ->check(CLI::Range(2, 1000000000));
  command->add_flag("--anew", o->anew, "Train even where the preset comes with results");
  add_check(*command, program);
  command->callback([o, rates, experiment, &program] {
    program.action = [o, rates, experiment, &program] {
      std::int64_t n_samples = o->n_samples;
      const bool is_preset_as_it_is = n_samples == 0 && rates->empty();
      if (n_samples == 0) {
        n_samples = experiment->preset_path.empty()
                        ? 16000
                        : fmnet::read_preset(experiment->preset_path).n_learning_rate_samples;
      }
      const fmnet::Config config = experiment->config();
      fmnet::require_samples(n_samples, config, {"", "", o->n_samples > 0 ? "--samples" : "n_learning_rate_samples"});
      const std::string shipped = experiment->shipped_path();
      if (!o->anew && is_preset_as_it_is && !shipped.empty() && fmnet::has_learning_rates(shipped)) {
        return status_of(fmnet::run_shipped_learning_rates(config, n_samples, shipped, o->output, step_mode(program)),
                         "learning_rates");
      }
      return status_of(fmnet::run_learning_rates(config, o->greens, o->rates, n_samples, o->output, step_mode(program)),
                       "learning_rates");
    };
  });
}

}  // namespace apps
