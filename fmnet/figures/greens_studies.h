// What the figures of the chapter on Green's functions show, as numbers (greens_figures.h draws them).
//
// All are of the standard southern California model with the Moho at 35 km, unless said otherwise. Everything but the times of
// accuracy_and_cost is the same on every machine, but for the last digits of errors that are rounding.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "propagator/layered_model.h"

namespace fmnet {

propagator::LayeredModel chapter_model();

// Vertical ground velocity around a 45-degree dip slip of 1 N m at 8 km, in a vertical section: ZDD for a step, below 0.7 Hz.
struct WaveField {
  std::vector<double> times_s, depths_km, distances_km;
  std::vector<Eigen::ArrayXXd> velocity_m_s;  // per time, depths x distances
};
WaveField wave_field();

// One layer of the model's crust, 5.5 and 3.18 km/s, cut into slices of 1 km and passed upwards by the field that radiates down: its
// minors keep their ratios (compound_matrix.h), so |(s/e) / (s/e)_exact - 1| is the error.
struct PlainProduct {
  double omega_rad_s, k_alpha_per_km, k_beta_per_km;
  std::vector<double> thicknesses_km;
  std::vector<double> k_per_km;
  std::vector<Eigen::ArrayXd> plain, minors,
      expected;  // per thickness, over k; expected of plain: 2e-16 exp(Re(a - b))
};
PlainProduct plain_product();

// Error of spectra over 0.02-0.2 Hz against a tolerance of 1e-10: L2 of the worst series relative to the largest.
struct SumError {
  std::string name;
  std::vector<double> place, error;
};
// The end of the sum: source 0.5 km deep, 30 km away, against the last wavenumber (1/km); cut off, and faded out.
std::vector<SumError> end_of_the_sum();
// The step: source 8 km deep, 20-100 km away, against the number of wavenumbers; one step everywhere as in fk, and ours.
std::vector<SumError> step_of_the_sum();

// Processor time of eight series at 10 depths x 50 distances (5-150 km), 256 samples of 1 s, one thread, and the error of the series
// in 0.05-0.1 Hz against a tolerance of 1e-8: the median over distances and depths of the worst series.
struct CostPoint {
  std::string label;  // the tolerance, or fk's step
  double seconds, error;
};
struct AccuracyAndCost {
  std::vector<CostPoint> ours, fk;
};
AccuracyAndCost accuracy_and_cost();

}  // namespace fmnet
