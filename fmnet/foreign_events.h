// Waveforms of others as input of the network: an array and three tables, such as another simulation or a set of real records gives.
//
//   waveforms.npy  [event, station, component, sample], float32 or float64, C order; component E, N, Z; ground motion in any one
//                  unit, of the quantity that the network was trained on; the same sampling interval everywhere. A station of an event
//                  that is zero throughout, or holds a number that is not finite, is missing
//   events.csv     event,latitude_deg,longitude_deg,depth_km,strike_deg,dip_deg,rake_deg      a row an event, in the array's order;
//                  the mechanism is the one to compare with
//   stations.csv   station,latitude_deg,longitude_deg             a row a station, in the array's order
//   picks.csv      event,station,p_s      the P time in s after the first sample; a station without a pick is missing
//
// Each trace goes through the chain of data/preprocess.h. Stations find their slots by their codes, and must lie within 0.01 degrees of
// where the network knows them; those that it does not know are passed over, those that are not there are missing. A station whose
// traces do not hold the window and what the interpolation needs around it is missing.
#pragma once

#include <string>
#include <vector>

#include "data/preprocess.h"
#include "fmnet/config.h"

namespace fmnet {

struct ForeignPaths {
  std::string waveforms, events, stations, picks;
};

struct ForeignEvent {
  std::string name;
  double latitude_deg, longitude_deg, depth_km;
  propagator::FocalMechanism mechanism;
  data::Waveforms waveforms;  // as the network wants them
  int n_missing;              // of the network's stations
  double median_distance_km;  // of those that are there
};

// dt_s: the array's sampling interval. InputError naming file, line, field and rule; also where an event has no station at all.
std::vector<ForeignEvent> read_foreign_events(const ForeignPaths& paths, double dt_s, const Config& config);

}  // namespace fmnet
