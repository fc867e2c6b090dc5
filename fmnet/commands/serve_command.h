// `fmnet serve`: one prediction for each window that arrives, with the weights loaded once.
//
// A line of the input names the records of a window and its event,
//
//   FOLDER <blank or tab> time,latitude,longitude,depth_km
//
// and is answered by one line of JSON: both planes, stations used, the seconds by which the window is later than P, warnings where
// the event lies outside the grid that the weights were trained on (trust/trust.h),
//
//   read_ms      from the files to records in memory
//   latency_ms   from records in memory to the mechanism: response removal, filter, cut, network
//
// A line that cannot be answered is answered by {"records": .., "error": ..}; the next is taken. Empty lines are passed over.
// Nothing is kept from one line to the next.
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "fmnet/config.h"

namespace fmnet {

struct ServeInputs {
  std::string weights_path;
  std::string sac_unit;
  double delay_s = 0.0;
  bool force = false;
};

// Until the input ends or an interrupt. Returns how many lines were answered by an error. Throws propagator::OutputError where an
// answer cannot be written.
int run_serve(const Config& in_use, const ServeInputs& inputs, std::istream& windows, std::ostream& answers);

}  // namespace fmnet
