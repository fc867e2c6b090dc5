#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "fmnet/apps/commands.h"
#include "fmnet/apps/experiment.h"
#include "fmnet/commands/doctor_command.h"
#include "fmnet/commands/serve_command.h"
#include "fmnet/interrupt.h"
#include "fmnet/selftest.h"

namespace apps {

void add_serve(CLI::App& app, Program& program) {
  const auto inputs = std::make_shared<fmnet::ServeInputs>();
  CLI::App* command = app.add_subcommand(
      "serve", "Mechanisms of windows as they arrive: lines \"FOLDER time,latitude,longitude,depth_km\" on stdin");
  const auto experiment = add_experiment(*command);
  command->add_option("--weights", inputs->weights_path, "weights.safetensors of `fmnet train`")->required();
  command->add_option("--sac-unit", inputs->sac_unit, "Unit of SAC records, for example m or cm");
  command->add_option("--delay", inputs->delay_s, "Seconds by which windows are cut later than P")
      ->check(in_range(0.0, 60.0));
  command->add_flag("--force", inputs->force, "Predict also with fewer usable stations than records.min_stations");
  command->callback([inputs, experiment, &program] {
    program.action = [inputs, experiment] {
      const int n_errors = fmnet::run_serve(experiment->config(), *inputs, std::cin, std::cout);
      if (n_errors > 0) fmt::print(stderr, "serve: {} lines were answered by an error\n", n_errors);
      return fmnet::interrupt_requested() ? 130 : 0;
    };
  });
}

void add_selftest(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("selftest", "Does this build compute right on this machine? No files needed");
  command->callback([&program] {
    program.action = [] {
      bool all_passed = true;
      for (const fmnet::SelfCheck& check : fmnet::run_selftest()) {
        all_passed = all_passed && check.passed();
        fmt::print("{}\t{}\t{:.3g}\tat most {:g}\n", check.passed() ? "ok" : "WRONG", check.name, check.value,
                   check.limit);
      }
      return all_passed ? 0 : 1;
    };
  });
}

void add_doctor(CLI::App& app, Program& program) {
  const auto inputs = std::make_shared<fmnet::DoctorInputs>();
  CLI::App* command = app.add_subcommand("doctor", "What stands between this machine, these files and a prediction");
  CLI::Option* config = command->add_option("--config", inputs->config_path, "Configuration of an experiment (TOML)");
  command->add_option("--weights", inputs->weights_path, "weights.safetensors of `fmnet train`")->needs(config);
  CLI::Option* records = command->add_option("--records", inputs->records_path, "Folder of records")->needs(config);
  command->add_option("--sac-unit", inputs->sac_unit, "Unit of SAC records, for example m or cm")->needs(records);
  const auto event = std::make_shared<std::string>();
  command
      ->add_option(
          "--event", *event,
          "ComCat event.json, or \"time,latitude,longitude,depth_km\": do the records cover it, are they sound?")
      ->needs(records);
  command->callback([inputs, event, &program] {
    program.action = [inputs, event] {
      if (!event->empty()) inputs->event = event_of(*event);
      bool has_problem = false;
      for (const fmnet::Finding& finding : fmnet::run_doctor(*inputs)) {
        const bool is_problem = finding.verdict == fmnet::Verdict::problem;
        has_problem = has_problem || is_problem;
        const char* word = finding.verdict == fmnet::Verdict::ok ? "ok" : "note";
        fmt::print("{}\t{}\n", is_problem ? "PROBLEM" : word, finding.what);
      }
      return has_problem ? 2 : 0;
    };
  });
}

}  // namespace apps
