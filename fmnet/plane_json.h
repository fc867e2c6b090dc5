// One nodal plane in JSON: {"strike_deg": 231, "dip_deg": 83, "rake_deg": -9}
#pragma once

#include <nlohmann/json.hpp>

#include "propagator/focal_mechanism.h"

namespace fmnet {

nlohmann::json plane_json(const propagator::FocalMechanism& plane);

// Its inverse. Throws nlohmann::json::exception where a key is missing or no number.
propagator::FocalMechanism plane_of(const nlohmann::json& plane);

}  // namespace fmnet
