// The program `fmnet` as its users run it.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include "data/atomic_file.h"

namespace support {

struct Outcome {
  int status;
  std::string output, errors;
};

// Runs `fmnet ARGUMENTS` in `folder`, after the shell's commands `before`. A file `stderr` is left there.
inline Outcome fmnet(const std::string& folder, const std::string& arguments, const std::string& before = "") {
  const std::string errors = folder + "/stderr";
  const std::string command =
      "cd '" + folder + "' && " + before + "'" FMNET_BINARY_DIR "/bin/fmnet' " + arguments + " 2>'" + errors + "'";
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  Outcome outcome{-1, "", ""};
  for (std::size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) outcome.output.append(buffer.data(), n);
  outcome.status = WEXITSTATUS(pclose(pipe));
  outcome.errors = data::read_whole_file(errors, 1 << 20);
  return outcome;
}

}  // namespace support
