// Green's functions and synthetic seismograms as files that other programs read.
//
// Conventions. Our series are m per N m (of a moment step; of an impulse m/s per N m), Z up, R away, T clockwise, in the signs
// of Zhu & Rivera's program fk. fk and Computer Programs in Seismology (CPS) write cm (cm/s) for 1e20 dyne cm, which is 1e15
// times our number; CPS (Herrmann) has ZDS, RDS, TDS, ZSS, RSS and TSS with the opposite sign. Both mean the ground velocity
// of a moment step: compute with SourceTime::impulse. Files hold ZDD RDD ZDS RDS TDS ZSS RSS TSS ZEX REX, in this order.  (1)
//
//   convention  SAC files under DIRECTORY
//   ours        NAME_DEPTH/DISTANCE.ZDD.sac ...
//   fk          NAME_DEPTH/DISTANCE.grn.0 1 3 4 5 6 7 8 a b, and 2 and c, the transverse of DD and EX, which are zero: syn and CAP
//               read all twelve
//   cps         NAME_DEPTH/DISTANCE.ZDD ...
//
// As npy: DIRECTORY/NAME.npy, float64, shape (depths, distances, series, samples), and NAME.json that names the axes, the
// series, the sampling, the unit and the error estimates.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "data/records/sac.h"
#include "propagator/greens_functions.h"
#include "propagator/travel_time.h"

namespace data {

enum class GreensConvention { ours, fk, cps };

// Our number times this is the convention's. series: any of propagator::Fundamental.
double convention_factor(GreensConvention convention, propagator::Fundamental series);

// What SAC headers tell of a synthetic; undefined where NaN.
struct SacGeometry {
  double distance_km, azimuth_deg, back_azimuth_deg, source_depth_km, receiver_depth_km;
  propagator::FirstArrival p, s;  // their times after the origin time
  double station_latitude_deg = NAN, station_longitude_deg = NAN, station_elevation_m = NAN;  // WGS84
  double source_latitude_deg = NAN, source_longitude_deg = NAN;
};

// sac_bytes with the origin time as reference time, o, a (P), t0 (S), evla, evlo, evdp, stla, stlo, stel, stdp (m), dist, az and
// baz, and where fk, syn and CAP have them: P in t1, S in t2, their take-off angles in user1 and user2. Throws
// propagator::InputError for an origin time or a first sample that a header does not tell: outside 1900-2100.
std::string synthetic_sac_bytes(const SacRecord& record, const SacUnit& unit, std::int64_t origin_ns,
                                const SacGeometry& geometry);

struct GreensExport {
  std::string directory, name;
  GreensConvention convention = GreensConvention::ours;
  Quantity quantity = Quantity::displacement;  // told in the files: displacement for a step, velocity for an impulse
  double receiver_depth_km = 0.0;              // for the times of P and S
};

// All pairs of a depth and a distance, depth by depth, with the ten series. Returns the paths written. Throws
// propagator::OutputError; std::invalid_argument for another number of series, of pairs or (npy) of samples.
std::vector<std::string> export_sac(const GreensExport& target, const propagator::LayeredModel& model,
                                    const std::vector<propagator::GreensFunctions>& greens);
std::vector<std::string> export_npy(const GreensExport& target, const std::vector<double>& depths_km,
                                    const std::vector<double>& distances_km,
                                    const std::vector<propagator::GreensFunctions>& greens);

}  // namespace data
