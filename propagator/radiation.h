// How much of each fundamental seismogram a source sends towards an azimuth.
//
// In a layered medium the displacement of any point source is a sum of ten series that do not depend on azimuth, with
// weights that do (Zhu & Rivera 2002, in the signs of Zhu's program; Z up, R away from the source, T clockwise
// seen from above). For the moment tensor M (x north, y east, z down) and the azimuth phi from source to station:
//
//   u_Z = w_SS ZSS + w_DS ZDS + w_DD ZDD + w_EX ZEX,   u_R the same with R                  (1)
//   u_T = t_SS TSS + t_DS TDS                                                               (2)
//
//   w_SS = -( (Mxx - Myy)/2 cos 2phi + Mxy sin 2phi )     vertical strike slip              (3)
//   w_DS = -( Mxz cos phi + Myz sin phi )                 vertical dip slip                 (4)
//   w_DD = (2 Mzz - Mxx - Myy) / 6                        45-degree dip slip                (5)
//   w_EX = (Mxx + Myy + Mzz) / 3                          explosion                         (6)
//   t_SS = -(Mxx - Myy)/2 sin 2phi + Mxy cos 2phi                                           (7)
//   t_DS = -Mxz sin phi + Myz cos phi                                                       (8)
//
// (3)-(5) have azimuthal orders 2, 1 and 0. Far from the source in a homogeneous medium the P wave that leaves in the
// direction gamma, at the angle i from straight down, has an amplitude proportional to (Aki & Richards 2002, section 4.3)
//
//   F_P = gamma' M gamma,   gamma = (sin i cos phi, sin i sin phi, cos i)                   (9)
//
// Its sign is the first motion: positive is away from the source (up at the surface).
#pragma once

#include "propagator/moment_tensor.h"

namespace propagator {

struct RadiationWeights {
  double ss, ds, dd, ex, transverse_ss, transverse_ds;
};

// Both refuse (std::invalid_argument) a tensor or an angle that is not finite, p_radiation a takeoff angle outside of 0..pi.

// (3)-(8), in the unit of the tensor. azimuth_rad: source to station, clockwise from north.
RadiationWeights radiation_weights(const MomentTensor& tensor, double azimuth_rad);

// (9), in the unit of the tensor. takeoff_rad: from straight down, 0..pi.
double p_radiation(const MomentTensor& tensor, double azimuth_rad, double takeoff_rad);

}  // namespace propagator
