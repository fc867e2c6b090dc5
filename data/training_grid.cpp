#include "data/training_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace data {

namespace {

// A unit of the ninth decimal: 35.4 + 8 * 0.1 need not be 36.2 exactly.
constexpr double rounding = 1e-9;

struct Range {
  const char* name;
  double low, high;
};
constexpr Range latitude_range{"latitude", -90.0, 90.0}, longitude_range{"longitude", -180.0, 180.0},
    depth_range{"depth", 0.0, 700.0}, strike_range{"strike", 0.0, 360.0}, dip_range{"dip", 0.0, 90.0},
    rake_range{"rake", -180.0, 180.0};

std::int64_t checked_count(const Range& range, const Axis& axis) {
  const double last = axis.value(axis.count - 1);
  const bool moves = std::isfinite(axis.step) && (axis.count == 1 || std::abs(axis.step) >= Axis::smallest_step);
  if (axis.count < 1 || !moves || !std::isfinite(axis.first) || std::min(axis.first, last) < range.low - rounding ||
      std::max(axis.first, last) > range.high + rounding) {
    throw std::invalid_argument(fmt::format(
        "TrainingGrid: {} = {} values from {} every {}: must be at least one value, all different, in {}..{}",
        range.name, axis.count, axis.first, axis.step, range.low, range.high));
  }
  return axis.count;
}

// Without what rounding adds at the ends.
double value_in(const Range& range, const Axis& axis, std::int64_t i) {
  return std::clamp(axis.value(static_cast<int>(i)), range.low, range.high);
}

// In double first: the product of three counts may exceed 64 bits.
std::int64_t checked_product(const char* what, std::int64_t a, std::int64_t b, std::int64_t c, double most) {
  const double n = static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
  if (n > most)
    throw std::invalid_argument(fmt::format("TrainingGrid: {} = {:g}: must be at most {:g}", what, n, most));
  return a * b * c;
}

void refuse_outside(const char* function, const char* argument, std::int64_t value, std::int64_t size) {
  if (value < 0 || value >= size) {
    throw std::invalid_argument(fmt::format("{}: {} = {}: must lie in 0..{}", function, argument, value, size - 1));
  }
}

}  // namespace

TrainingGrid::TrainingGrid(Axis latitude, Axis longitude, Axis depth, Axis strike, Axis dip, Axis rake)
    : latitude_(latitude),
      longitude_(longitude),
      depth_(depth),
      strike_(strike),
      dip_(dip),
      rake_(rake),
      n_places_(checked_product("places", checked_count(latitude_range, latitude),
                                checked_count(longitude_range, longitude), checked_count(depth_range, depth),
                                most_places)),
      n_mechanisms_(checked_product("mechanisms", checked_count(strike_range, strike), checked_count(dip_range, dip),
                                    checked_count(rake_range, rake), most_samples)) {
  checked_product("samples", n_places_, n_mechanisms_, 1, most_samples);
}

TrainingGrid::Point TrainingGrid::point(std::int64_t index) const {
  refuse_outside("TrainingGrid::point", "index", index, size());
  return {index / n_mechanisms_, index % n_mechanisms_};  // (1)
}

std::int64_t TrainingGrid::index(Point point) const {
  refuse_outside("TrainingGrid::index", "place", point.place, n_places_);
  refuse_outside("TrainingGrid::index", "mechanism", point.mechanism, n_mechanisms_);
  return point.place * n_mechanisms_ + point.mechanism;  // (1)
}

Place TrainingGrid::place(std::int64_t place) const {
  refuse_outside("TrainingGrid::place", "place", place, n_places_);
  const std::int64_t column = place / depth_.count;  // (2)
  return {value_in(latitude_range, latitude_, column / longitude_.count),
          value_in(longitude_range, longitude_, column % longitude_.count),
          value_in(depth_range, depth_, place % depth_.count)};
}

propagator::FocalMechanism TrainingGrid::mechanism(std::int64_t mechanism) const {
  refuse_outside("TrainingGrid::mechanism", "mechanism", mechanism, n_mechanisms_);
  const std::int64_t plane = mechanism / rake_.count;  // (3)
  return {value_in(strike_range, strike_, plane / dip_.count), value_in(dip_range, dip_, plane % dip_.count),
          value_in(rake_range, rake_, mechanism % rake_.count)};
}

std::vector<Place> TrainingGrid::places() const {
  std::vector<Place> all;
  all.reserve(static_cast<std::size_t>(n_places_));
  for (std::int64_t i = 0; i < n_places_; ++i) all.push_back(place(i));
  return all;
}

TrainingGrid paper_grid() {
  return {{35.4, 0.1, 9}, {-118.0, 0.1, 9}, {2.0, 2.0, 10}, {30.0, 30.0, 12}, {10.0, 10.0, 9}, {-70.0, 20.0, 9}};
}

}  // namespace data
