// GreensLibrary::compute: the propagator as the source of the series, its travel times as the P times.
#include "data/greens_library.h"
#include "data/partial_spectra.h"
#include "propagator/travel_time.h"

namespace data {
namespace {

using MakeKeeper = std::function<propagator::ChunkKeeper(int call)>;  // of the call number i of the propagator

GreensLibrary computed(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                       const std::vector<Place>& places, const GreensLibrarySettings& settings,
                       const GreensLibrary::Progress& progress, const MakeKeeper& keeper) {
  propagator::GreensSettings greens = settings.greens;
  greens.source_time = settings.preprocess.quantity == Quantity::displacement ? propagator::SourceTime::step
                                                                              : propagator::SourceTime::impulse;
  greens.excitation = propagator::Excitation::double_couple;
  int n_calls = 0;
  const GreensLibrary::Source source{
      [&](const std::vector<double>& depths_km, const std::vector<double>& distances_km,
          const GreensLibrary::Progress& part) {
        return compute_greens_functions(model, depths_km, distances_km, greens, part, keeper(n_calls++));
      },
      [&](double depth_km, double distance_km) {
        return propagator::first_p(model, depth_km, distance_km, greens.receiver_depth_km).time_s;
      }};
  return GreensLibrary::assemble(model, stations, places, settings, source, progress);
}

}  // namespace

GreensLibrary GreensLibrary::compute(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                     const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                     const Progress& progress) {
  return computed(model, stations, places, settings, progress, [](int) { return propagator::ChunkKeeper{}; });
}

GreensLibrary compute_in_pieces(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                PartialSpectra& partial, const std::function<bool()>& stop,
                                const GreensLibrary::Progress& progress) {
  return computed(model, stations, places, settings, progress, [&](int call) { return partial.keeper(call, stop); });
}

}  // namespace data
