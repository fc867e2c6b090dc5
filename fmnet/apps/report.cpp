#include "fmnet/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "fmnet/apps/commands.h"
#include "propagator/errors.h"

namespace apps {

void add_report(CLI::App& app, Program& program) {
  const auto output = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("report", "One HTML page of everything in a folder of results, beside the paper's claims");
  command->add_option("--output", *output, "Folder of results; report.html is written into it")->required();
  command->callback([output, &program] {
    program.action = [output] {
      if (!std::filesystem::is_directory(*output)) {
        throw propagator::InputError("", "", "--output", *output,
                                     "must be a folder with results of the other commands");
      }
      fmnet::write_report(*output);
      fmt::print("{}\n", (std::filesystem::path(*output) / "report.html").string());
      return 0;
    };
  });
}

}  // namespace apps
