// Green's functions by a computation that may be interrupted and gone on with, to the same bits.
//
// The frequencies are computed in chunks (spectra.h). The sums of a finished chunk are handed to a keeper, which may give
// them back later: then the chunk is not computed again. How many chunks there are, and every bit of their sums, depends on the
// model, the depths, the distances and the settings alone (but for n_threads, which changes nothing). The sums of the error
// estimate (error_estimate.h), which follow, are neither kept nor interrupted.
#pragma once

#include <Eigen/Core>
#include <exception>
#include <functional>

#include "propagator/greens_functions.h"

namespace propagator {

// Sums as wavenumber_integral.h returns them.
struct ChunkKeeper {
  std::function<bool(int chunk, Eigen::ArrayXXcd& sums)> fetch;       // false where there is nothing kept
  std::function<void(int chunk, const Eigen::ArrayXXcd& sums)> keep;  // both from any thread
  std::function<bool()> stop;                                         // asked before each chunk
};

// Thrown after ChunkKeeper::stop has said so; what is finished was kept. A failure of another chunk is thrown instead of it.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

// Spectra as compute_spectra has them, by pieces; all of `asked` and of the frequencies is checked.
std::vector<Eigen::ArrayXXcd> spectra_in_pieces(const GreensRequest& asked, const ComplexFrequencies& frequencies,
                                                const Progress& progress, const ChunkKeeper& keeper);

// Refuses a sum that would take hours; `part` names it in the message.
void refuse_endless_sum(const GreensRequest& asked, const ComplexFrequencies& frequencies, const char* part);

// As without a keeper; `progress` is called after each chunk that was computed.
std::vector<GreensFunctions> compute_greens_functions(const LayeredModel& model,
                                                      const std::vector<double>& source_depths_km,
                                                      const std::vector<double>& distances_km,
                                                      const GreensSettings& settings, const Progress& progress,
                                                      const ChunkKeeper& keeper);

}  // namespace propagator
