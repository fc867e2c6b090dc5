// The sub-commands of the program `fmnet`: each file declares the options of one and hands their values to the library.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "data/event.h"
#include "fmnet/manifest.h"

namespace apps {

// What the chosen sub-command does; returns the exit status. Set while the command line is read.
using Action = std::function<int()>;

struct Program {
  std::string command_line;  // as it was typed, for the manifest
  bool check_only = false;   // --check
  Action action;
};

void add_greens(CLI::App& app, Program& program);
void add_synth(CLI::App& app, Program& program);
void add_export(CLI::App& app, Program& program);
void add_train(CLI::App& app, Program& program);
void add_learning_rates(CLI::App& app, Program& program);
void add_evaluate(CLI::App& app, Program& program);
void add_evaluate_foreign(CLI::App& app, Program& program);
void add_predict(CLI::App& app, Program& program);
void add_search(CLI::App& app, Program& program);  // features, search, search_agreement
void add_figure(CLI::App& app, Program& program);
void add_report(CLI::App& app, Program& program);
void add_info(CLI::App& app, Program& program);
void add_serve(CLI::App& app, Program& program);
void add_selftest(CLI::App& app, Program& program);
void add_doctor(CLI::App& app, Program& program);

// A finite number from low to high; CLI11's own range takes NaN for one.
CLI::Validator in_range(double low, double high);

// An --event: a file (ComCat's event.json) or "time,latitude,longitude,depth_km".
data::Event event_of(const std::string& text);

// --check of a step.
void add_check(CLI::App& command, Program& program);
fmnet::StepMode step_mode(const Program& program);

// The exit status of a step: 0 done or up to date, 1 needed (only with --check), 130 interrupted. Says on stderr which.
int status_of(fmnet::StepEnd end, const std::string& step);

}  // namespace apps
