// GreensLibrary::compute: the propagator as the source of the series, its travel times as the P times.
#include "data/greens_library.h"
#include "propagator/travel_time.h"

namespace data {

GreensLibrary GreensLibrary::compute(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                     const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                     const Progress& progress) {
  propagator::GreensSettings greens = settings.greens;
  greens.source_time = settings.preprocess.quantity == Quantity::displacement ? propagator::SourceTime::step
                                                                              : propagator::SourceTime::impulse;
  greens.excitation = propagator::Excitation::double_couple;
  const Source source{
      [&](const std::vector<double>& depths_km, const std::vector<double>& distances_km, const Progress& part) {
        return propagator::compute_greens_functions(model, depths_km, distances_km, greens, part);
      },
      [&](double depth_km, double distance_km) { return propagator::first_p(model, depth_km, distance_km).time_s; }};
  return assemble(model, stations, places, settings, source, progress);
}

}  // namespace data
