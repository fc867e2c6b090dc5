#include "fmnet/trust/delay_scan.h"

#include <gtest/gtest.h>

namespace {

TEST(BestDelay, IsTheFirstOfThoseThatExplainTheirWindowsBest) {
  const propagator::FocalMechanism plane{10.0, 20.0, 30.0};
  const std::vector<fmnet::DelayStep> steps = {
      {0.0, 10, plane, 0.5}, {1.0, 10, plane, 0.9}, {2.0, 10, plane, 0.9}, {3.0, 10, plane, -0.2}};
  EXPECT_EQ(fmnet::best_delay(steps).delay_s, 1.0);
}

}  // namespace
