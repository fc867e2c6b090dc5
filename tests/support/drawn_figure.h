// A figure must come out as a PNG, and as an SVG with all its words in the picture; without gnuplot the test is passed over.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/atomic_file.h"
#include "fmnet/figure.h"
#include "tests/support/shell.h"
#include "tests/support/svg_texts.h"
#include "tests/support/temporary_folder.h"

namespace support {

inline void expect_drawn(const fmnet::Figure& figure) {
  if (!is_installed("gnuplot")) GTEST_SKIP() << "gnuplot is not installed";
  const TemporaryFolder folder;
  fmnet::write_figure(folder.path(), figure);
  const std::string stem = folder.path() + "/" + figure.name;
  EXPECT_EQ(data::read_whole_file(stem + ".png", 1 << 24).substr(1, 3), "PNG");
  const std::string svg = data::read_whole_file(stem + ".svg", 1 << 24);
  EXPECT_THAT(svg, testing::HasSubstr("<text>")) << figure.name;
  EXPECT_THAT(texts_outside(svg), testing::IsEmpty()) << figure.name;
}

}  // namespace support
