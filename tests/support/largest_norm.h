// The L2 norm of the largest of some series, one in each column.
#pragma once

#include <Eigen/Core>

namespace support {

inline double largest_norm(const Eigen::ArrayXXd& series) { return series.matrix().colwise().norm().maxCoeff(); }

}  // namespace support
