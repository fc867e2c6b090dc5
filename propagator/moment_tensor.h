// The seismic moment tensor: a symmetric 3x3 tensor in N m, in the frame x north, y east, z down.
//
// A double couple of moment M0 with slip d and fault normal n (focal_mechanism.h) has
//
//   M_ij = M0 (d_i n_j + n_i d_j)                                                           (1)
//
// (Aki & Richards 2002, section 3.3; written out in strike, dip and rake in their box 4.4). Any symmetric M has
//
//   M0 = sqrt( sum_ij M_ij^2 / 2 )                                                          (2)
//   Mw = 2/3 ( log10 M0 - 9.1 ),  M0 in N m                                                 (3)
//
// (2) is Silver & Jordan's (1982) definition, equal to M0 of (1) for a double couple; (3) is the IASPEI form of Hanks &
// Kanamori (1979). Catalogues print the tensor in the frame r up, t south, p east ("use"):
//
//   Mxx = Mtt   Myy = Mpp   Mzz = Mrr   Mxy = -Mtp   Mxz = Mrt   Myz = -Mrp                 (4)
//
// The nearest double couple of a tensor has the T axis along the eigenvector of the largest eigenvalue of M, the P axis
// along that of the smallest, and by (5) of focal_mechanism.h
//
//   n = (T + P) / sqrt 2,   d = (T - P) / sqrt 2                                            (5)
//
// Where two eigenvalues are equal (a compensated linear vector dipole, an opening crack) any axis in their plane is as good as
// another: the mechanism is then one of many.
#pragma once

#include <Eigen/Core>

#include "propagator/focal_mechanism.h"

namespace propagator {

struct MomentTensor {
  double xx, yy, zz, xy, xz, yz;
};

// The same tensor in the frame r up, t south, p east, as catalogues print it.
struct MomentTensorUse {
  double rr, tt, pp, rt, rp, tp;
};

MomentTensor ned_from_use(const MomentTensorUse& tensor);  // (4)
MomentTensorUse use_from_ned(const MomentTensor& tensor);  // (4)

Eigen::Matrix3d matrix(const MomentTensor& tensor);

// (1). moment_n_m must be finite and >= 0.
MomentTensor moment_tensor(const FocalMechanism& mechanism, double moment_n_m = 1.0);

// The nearest double couple (5), as its canonical plane. Refuses (std::invalid_argument) a tensor that is not finite or
// whose largest and smallest eigenvalue agree to 1e-12 of its size (an explosion has no fault plane).
FocalMechanism focal_mechanism(const MomentTensor& tensor);

double scalar_moment_n_m(const MomentTensor& tensor);  // (2)
double moment_magnitude(double moment_n_m);            // (3), moment_n_m > 0
double moment_n_m_of_magnitude(double magnitude);      // (3) solved for M0

}  // namespace propagator
