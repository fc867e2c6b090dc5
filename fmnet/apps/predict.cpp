#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "data/text_table.h"
#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/predict_command.h"

namespace apps {
namespace {

// "auto" or seconds.
std::optional<double> delay_from(const std::string& text) {
  if (text == "auto") return std::nullopt;
  return data::parse_number(text, 0.0, 60.0, {"--delay", "", "seconds"}, " or be auto");
}

struct PredictOptions {
  std::string weights, records, event, picks, sac_unit, reference, output, delay = "0";
  bool json = false, force = false;
};

void print(const nlohmann::json& prediction, bool as_json) {
  if (as_json) {
    fmt::print("{}\n", fmnet::json_text(prediction));
  } else {
    fmt::print(stderr, "{}", fmnet::channel_table(prediction));
    fmt::print("{}\n", fmnet::one_line(prediction));
  }
  std::fflush(stdout);
}

int predict(const PredictOptions& o, const Experiment& experiment, const Program& program) {
  fmnet::PredictInputs inputs{o.weights, o.records, event_of(o.event), o.picks, o.sac_unit, std::nullopt, o.force};
  inputs.delay_s = delay_from(o.delay);
  if (!o.reference.empty()) inputs.reference = propagator::parse_focal_mechanism(o.reference, "--reference");
  try {
    const fmnet::StepEnd end =
        fmnet::run_predict(experiment.config(), inputs, o.output, step_mode(program),
                           [&o](const nlohmann::json& prediction) { print(prediction, o.json); });
    if (end == fmnet::StepEnd::done && !o.output.empty()) {
      fmt::print(stderr, "in {}: prediction.json, prediction.xml, figures/prediction.svg, figures/fit.svg\n", o.output);
    }
    return status_of(end, "predict");
  } catch (const fmnet::TooFewStations& error) {
    fmt::print(stderr, "{}", fmnet::channel_table(error.window));
    throw;
  }
}

}  // namespace

void add_predict(CLI::App& app, Program& program) {
  const auto o = std::make_shared<PredictOptions>();
  CLI::App* command = app.add_subcommand("predict", "The mechanism of a real earthquake from its records");
  const auto experiment = add_experiment(*command);
  command->add_option("--weights", o->weights, "weights.safetensors of `fmnet train`")->required();
  command->add_option("--records", o->records, "Folder of miniSEED and StationXML, or of SAC files")->required();
  command->add_option("--event", o->event, "ComCat event.json, or \"time,latitude,longitude,depth_km\" (UTC, WGS84)")
      ->required();
  command->add_option("--picks", o->picks,
                      "P picks: lines \"network station P time\"; theory where a station has none");
  command->add_option("--sac-unit", o->sac_unit, "Unit of SAC records, for example m or cm: the format does not tell");
  command->add_option("--reference", o->reference, "A published mechanism strike/dip/rake, for the Kagan angle");
  command->add_option("--output", o->output,
                      "Folder of prediction.json, figure and metrics; without it nothing is written");
  command->add_option(
      "--delay", o->delay,
      "Seconds by which windows are cut later than P, for sources that last; auto: what fits best of 0 to 15 s");
  command->add_flag("--force", o->force, "Predict also with fewer usable stations than records.min_stations");
  command->add_flag("--json", o->json, "Print everything as JSON instead of one line");
  add_check(*command, program);
  command->callback([o, experiment, &program] {
    program.action = [o, experiment, &program] { return predict(*o, *experiment, program); };
  });
}

}  // namespace apps
