// The program `fmnet` as its users run it.
#pragma once

#include <string>

#include "data/atomic_file.h"
#include "tests/support/shell.h"

namespace support {

struct Outcome {
  int status;
  std::string output, errors;
};

// Runs `fmnet ARGUMENTS` in `folder`, after the shell's commands `before`. A file `stderr` is left there.
inline Outcome fmnet(const std::string& folder, const std::string& arguments, const std::string& before = "") {
  const std::string errors = folder + "/stderr";
  const ShellOutcome outcome = shell("cd '" + folder + "' && " + before + "'" FMNET_BINARY_DIR "/bin/fmnet' " +
                                     arguments + " 2>'" + errors + "'");
  return {outcome.status, outcome.text, data::read_whole_file(errors, 1 << 20)};
}

}  // namespace support
