#include "fmnet/commands/figure_step.h"

#include <filesystem>

#include "data/atomic_file.h"

namespace fmnet {

StepEnd draw_step(const FigurePlace& place, const std::string& name, NamedInputs inputs,
                  const std::function<Figure()>& figure) {
  inputs.emplace_back("program", program_sha256());
  const std::string stem = "figures/" + name;
  const Step step{"figure " + name,
                  step_key(inputs),
                  {stem + ".svg", stem + ".png", stem + ".gp", stem + ".caption", stem + ".command"}};
  return run_step(place.directory, step, place.mode, [&] {
    const std::filesystem::path folder = std::filesystem::path(place.directory) / "figures";
    write_figure(folder.string(), figure());
    data::write_file_atomically((folder / (name + ".command")).string(), place.mode.command + "\n");
    return true;
  });
}

}  // namespace fmnet
