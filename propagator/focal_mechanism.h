// The mechanism of an earthquake on a plane fault: strike, dip and rake in the convention of Aki & Richards (2002, p. 101).
//
//   strike phi     0 ..  360   azimuth of the fault trace, clockwise from north; the fault dips to its right
//   dip    delta   0 ..   90   angle from the horizontal
//   rake   lambda -180 .. 180  direction of the hanging wall's slip in the fault plane, anticlockwise from the strike:
//                              0 left-lateral, 90 thrust, -90 normal, +-180 right-lateral
//
// All angles are in degrees. With x north, y east, z down, the unit vectors along the strike, up the dip, along the slip
// d of the hanging wall and along the fault normal n (which points into the hanging wall's side, upward) are
//
//   s = ( cos phi, sin phi, 0 )                                                             (1)
//   u = ( cos delta sin phi, -cos delta cos phi, -sin delta )                               (2)
//   d = s cos lambda + u sin lambda                                                         (3)
//   n = ( -sin delta sin phi, sin delta cos phi, -cos delta )                               (4)
//
// (3) and (4) are Aki & Richards (2002), eqs 4.88 and 4.89. The moment tensor M0 (d n' + n d') does not change when n and d
// change places or both change sign: the auxiliary plane has normal d and slip n. Its axes are
//
//   T = (n + d) / sqrt 2,   P = (n - d) / sqrt 2,   N = T x P                               (5)
//
// Two double couples differ by a rotation. As turning one of them by 180 degrees about T, P or N changes nothing, four
// rotations lead from one to the other; the Kagan angle is the smallest of their angles (Kagan 1991), between 0 and 120.
// If q is the unit quaternion of one rotation, the other three have the same four components in another order, up to sign,
// so that with the component q_m of largest size as the scalar part
//
//   kappa = 2 atan2( sqrt(sum of the other three squares), |q_m| )                          (6)
//
// which keeps its digits near 0, where the arc cosine loses half of them.
//
// Every function refuses (std::invalid_argument) a number that is not finite, a dip outside 0..90 and a rake outside
// -180..180; a strike of any size is taken modulo 360. parse_focal_mechanism reads strikes of
// -360..360.
#pragma once

#include <Eigen/Core>
#include <string>

namespace propagator {

struct FocalMechanism {
  double strike_deg, dip_deg, rake_deg;
};

// The same mechanism with its strike in [0, 360); refuses what is out of range, in the name of `function`.
FocalMechanism checked_mechanism(const FocalMechanism& mechanism, const char* function);

// Unit vectors of slip (3) and normal (4), north-east-down.
struct SlipAndNormal {
  Eigen::Vector3d slip, normal;
};
SlipAndNormal slip_and_normal(const FocalMechanism& mechanism);

// The mechanism of a slip and a normal: unit vectors, perpendicular, both to 1e-9. Where a name is not unique, this one is taken:
//   dip 0   any strike serves: the strike is the azimuth of the slip and the rake is 0;
//   dip 90  (strike, 90, rake) is also (strike + 180, 90, -rake): the one that the sign of `normal` tells.
// A normal within 1e-12 of horizontal has dip 90.
FocalMechanism mechanism_from_vectors(const Eigen::Vector3d& slip, const Eigen::Vector3d& normal);

// The other plane of the same double couple.
FocalMechanism auxiliary_plane(const FocalMechanism& mechanism);

// One name for each double couple: of its two planes the one with |rake| <= 90. No angle of it is -0. Ties:
//   both rakes +-90 (pure dip slip)   the steeper plane; both 45 degrees steep: the smaller strike;
//   dip 90                            the strike in [0, 180).
FocalMechanism canonical_plane(const FocalMechanism& mechanism);

// The angle (6) in degrees, 0..120.
double kagan_angle_deg(const FocalMechanism& a, const FocalMechanism& b);

// Direction of a principal axis, taken downward: azimuth [0, 360), plunge 0..90 below the horizontal.
struct AxisDirection {
  double azimuth_deg, plunge_deg;
};
struct PrincipalAxes {
  AxisDirection t, p, n;
};
PrincipalAxes principal_axes(const FocalMechanism& mechanism);

// Reads "strike/dip/rake", for example "230.8/82.8/-9.4". Refuses (InputError, naming `source`) anything else.
FocalMechanism parse_focal_mechanism(const std::string& text, const std::string& source);

}  // namespace propagator
