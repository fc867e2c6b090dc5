#include "fmnet/commands/greens_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/atomic_file.h"
#include "data/partial_spectra.h"
#include "fmnet/interrupt.h"
#include "fmnet/progress.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

// Programs that were built otherwise may give other last bits.
std::string program_description() {
  const BuildAndMachine program = build_and_machine();
#ifdef NDEBUG
  const std::string assertions = "without assertions";
#else
  const std::string assertions = "with assertions";
#endif
  return fmt::format(" version {}, {}, {}", version, program.compiler, assertions);
}

// A place that cannot be written to is better known before hours of computing. Throws propagator::OutputError.
void require_writable(const std::string& path) {
  const std::string trial = path + ".trial";
  data::write_file_atomically(trial, "");
  std::filesystem::remove(trial);
}

}  // namespace

std::string greens_inputs(const Config& config) {
  Config part;
  part.name = "green's functions";
  part.stations = config.stations;
  part.velocity_model = config.velocity_model;
  part.grid = config.grid;
  const data::Axis one{0.0, 1.0, 1};
  part.grid.strike_deg = part.grid.dip_deg = part.grid.rake_deg = one;
  part.greens = config.greens;
  part.preprocess = config.preprocess;
  return training_toml(part);
}

StepEnd run_greens(const Config& config, int margin, const std::string& library_path, const StepMode& mode) {
  data::GreensLibrarySettings settings = config.greens_library_settings();
  settings.margin = std::max(settings.margin, margin);
  const std::filesystem::path path(library_path);
  if (std::filesystem::is_directory(path)) {
    throw propagator::InputError("", "", "--output", library_path, "is a folder: the name of a file is wanted");
  }
  const std::string directory = path.has_parent_path() ? path.parent_path().string() : ".";
  const Step step{
      step_of_file("greens", library_path),
      step_key({{"inputs", greens_inputs(config)}, {"margin", std::to_string(settings.margin)}, {"version", version}}),
      {path.filename().string()}};
  return run_step(directory, step, mode, [&] {
    require_writable(library_path);
    data::PartialSpectra partial(library_path + ".partial", step.key + program_description());
    const InterruptGuard guard;
    ProgressLine line(true);
    try {
      data::compute_in_pieces(config.layered_model(), config.stations, config.training_grid().places(), settings,
                              partial, interrupt_requested, shown_progress(line, "Green's functions"))
          .save(library_path);
    } catch (const propagator::Interrupted&) {
      partial.flush();
      return false;
    }
    partial.remove();
    return true;
  });
}

data::Dataset open_dataset(const Config& config, const std::string& library_path) {
  const auto library = std::make_shared<const data::GreensLibrary>(data::GreensLibrary::load(library_path));
  const data::TrainingGrid grid = config.training_grid();
  data::GreensLibrarySettings settings = config.greens_library_settings();
  settings.margin = std::max(settings.margin, library->settings().margin);
  data::require_made_from(*library, library_path, config.layered_model(), config.stations, grid.places(), settings);
  return data::Dataset(library, grid, config.preprocess, config.augment, config.seed);
}

}  // namespace fmnet
