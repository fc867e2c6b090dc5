// How sure of itself the network is: the shape of each of its three curves.
//
// A network that knows the answer returns the bell that it was taught (gaussian_label.h): height 1, standard deviation s = 10
// bins, width at half height 2 s sqrt(2 ln 2) = 23.5 bins, nothing elsewhere. One that hesitates returns a lower, wider one, or
// several. For a curve y with its largest value at bin i1:
//
//   height      y(i1)                                                                                          (1)
//   width       distance between the two places around i1 where y falls to y(i1)/2, linear between bins; an end
//               of the axis where it does not                                                                  (2)
//   likeness    correlation of y with the label curve of the angle that was read from it                       (3)
//   second peak the largest local maximum farther than 2.5 s from i1, and its height over y(i1); none below 0.1 (4)
//
// The strike axis closes on itself: its distances in (4) go the shorter way round, and a second peak less than
// 2.5 s away across 0/360 degrees is the same peak. These are no standard errors.
#pragma once

#include <array>
#include <optional>

#include "fmnet/gaussian_label.h"

namespace fmnet {

struct SecondPeak {
  double angle_deg = 0.0, relative_height = 0.0;
};

struct CurveTrust {
  double height = 0.0;     // (1)
  double width_deg = 0.0;  // (2)
  double likeness = 0.0;   // (3)
  std::optional<SecondPeak> second_peak;
};

// Strike, dip and rake. Throws std::invalid_argument for curves that are not finite.
std::array<CurveTrust, n_curves> assess_curves(const LabelCurves& curves, const LabelSettings& settings);

}  // namespace fmnet
