// Settings of the OpenMP and the C library that they read before main() begins: the program starts itself once more with
// them. Results do not depend on any of them; docs/performance.md has what each gains.
//
// GOMP_SPINCOUNT = 10000: how long a thread that has finished its share of a parallel loop spins before it sleeps. gcc's
// OpenMP lets it spin for milliseconds. That is right while nothing else runs; when other programs want the processors, the
// spinning threads take the time that the thread they wait for needs, and a training slows down to a twentieth. Ten thousand
// turns (some 100 microseconds) cover the gaps between the parallel loops of a step, which is all that spinning is good for.
//
// GLIBC_TUNABLES = glibc.malloc.hugetlb=1: memory in pages of 2 MB where the system has them. A step reads and writes some
// 40 MB; with pages of 4 KB the processor looks up ten thousand addresses.
#pragma once

namespace fmnet {

// First thing in main(); returns in the restarted program, or where it cannot be restarted. What the user has set in
// GOMP_SPINCOUNT, OMP_WAIT_POLICY or GLIBC_TUNABLES stays.
void restart_with_library_settings(char** argv);

}  // namespace fmnet
