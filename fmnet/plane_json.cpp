#include "fmnet/plane_json.h"

namespace fmnet {

nlohmann::json plane_json(const propagator::FocalMechanism& m) {
  return {{"strike_deg", m.strike_deg}, {"dip_deg", m.dip_deg}, {"rake_deg", m.rake_deg}};
}

propagator::FocalMechanism plane_of(const nlohmann::json& plane) {
  return {plane.at("strike_deg").get<double>(), plane.at("dip_deg").get<double>(), plane.at("rake_deg").get<double>()};
}

}  // namespace fmnet
