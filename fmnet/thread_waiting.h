// How long a thread that has finished its share of a parallel loop spins before it sleeps.
//
// gcc's OpenMP lets it spin for milliseconds. That is right while nothing else runs; when other programs want the
// processors, the spinning threads take the time that the thread they wait for needs, and a training slows down to a
// twentieth. Ten thousand turns (some 100 microseconds) cover the gaps between the parallel loops of a step, which is all
// that spinning is good for here: docs/performance.md. Results do not depend on it.
//
// The library reads its settings before main() begins, so the program starts itself once more with GOMP_SPINCOUNT set.
// Who has set GOMP_SPINCOUNT or OMP_WAIT_POLICY keeps that.
#pragma once

namespace fmnet {

// First thing in main(); returns in the restarted program, or where it cannot be restarted.
void wait_briefly_for_threads(char** argv);

}  // namespace fmnet
