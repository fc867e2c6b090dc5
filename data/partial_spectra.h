// What an interrupted computation of Green's functions leaves behind: the spectra of finished chunks of frequencies, in a file.
//
//   8 bytes   "FMNETSPE"
//   4 bytes   format version, little-endian
//   4 bytes   size H of the header, little-endian
//   H bytes   text: everything that the spectra depend on
//   for each chunk, in the order in which they were finished: group, chunk, rows, columns (int64); rows x columns complex numbers
//   (two float64 each, column by column); 32 bytes: SHA-256 of all that precedes the first chunk, followed by this chunk's four
//   integers and the SHA-256 of its numbers
//
// Little-endian. A group is one call of compute_greens_functions. A file with another header is begun anew; a chunk that is
// damaged, and all behind it, are computed again. The numbers are kept bit by bit, so that a computation in pieces ends in the
// same file as one in one go.
//
// Chunks wait in memory until `wait_s` have passed since the last writing, or 256 MB are together: what takes seconds
// writes nothing, and a killed program loses `wait_s` of work. flush() writes what waits; it is called on an interruption.
//
// Errors: OutputError where the file cannot be written; what waited goes on waiting, and is written with the next chunk.
#pragma once

#include <Eigen/Core>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "data/greens_library.h"
#include "propagator/greens_in_pieces.h"

namespace data {

class PartialSpectra {
 public:
  // Takes up the chunks that the file at `path` holds.
  PartialSpectra(std::string path, const std::string& made_from, double wait_s = 5.0);

  // For one call of compute_greens_functions; `this` must outlive it.
  propagator::ChunkKeeper keeper(int group, std::function<bool()> stop);

  // Chunks of the file that no computation has fetched yet.
  int n_taken_up() const { return static_cast<int>(taken_up_.size()); }
  void flush();
  void remove();  // the file; nothing is kept any more

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;  // group, chunk

  void take_up();
  bool fetch(const Key& key, Eigen::ArrayXXcd& sums);
  void keep(const Key& key, const Eigen::ArrayXXcd& sums);
  void write_waiting();

  std::string path_, beginning_;
  double wait_s_;
  std::mutex mutex_;
  std::map<Key, Eigen::ArrayXXcd> taken_up_;
  std::string waiting_;  // blocks as they will stand in the file
  std::uint64_t end_bytes_ = 0;
  std::chrono::steady_clock::time_point last_writing_;
};

// GreensLibrary::compute, to the same bytes, with what `partial` has kept and keeping what is finished. Throws propagator::Interrupted
// where `stop` said so.
GreensLibrary compute_in_pieces(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                PartialSpectra& partial, const std::function<bool()>& stop,
                                const GreensLibrary::Progress& progress = {});

}  // namespace data
