// The sources of the training set: every place of a regular grid with every mechanism of another one.
//
// Kuang, Yuan & Zhang (2021) train on 787,320 = 810 x 972 samples: 9 latitudes x 9 longitudes x 10 depths and 12
// strikes x 9 dips x 9 rakes. A sample is one number,
//
//   index     = place * n_mechanisms + mechanism                                            (1)
//   place     = (i_latitude * n_longitudes + i_longitude) * n_depths + i_depth              (2)
//   mechanism = (i_strike * n_dips + i_dip) * n_rakes + i_rake                              (3)
//
// each a bijection, and the values along each axis are first + i step. Indices are 64-bit and begin at 0.
#pragma once

#include <cstdint>
#include <vector>

#include "propagator/focal_mechanism.h"

namespace data {

struct Place {
  double latitude_deg, longitude_deg, depth_km;
};

struct Axis {
  static constexpr double smallest_step = 1e-9;  // degrees or km: neighbouring values differ

  double first = 0.0, step = 0.0;
  int count = 0;
  double value(int i) const { return first + i * step; }
};

class TrainingGrid {
 public:
  static constexpr double most_places = 1e7, most_samples = 1e12;

  // Refuses (std::invalid_argument) an axis without points, with a step that is no number or below Axis::smallest_step (a single
  // point may have any other) or whose ends are out of range: latitude -90..90, longitude -180..180, depth 0..700 km, strike
  // 0..360, dip 0..90, rake -180..180; and more than most_places places or most_samples samples. An end that lies outside by
  // rounding, 1e-9 at most (0.9 + 99 * 0.9 is 1.4e-14 more than 90), is allowed: its value is that of the range's end.
  TrainingGrid(Axis latitude, Axis longitude, Axis depth, Axis strike, Axis dip, Axis rake);

  std::int64_t size() const { return n_places() * n_mechanisms(); }
  std::int64_t n_places() const { return n_places_; }
  std::int64_t n_mechanisms() const { return n_mechanisms_; }

  struct Point {
    std::int64_t place, mechanism;
  };
  Point point(std::int64_t index) const;  // (1) read backward
  std::int64_t index(Point point) const;  // (1)

  Place place(std::int64_t place) const;  // (2) read backward
  propagator::FocalMechanism mechanism(
      std::int64_t mechanism) const;  // (3) read backward; strike as on its axis (360 stays 360)
  std::vector<Place> places() const;  // all, in the order of (2)

  const Axis& latitude() const { return latitude_; }
  const Axis& longitude() const { return longitude_; }
  const Axis& depth() const { return depth_; }
  const Axis& strike() const { return strike_; }
  const Axis& dip() const { return dip_; }
  const Axis& rake() const { return rake_; }

 private:
  Axis latitude_, longitude_, depth_, strike_, dip_, rake_;
  std::int64_t n_places_, n_mechanisms_;
};

// The grid of the paper: 35.4..36.2 N, -118.0..-117.2 E every 0.1 degrees, 2..20 km every 2 km. The paper does not tell the
// mechanisms' values; the authors' decoding leaves out the lower end of each range, hence strike 30..360 every 30,
// dip 10..90 every 10, rake -70..90 every 20.
TrainingGrid paper_grid();

}  // namespace data
