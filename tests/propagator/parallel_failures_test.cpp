#include "propagator/parallel_failures.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

TEST(ParallelFailures, AnInterruptionDoesNotHideAFailure) {
  propagator::ParallelFailures failures(3);
  EXPECT_FALSE(failures.any());
  EXPECT_NO_THROW(failures.rethrow());
  failures.watch(0, [] { throw propagator::Interrupted(); });
  EXPECT_TRUE(failures.any());
  EXPECT_THROW(failures.rethrow(), propagator::Interrupted);
  failures.watch(2, [] { throw std::range_error("lost"); });
  EXPECT_THROW(failures.rethrow(), std::range_error);
  failures.watch(1, [] { throw std::domain_error("before it"); });
  EXPECT_THROW(failures.rethrow(), std::domain_error);
}

}  // namespace
