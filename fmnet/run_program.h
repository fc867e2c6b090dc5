// Starts another program without a shell, waits for it, and returns what it wrote on standard error.
//
// Its environment is PATH, LC_ALL=C and TZ=UTC, nothing else: the result does not depend on the user's settings.
#pragma once

#include <string>
#include <vector>

namespace fmnet {

struct ProgramResult {
  int exit_status;       // -1: the program could not be started; 128 + n: ended by signal n
  std::string messages;  // standard error
};

// arguments[0] is the program, looked up in PATH; it runs in `directory`; its standard output is discarded.
ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& directory);

}  // namespace fmnet
