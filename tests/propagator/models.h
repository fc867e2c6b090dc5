// Models and cases that the tests of the propagator share.
#pragma once

#include <array>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "propagator/greens_functions.h"

namespace test_models {

inline constexpr double elastic = std::numeric_limits<double>::infinity();

// The standard southern California model with the Moho at the given depth.
inline propagator::LayeredModel southern_california(double moho_km, double q_p = 600.0, double q_s = 300.0) {
  return propagator::LayeredModel({{5.5, 5.5, 3.18, 2.4, q_p, q_s},
                                   {10.5, 6.3, 3.64, 2.67, q_p, q_s},
                                   {moho_km - 16.0, 6.7, 3.87, 2.8, q_p, q_s},
                                   {0.0, 7.8, 4.5, 3.0, q_p, q_s}});
}

inline propagator::LayeredModel half_space() {
  return propagator::LayeredModel({{0.0, 6.0, 3.464, 2.7, elastic, elastic}});
}

// Series of 64 s, summed for 1e-3: what is good enough where two computations are compared.
inline propagator::GreensSettings small_settings() {
  propagator::GreensSettings s;
  s.n_samples = 64;
  s.wavenumbers.tolerance = 1e-3;
  return s;
}

// The reference files' order ZDD RDD ZDS RDS TDS ZSS RSS TSS ZEX REX as columns of GreensFunctions::series.
inline constexpr std::array<int, 10> column_of_file = {6, 7, 3, 4, 5, 0, 1, 2, 8, 9};

struct ReferenceCase {
  std::string name;  // of shared/reference/greens, without the window
  propagator::LayeredModel model;
  double source_depth_km;
};

inline std::vector<ReferenceCase> reference_cases() {
  return {{"socal_z02", southern_california(35.0), 2.0},
          {"socal_z08", southern_california(35.0), 8.0},
          {"socal_z20", southern_california(35.0), 20.0},
          {"socal32_z12", southern_california(32.0), 12.0},
          {"socal_elastic_z08", southern_california(35.0, elastic, elastic), 8.0},
          {"halfspace_z10", half_space(), 10.0}};
}

inline const std::vector<double>& reference_distances_km() {
  static const std::vector<double> distances = {10.0, 30.0, 60.0, 100.0, 150.0};
  return distances;
}

}  // namespace test_models
