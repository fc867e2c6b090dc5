// The program `fmnet`. Exit status: 0 done; 1 internal error, or with --check: has to be done; 2 wrong input, one line on
// stderr; 3 a result cannot be written, to stdout or into a file; 130 interrupted. Results go to stdout, progress to stderr.
#include <fmt/format.h>
#include <malloc.h>
#include <omp.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>

#include "fmnet/apps/commands.h"
#include "fmnet/library_settings.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace apps {

CLI::Validator in_range(double low, double high) {
  const auto error = [low, high](std::string& text) {
    double value = NAN;
    const bool is_number = CLI::detail::lexical_cast(text, value);
    if (is_number && value >= low && value <= high) return std::string();
    return fmt::format("Value {} not in range {} to {}", text, low, high);
  };
  return CLI::Validator(error, fmt::format("in [{} - {}]", low, high));
}

data::Event event_of(const std::string& text) {
  if (std::filesystem::is_regular_file(text)) return data::read_event(text);
  if (text.find(',') == std::string::npos) {
    throw propagator::InputError("", "", "--event", text, "no such file, and not \"time,latitude,longitude,depth_km\"");
  }
  return data::parse_event(text);
}

void add_check(CLI::App& command, Program& program) {
  command.add_flag("--check", program.check_only,
                   "Do nothing; exit status 0 if the result is up to date, 1 if it has to be computed");
}

fmnet::StepMode step_mode(const Program& program) { return {program.check_only, program.command_line}; }

int status_of(fmnet::StepEnd end, const std::string& step) {
  switch (end) {
    case fmnet::StepEnd::up_to_date:
      fmt::print(stderr, "{}: up to date\n", step);
      return 0;
    case fmnet::StepEnd::needed:
      return 1;
    case fmnet::StepEnd::interrupted:
      fmt::print(stderr, "{}: interrupted; the same command goes on from here\n", step);
      return 130;
    case fmnet::StepEnd::done:
      break;
  }
  return 0;
}

}  // namespace apps

namespace {

// An argument as a shell reads it back.
std::string quoted_for_shell(const std::string& argument) {
  const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%^";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string::npos) return argument;
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string joined(int argc, char** argv) {
  std::string line = "fmnet";
  for (int i = 1; i < argc; ++i) line += " " + quoted_for_shell(argv[i]);
  return line;
}

// The arrays of a record are hundreds of kilobytes. The C library's defaults would get each from the system and give it back,
// cleared anew every time: a third of the time from records to a mechanism.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

// What CLI11 says, as one line that begins with the program's name.
int say_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  std::string command = "fmnet";
  for (const CLI::App* chosen = &app; !chosen->get_subcommands().empty();) {
    chosen = chosen->get_subcommands().front();
    command += " " + chosen->get_name();
  }
  const std::vector<std::string> unknown = app.remaining();
  std::string words = error.what();
  if (!unknown.empty()) words = "'" + unknown.front() + "' is not known here";
  for (char& c : words) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  fmt::print(stderr, "{}: {} (see: {} --help)\n", command, words, command);
  return 2;
}

// `status`, or 3 where not everything that was printed has arrived in stdout.
int status_with_stdout(int status) {
  errno = 0;
  const bool is_flushed = std::fflush(stdout) == 0;
  const int reason = errno;
  if (is_flushed && std::ferror(stdout) == 0) return status;
  fmt::print(stderr, "fmnet: standard output: writing: {}\n",
             reason != 0 ? std::strerror(reason) : "not everything has arrived");
  return 3;
}

int run(apps::Program& program) {
  try {
    return status_with_stdout(program.action());
  } catch (const propagator::InputError& error) {
    fmt::print(stderr, "fmnet: {}\n", error.what());
    return 2;
  } catch (const propagator::OutputError& error) {
    fmt::print(stderr, "fmnet: {}\n", error.what());
    return 3;
  } catch (const nlohmann::json::exception& error) {
    fmt::print(
        stderr,
        "fmnet: metrics.json or a file of a prediction lacks what is read from it: run the step that writes it again ({})\n",
        error.what());
    return 2;
  } catch (const std::exception& error) {
    // fmt::print throws where a text does not fit into the buffer and cannot be written.
    if (std::ferror(stdout) != 0) return status_with_stdout(3);
    fmt::print(stderr, "fmnet: internal error: {}\n", error.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  fmnet::restart_with_library_settings(argv);
  keep_freed_memory();
  // libmseed would take decoding options from these.
  for (const char* name : {"UNPACK_HEADER_BYTEORDER", "UNPACK_DATA_BYTEORDER", "UNPACK_DATA_FORMAT"}) unsetenv(name);
  omp_set_dynamic(0);

  CLI::App app{"Focal mechanisms of earthquakes by deep learning, from the propagator to the picture.", "fmnet"};
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("fmnet ") + fmnet::version);
  int n_threads = 0;
  app.add_option("--threads", n_threads, "Threads to use (default: all processors). Results do not depend on it")
      ->check(CLI::Range(1, 1024));
  app.footer("Start with: make reproduce PRESET=tiny    Each sub-command explains itself: fmnet train --help");

  apps::Program program;
  program.command_line = joined(argc, argv);
  apps::add_greens(app, program);
  apps::add_synth(app, program);
  apps::add_export(app, program);
  apps::add_train(app, program);
  apps::add_learning_rates(app, program);
  apps::add_evaluate(app, program);
  apps::add_evaluate_foreign(app, program);
  apps::add_predict(app, program);
  apps::add_search(app, program);
  apps::add_figure(app, program);
  apps::add_report(app, program);
  apps::add_info(app, program);
  apps::add_serve(app, program);
  apps::add_selftest(app, program);
  apps::add_doctor(app, program);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return status_with_stdout(app.exit(error));
    return say_usage_error(app, error);
  }
  if (n_threads > 0) omp_set_num_threads(n_threads);
  return run(program);
}
