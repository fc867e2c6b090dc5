// A prediction as QuakeML 1.2 (basic event description), for catalogues and plotting programs.
//
//   event            the origin that the user gave (time, place, depth), copied
//   focalMechanism   both nodal planes (the network's is preferred), principal axes T, P, N, the largest gap in azimuth between
//                    the stations used, misfit = 1 - variance reduction, the channels used, method and weights
//
// The network gives no magnitude and no error: no moment tensor is written, axes have the lengths 1, -1 and 0 of a unit moment,
// and the widths of the three curves stand in a comment, marked as what they are.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "fmnet/config.h"

namespace fmnet {

// prediction: what `fmnet predict` writes as prediction.json, with or without trust figures.
std::string quakeml(const nlohmann::json& prediction, const Config& config);

}  // namespace fmnet
