// The largest of some numbers, NaN where one of them is: a comparison with a tolerance then fails. std::max and Eigen's maxCoeff()
// may pass over a NaN.
#pragma once

#include <Eigen/Core>
#include <cmath>

namespace support {

inline double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

template <class Derived>
double largest_size(const Eigen::DenseBase<Derived>& x) {
  return x.derived().array().abs().template maxCoeff<Eigen::PropagateNaN>();
}

// The L2 norm of the largest of some series, one in each column.
inline double largest_norm(const Eigen::ArrayXXd& series) { return largest_size(series.matrix().colwise().norm()); }

}  // namespace support
