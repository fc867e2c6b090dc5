// A figure must come out as a PNG; without gnuplot the test is passed over.
#pragma once

#include <gtest/gtest.h>

#include "data/atomic_file.h"
#include "fmnet/figure.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_folder.h"

namespace support {

inline void expect_drawn(const fmnet::Figure& figure) {
  if (!is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  const TemporaryFolder folder;
  fmnet::write_figure(folder.path(), figure);
  EXPECT_EQ(data::read_whole_file(folder.path() + "/" + figure.name + ".png", 1 << 24).substr(1, 3), "PNG");
}

}  // namespace support
