#include "fmnet/thread_waiting.h"

#include <unistd.h>

#include <cstdlib>

namespace fmnet {

void wait_briefly_for_threads(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  if (setenv("GOMP_SPINCOUNT", "10000", 1) == 0) execv("/proc/self/exe", argv);
}

}  // namespace fmnet
