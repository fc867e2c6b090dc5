#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/figure_command.h"
#include "fmnet/commands/learning_rates_command.h"
#include "fmnet/commands/study_command.h"

namespace apps {
namespace {

struct FigureOptions {
  std::shared_ptr<Experiment> experiment;
  std::string output, greens, weights, log, evaluation, prediction, mechanisms, event_id, event, mechanism, set, events;
  std::int64_t sample = 0;
};

using Draw = std::function<fmnet::StepEnd(const fmnet::FigurePlace&, const FigureOptions&)>;

// One figure as a sub-command of `figure`; its own options are added by the caller.
CLI::App* add_one(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o, const std::string& name,
                  const std::string& description, const Draw& draw) {
  CLI::App* command = figure.add_subcommand(name, description);
  command->add_option("--output", o->output, "Folder of results; figures go into its sub-folder figures")->required();
  add_check(*command, program);
  command->callback([o, &program, name, draw] {
    program.action = [o, &program, name, draw] {
      return status_of(draw({o->output, step_mode(program)}, *o), "figure " + name);
    };
  });
  return command;
}

CLI::App* with_config(CLI::App* command, const std::shared_ptr<FigureOptions>& o) {
  const std::shared_ptr<Experiment> experiment = add_experiment(*command);
  command->preparse_callback([o, experiment](std::size_t) { o->experiment = experiment; });
  return command;
}

CLI::App* with_network(CLI::App* command, const std::shared_ptr<FigureOptions>& o) {
  with_config(command, o);
  command->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  command->add_option("--weights", o->weights, "weights.safetensors of `fmnet train`")->required();
  return command;
}

fmnet::TrainedNetwork trained(const FigureOptions& o) { return {o.experiment->config(), o.greens, o.weights}; }

fmnet::StepEnd map(const fmnet::FigurePlace& place, const FigureOptions& o) {
  std::optional<data::Event> event;
  if (!o.event.empty()) event = event_of(o.event);
  return fmnet::draw_map(place, o.experiment->config(), event);
}

fmnet::StepEnd depth(const fmnet::FigurePlace& place, const FigureOptions& o) {
  return fmnet::draw_depth(place, o.experiment->config(), o.greens, event_of(o.event),
                           propagator::parse_focal_mechanism(o.mechanism, "--mechanism"));
}

void add_from_config(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o) {
  with_config(add_one(figure, program, o, "map", "Figure 1: grid, stations, epicentre", map), o)
      ->add_option("--event", o->event, "ComCat event.json, or \"time,latitude,longitude,depth_km\"");
  with_config(add_one(figure, program, o, "label", "Figure S7: the label of a mechanism",
                      [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                        return fmnet::draw_label(place, options.experiment->config(),
                                                 propagator::parse_focal_mechanism(options.mechanism, "--mechanism"));
                      }),
              o)
      ->add_option("--mechanism", o->mechanism, "strike/dip/rake")
      ->required();
  CLI::App* sample = with_config(
      add_one(figure, program, o, "sample", "Figure S1: a training sample before and after noise and shift",
              [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                return fmnet::draw_sample(place, options.experiment->config(), options.greens, options.sample);
              }),
      o);
  sample->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  sample->add_option("--sample", o->sample, "Number of the sample on the grid, from 0 (default 0)");
  with_config(add_one(figure, program, o, "flow", "Figure 2: from a velocity model and records to a mechanism",
                      [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                        return fmnet::draw_flow(place, options.experiment->config());
                      }),
              o);
  CLI::App* events = with_config(
      add_one(figure, program, o, "mechanism_map", "Figure 3: the earthquakes on the map with their mechanisms",
              [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                return fmnet::draw_mechanism_map(place, options.experiment->config(), options.events,
                                                 options.mechanisms, options.prediction, options.event_id);
              }),
      o);
  events->add_option("--events", o->events, "Table of events")->required();
  events->add_option("--mechanisms", o->mechanisms, "Table of published mechanisms")->required();
  CLI::Option* prediction = events->add_option("--prediction", o->prediction, "prediction.json of `fmnet predict`");
  CLI::Option* event_id = events->add_option("--event-id", o->event_id, "The event in the tables that was predicted");
  prediction->needs(event_id);
  event_id->needs(prediction);
  CLI::App* depths = with_config(
      add_one(figure, program, o, "depth", "Figure S5: waveforms of one mechanism at every depth of the grid", depth),
      o);
  depths->add_option("--greens", o->greens, "Library that `fmnet greens` made")->required();
  depths->add_option("--event", o->event, "ComCat event.json, or \"time,latitude,longitude,depth_km\"")->required();
  depths->add_option("--mechanism", o->mechanism, "strike/dip/rake")->required();
}

// From what other commands left in the folder of results itself.
void add_from_folder(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o) {
  add_one(figure, program, o, "search", "Figure 4: the nearest samples in the data and in the feature domain",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_search(place); });
  add_one(figure, program, o, "search_balls", "Figure 5: the best samples of both domains as beach balls",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_search_balls(place); });
  add_one(figure, program, o, "learning_rates", "Figure S8: loss against learning rate",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_learning_rates(place); });
  add_one(figure, program, o, "evaluation", "How many synthetic events are right, and on what that depends",
          [](const fmnet::FigurePlace& place, const FigureOptions& options) {
            return fmnet::draw_evaluation(place, options.set);
          })
      ->add_option("--set", o->set, "Set of events, such as on_grid or wrong_model_off_grid")
      ->required();
}

void add_from_network(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o) {
  with_network(
      add_one(figure, program, o, "compared_labels", "Figure S3: true and predicted curves of synthetic events",
              [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                return fmnet::draw_compared_labels(place, trained(options));
              }),
      o);
  with_network(add_one(figure, program, o, "feature", "Figure S6: the encoder's feature of a synthetic event",
                       [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                         return fmnet::draw_feature(place, trained(options));
                       }),
               o);
}

void add_from_results(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o) {
  add_one(figure, program, o, "feature_of_prediction", "Figure S6: the encoder's feature of a real event",
          [](const fmnet::FigurePlace& place, const FigureOptions& options) {
            return fmnet::draw_feature_of_prediction(place, options.prediction);
          })
      ->add_option("--prediction", o->prediction, "prediction.json of `fmnet predict`")
      ->required();
  add_one(figure, program, o, "loss", "Figure S2: training and validation loss",
          [](const fmnet::FigurePlace& place, const FigureOptions& options) {
            return fmnet::draw_loss(place, options.log);
          })
      ->add_option("--log", o->log, "training_log.tsv of `fmnet train`")
      ->required();
  add_one(figure, program, o, "kagan_histogram", "Histogram of Kagan angles of synthetic events",
          [](const fmnet::FigurePlace& place, const FigureOptions& options) {
            return fmnet::draw_kagan_histogram(place, options.evaluation);
          })
      ->add_option("--evaluation", o->evaluation,
                   "evaluation_on_grid.tsv or evaluation_off_grid.tsv of `fmnet evaluate`")
      ->required();
  CLI::App* mechanisms =
      add_one(figure, program, o, "mechanisms", "Figure 3: beach balls of one event, ours beside those published",
              [](const fmnet::FigurePlace& place, const FigureOptions& options) {
                return fmnet::draw_mechanisms(place, options.mechanisms, options.event_id, options.prediction);
              });
  mechanisms->add_option("--mechanisms", o->mechanisms, "Table of published mechanisms")->required();
  mechanisms->add_option("--event-id", o->event_id, "Event in that table")->required();
  mechanisms->add_option("--prediction", o->prediction, "prediction.json of `fmnet predict`");
}

void add_of_greens_functions(CLI::App& figure, Program& program, const std::shared_ptr<FigureOptions>& o) {
  add_one(figure, program, o, "wave_field", "Chapter 1: snapshots of the waves in a vertical section",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_wave_field(place); });
  add_one(figure, program, o, "plain_product", "Chapter 1: why minors are carried, and not two solutions",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_plain_product(place); });
  add_one(figure, program, o, "wavenumber_sum", "Chapter 1: how the sum over wavenumbers converges",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_wavenumber_sum(place); });
  add_one(figure, program, o, "accuracy_and_cost", "Chapter 1: error against processor time of this machine",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_accuracy_and_cost(place); });
}

}  // namespace

void add_figure(CLI::App& app, Program& program) {
  const auto o = std::make_shared<FigureOptions>();
  CLI::App* figure = app.add_subcommand("figure", "Draw one figure of the paper: SVG, PNG, its numbers and its script");
  figure->require_subcommand(1);
  add_from_config(*figure, program, o);
  add_from_network(*figure, program, o);
  add_from_results(*figure, program, o);
  add_from_folder(*figure, program, o);
  add_of_greens_functions(*figure, program, o);
  add_one(*figure, program, o, "architecture", "Figure 6: the network",
          [](const fmnet::FigurePlace& place, const FigureOptions&) { return fmnet::draw_architecture(place); });
}

}  // namespace apps
