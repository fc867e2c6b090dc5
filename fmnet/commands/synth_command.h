// `fmnet synth`: three-component seismograms of a point source in a layered model, as SAC files; `fmnet export`: the
// Green's functions themselves for other programs (data/greens_export.h).
//
// A seismogram is the sum of propagator/seismogram.h, smoothed by the moment rate. Displacement is that of a step of moment
// (or force), velocity that of an impulse. For each receiver three files NETWORK.CODE.Z.sac, .R.sac and .T.sac in m or m/s: Z up, R away
// from the source, T clockwise; the header holds the origin time (o), the first P (a, t1) and S (t0, t2) and their take-off
// angles (user1, user2), distance, azimuth, back-azimuth, the direction of the component, and the coordinates of source and
// station where they are known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/event.h"
#include "data/geodesy.h"
#include "data/greens_export.h"
#include "data/station.h"
#include "propagator/seismogram.h"

namespace fmnet {

struct SynthReceiver {
  std::string network, code;
  data::Path path;                            // from the source
  std::optional<data::Station> station = {};  // where it is a place on the earth
};

struct SynthRequest {
  propagator::LayeredModel model;
  double depth_km;
  std::int64_t origin_ns;
  std::optional<propagator::MomentTensor> tensor;  // N m; or
  std::optional<propagator::Force> force;          // N
  std::vector<SynthReceiver> receivers;
  data::Quantity quantity = data::Quantity::displacement;  // or velocity
  double duration_s = 0.0, rise = 0.5;                     // of the moment rate
  propagator::GreensSettings greens = {};                  // source_time and excitation follow from the rest
  std::optional<data::Event> event = {};                   // where the source is a place on the earth
};

struct SynthFiles {
  std::vector<std::string> paths;
  double largest_error;  // the largest of the error estimates
};

// The largest of the estimated errors. Throws propagator::InputError where one is infinite or not a number.
double finite_error(const std::vector<propagator::GreensFunctions>& greens);

// Writes into `directory`, which is made where it is missing. Throws propagator::InputError for a request that the propagator
// refuses or whose estimated error is not finite (nothing is written then), propagator::OutputError.
SynthFiles run_synth(const SynthRequest& request, const std::string& directory);

enum class ExportFormat { sac, npy };

// Green's functions of a moment tensor at all pairs of a depth and a distance. Refuses what run_synth refuses.
SynthFiles run_export(const propagator::LayeredModel& model, const std::vector<double>& depths_km,
                      const std::vector<double>& distances_km, const propagator::GreensSettings& greens,
                      const data::GreensExport& target, ExportFormat format);

}  // namespace fmnet
