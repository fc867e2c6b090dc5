#include "fmnet/library_settings.h"

#include <unistd.h>

#include <cstdlib>

namespace fmnet {
namespace {

bool is_set(const char* name) { return std::getenv(name) != nullptr; }

}  // namespace

void restart_with_library_settings(char** argv) {
  bool changed = false;
  if (!is_set("GOMP_SPINCOUNT") && !is_set("OMP_WAIT_POLICY")) changed |= setenv("GOMP_SPINCOUNT", "10000", 1) == 0;
  if (!is_set("GLIBC_TUNABLES")) changed |= setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1) == 0;
  if (changed) execv("/proc/self/exe", argv);
}

}  // namespace fmnet
