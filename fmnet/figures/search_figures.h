// The figures of the search: the nearest samples of the training set in the data domain and in the feature domain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fmnet/figure.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {

// A sample of the training set, nearer to the event than those behind it in its list.
struct FoundSample {
  double misfit;
  double latitude_deg, longitude_deg, depth_km;
  propagator::FocalMechanism mechanism;
};

struct SearchPicture {
  std::string event_name, network;
  std::int64_t n_samples;                               // that were searched
  int place_step;                                       // of every so many-th place of the network's training set
  std::vector<FoundSample> by_waveform, by_feature;     // nearest first; at least one each
  std::optional<propagator::FocalMechanism> reference;  // the truth of a synthetic event
};

// Figure 4: (a) misfits in both domains against the rank, each divided by its smallest; (b)-(d) strike, dip and rake of these
// samples, the nearest circled.
Figure search_figure(const SearchPicture& picture);

// Figure 5: the nearest in the data domain, the ten nearest in the feature domain, the reference.
Figure search_balls_figure(const SearchPicture& picture);

}  // namespace fmnet
