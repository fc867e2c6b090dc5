// The Green's functions of every place and station, filtered, aligned on P and cut: all that a training set is made of.
//
// For each pair (place, station) the library holds the geodesic, the first P time (at the depth of the receivers,
// greens.receiver_depth_km), and the eight double-couple series
//
//   ZSS RSS TSS ZDS RDS TDS ZDD RDD        n_samples = n + 2 margin values each, float,                       (1)
//
// unit m (displacement) or m/s (velocity) for a moment of 1 N m, after the chain of preprocess.h run at the native rate
// greens.dt_s. Sample number before_p / D + margin is the P time. Filtering and cutting are linear, so the seismogram
// of any mechanism is a weighted sum of (1): synthesizer.h.
//
// Before its origin time a synthetic is exactly at rest: zeros are prepended so that windows that begin before the origin
// time are covered; they are no guess. At the other end nothing is invented: where greens.n_samples does not reach the end of
// every window, propagator::InputError says how many are needed, before anything is computed. Velocity is the displacement
// due to a moment impulse, displacement that due to a step; `compute` sets greens.source_time accordingly.
//
// The series depend on depth and distance alone: places are grouped by depth, and depths that share the same distances
// (all of a regular grid) are computed in one call of the propagator.
//
// Size: 810 places x 16 stations x 8 x (128 + 2 x 9) x 4 bytes = 60.5 MB for the paper's grid. Computing needs in addition
// the double-precision series of one call, 0.33 GB for 12,960 x 8 series of 400 samples.
//
// File format: docs/file_formats.md. Any change of any bit and any truncation is noticed by the SHA-256 at its end.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/geodesy.h"
#include "data/preprocess.h"
#include "data/station.h"
#include "data/training_grid.h"
#include "propagator/greens_functions.h"
#include "propagator/layered_model.h"

namespace data {

inline constexpr int n_double_couple_series = 8;

struct GreensLibrarySettings {
  propagator::GreensSettings greens;
  PreprocessSettings preprocess;  // normalization, row_order and n_rows play no part here
  int margin = 9;                 // samples kept on both sides of the window, for time shifts
};

class GreensLibrary {
 public:
  using Progress = std::function<void(double fraction_done)>;

  // Where the series come from: depth-major, as propagator::compute_greens_functions returns them, with the interval,
  // number and beginning of samples of the settings (else std::runtime_error); and the P time.
  struct Source {
    std::function<std::vector<propagator::GreensFunctions>(const std::vector<double>& depths_km,
                                                           const std::vector<double>& distances_km, const Progress&)>
        series;
    std::function<double(double depth_km, double distance_km)> p_time_s;
  };

  // From our own propagator. The same bits for any number of threads.
  static GreensLibrary compute(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                               const std::vector<Place>& places, const GreensLibrarySettings& settings,
                               const Progress& progress = {});

  // From any other source, such as series that another program made for the same model.
  static GreensLibrary assemble(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                const Source& source, const Progress& progress = {});

  // Atomically. Throws propagator::OutputError.
  void save(const std::string& path) const;

  // Throws propagator::InputError naming the file, the place in it, and the command that makes it.
  static GreensLibrary load(const std::string& path);

  // The same from the bytes of a file; `source` stands for its name in messages.
  static GreensLibrary parse(std::string_view bytes, const std::string& source);

  int n_places() const { return static_cast<int>(places_.size()); }
  int n_stations() const { return static_cast<int>(stations_.size()); }
  int n_samples() const { return settings_.preprocess.n_samples + 2 * settings_.margin; }
  const GreensLibrarySettings& settings() const { return settings_; }
  const propagator::LayeredModel& model() const { return model_; }
  const std::vector<Station>& stations() const { return stations_; }
  const std::vector<Place>& places() const { return places_; }

  // Arguments out of range throw std::out_of_range.
  const Path& path(std::int64_t place, int station) const { return paths_.at(pair(place, station)); }
  double p_time_s(std::int64_t place, int station) const { return p_times_s_.at(pair(place, station)); }

  // n_samples x 8, columns in the order of (1).
  Eigen::Map<const Eigen::MatrixXf> series(std::int64_t place, int station) const;

  // Everything that the library was made from, as canonical JSON text: model, stations, places, settings.
  std::string made_from() const;

  // The SHA-256 of the series, hexadecimal.
  std::string fingerprint() const;

 private:
  GreensLibrary(propagator::LayeredModel model, std::vector<Station> stations, std::vector<Place> places,
                GreensLibrarySettings settings);
  std::size_t pair(std::int64_t place, int station) const;
  void fill(std::size_t pair, const propagator::GreensFunctions& greens);

  propagator::LayeredModel model_;
  std::vector<Station> stations_;
  std::vector<Place> places_;
  GreensLibrarySettings settings_;
  std::vector<Path> paths_;        // place-major
  std::vector<double> p_times_s_;  // place-major
  std::vector<float> series_;      // place-major; per pair n_samples x 8 column by column
};

// Refuses a library that was made from something else: throws propagator::InputError naming `path`, the first field that
// differs, its value in the library and the value that is wanted.
void require_made_from(const GreensLibrary& library, const std::string& path, const propagator::LayeredModel& model,
                       const std::vector<Station>& stations, const std::vector<Place>& places,
                       const GreensLibrarySettings& settings);

// How many samples the series of a pair must have for the window of its P, p_time_s after the origin time; assemble refuses fewer.
int samples_needed(double p_time_s, const GreensLibrarySettings& settings);

}  // namespace data
