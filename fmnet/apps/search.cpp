#include "fmnet/commands/search_agreement_command.h"
#include "fmnet/commands/search_command.h"

#include <fmt/format.h>

#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"

namespace apps {
namespace {

struct SearchOptions {
  fmnet::SearchInputs inputs;
  std::string output;
  fmnet::SearchedEvent event;
  std::int64_t n_events = 0;
  int place_step = 0;  // 0: not given
};

// The inputs with what the preset says where the command line says nothing.
fmnet::SearchInputs inputs_of(const SearchOptions& o, const Experiment& experiment) {
  fmnet::SearchInputs inputs = o.inputs;
  inputs.config = experiment.config();
  if (o.place_step > 0) {
    inputs.place_step = o.place_step;
  } else if (!experiment.preset_path.empty()) {
    inputs.place_step = fmnet::read_preset(experiment.preset_path).search_place_step;
  }
  return inputs;
}

std::int64_t n_events_of(const SearchOptions& o, const Experiment& experiment) {
  if (o.n_events > 0) return o.n_events;
  return experiment.preset_path.empty() ? 1000 : fmnet::read_preset(experiment.preset_path).n_search_events;
}

std::shared_ptr<Experiment> add_inputs(CLI::App& command, const std::shared_ptr<SearchOptions>& o) {
  const auto experiment = add_experiment(command);
  command.add_option("--greens", o->inputs.library_path, "Library that `fmnet greens` made")->required();
  command.add_option("--weights", o->inputs.weights_path, "weights.safetensors of `fmnet train`")->required();
  command.add_option("--features", o->inputs.features_path, "File of features")->required();
  command
      .add_option("--place-step", o->place_step,
                  "Every so many-th place of the grid (default: the preset's, or 1, the whole grid)")
      ->check(CLI::Range(1, 1000000));
  return experiment;
}

// The conditions of synthetic events: picks as good as an automatic picker's unless told otherwise.
std::vector<CLI::Option*> add_conditions(CLI::App& command, const std::shared_ptr<SearchOptions>& o) {
  o->inputs.conditions.picking_error_s = 0.5;
  CLI::Option* picking_error =
      command
          .add_option("--picking-error", *o->inputs.conditions.picking_error_s,
                      "Standard deviation in s of the P times of a synthetic event (default 0.5)")
          ->check(in_range(0.0, 60.0));
  CLI::Option* no_noise = command.add_flag_callback(
      "--no-noise", [o] { o->inputs.conditions.noise = false; }, "Synthetic events without noise");
  return {picking_error, no_noise};
}

}  // namespace

void add_search(CLI::App& app, Program& program) {
  const auto o = std::make_shared<SearchOptions>();
  CLI::App* features = app.add_subcommand(
      "features", "Compute the encoder's features of the training set; goes on where it was interrupted");
  const auto of_features = add_inputs(*features, o);
  add_check(*features, program);
  features->callback([o, of_features, &program] {
    program.action = [o, of_features, &program] {
      const fmnet::SearchInputs inputs = inputs_of(*o, *of_features);
      return status_of(fmnet::run_features(inputs, step_mode(program)), "features");
    };
  });

  CLI::App* search = app.add_subcommand("search", "The samples of the training set that resemble one event most");
  const auto of_search = add_inputs(*search, o);
  search->add_option("--output", o->output, "Folder of tables and metrics.json")->required();
  CLI::Option* prediction = search->add_option("--prediction", o->event.prediction_path,
                                               "prediction.json of `fmnet predict`: the real event to look for");
  search->add_option("--unseen", o->event.unseen, "Number of an unseen synthetic event instead (default 0)")
      ->check(CLI::Range(0, 1000000))
      ->excludes(prediction);
  for (CLI::Option* condition : add_conditions(*search, o)) condition->excludes(prediction);
  add_check(*search, program);
  search->callback([o, of_search, &program] {
    program.action = [o, of_search, &program] {
      const fmnet::SearchInputs inputs = inputs_of(*o, *of_search);
      const fmnet::StepEnd end = fmnet::run_search(inputs, o->event, o->output, step_mode(program));
      if (end == fmnet::StepEnd::done) fmt::print("{}", fmnet::search_lines(o->output));
      return status_of(end, "search");
    };
  });

  CLI::App* agreement =
      app.add_subcommand("search_agreement", "How often both searches and the network agree, over synthetic events");
  const auto of_agreement = add_inputs(*agreement, o);
  agreement->add_option("--output", o->output, "Folder of tables and metrics.json")->required();
  agreement->add_option("--events", o->n_events, "Unseen synthetic events (default: the preset's, or 1000)")
      ->check(CLI::Range(1, 1000000));
  add_conditions(*agreement, o);
  add_check(*agreement, program);
  agreement->callback([o, of_agreement, &program] {
    program.action = [o, of_agreement, &program] {
      const fmnet::SearchInputs inputs = inputs_of(*o, *of_agreement);
      const fmnet::StepEnd end =
          fmnet::run_search_agreement(inputs, n_events_of(*o, *of_agreement), o->output, step_mode(program));
      if (end == fmnet::StepEnd::done) fmt::print("{}", fmnet::search_agreement_lines(o->output));
      return status_of(end, "search_agreement");
    };
  });
}

}  // namespace apps
