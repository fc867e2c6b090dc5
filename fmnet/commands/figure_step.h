// One figure as a step: drawn again when one of the files or values that it shows has changed, or the program that draws it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fmnet/figure.h"
#include "fmnet/manifest.h"

namespace fmnet {

// Where figures go, and whether they are drawn or only checked.
struct FigurePlace {
  std::string directory;  // the folder of results; figures lie in its sub-folder "figures"
  StepMode mode;
};

using NamedInputs = std::vector<std::pair<std::string, std::string>>;

// Draws figure `name`, which shows `inputs` and nothing else, unless it is up to date. The command line is kept beside it, in
// NAME.command.
StepEnd draw_step(const FigurePlace& place, const std::string& name, NamedInputs inputs,
                  const std::function<Figure()>& figure);

}  // namespace fmnet
