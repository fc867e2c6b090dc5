// The training set: every place of the grid with every mechanism, computed when asked for and never stored.
//
//   sample(i) = Synthesizer::synthesize(place, mechanism, key = i),  (place, mechanism) = grid.point(i)       (1)
//
// is a pure function of (library, settings, seed, i): the same bits in any order of calls, on any thread, in every epoch.
// 787,320 samples of 48 x 128 floats would fill 18 GiB; the library that they are computed from has 60 MB.
//
// The order in which a training visits them is the trainer's.
#pragma once

#include <cstdint>
#include <memory>

#include "data/synthesizer.h"
#include "data/training_grid.h"

namespace data {

struct Sample {
  Waveforms waveforms;
  propagator::FocalMechanism mechanism;
  std::int64_t place;
};

class Dataset {
 public:
  // Throws std::invalid_argument where the library's places are not those of the grid, and as Synthesizer does.
  Dataset(std::shared_ptr<const GreensLibrary> library, const TrainingGrid& grid, const PreprocessSettings& preprocess,
          const AugmentSettings& augment, std::uint64_t seed);

  std::int64_t size() const { return grid_.size(); }
  const TrainingGrid& grid() const { return grid_; }
  const Synthesizer& synthesizer() const { return synthesizer_; }

  // Equation (1), 0 <= i < size().
  Sample sample(std::int64_t i) const;

  // Any mechanism at a place of the library, noise and shifts drawn by (seed, key). Keys from size() on never meet those
  // of the training samples.
  Sample synthesize(std::int64_t place, const propagator::FocalMechanism& mechanism, std::uint64_t key) const;

  // No noise, no shift, all stations; normalised.
  Waveforms clean(std::int64_t place, const propagator::FocalMechanism& mechanism) const;

 private:
  TrainingGrid grid_;
  Synthesizer synthesizer_;
};

}  // namespace data
