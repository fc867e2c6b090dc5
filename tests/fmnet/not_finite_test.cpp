// A number that is none is never the better of two: NaN compares as false with everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "fmnet/commands/synth_command.h"
#include "fmnet/selftest.h"
#include "tests/support/input_error.h"

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

TEST(SelfTest, ComparesTensorsAndFailsWhereAValueIsNoNumber) {
  const autodiff::Tensor plain({1, 1, 1, 3}, {1.0, 2.0, -4.0});
  const auto passes = [](const autodiff::Tensor& a, const autodiff::Tensor& b) {
    return fmnet::SelfCheck{"network", fmnet::relative_difference(a, b), 0.2}.passed();
  };
  autodiff::Tensor other = plain;
  EXPECT_EQ(fmnet::relative_difference(plain, other), 0.0);
  other[1] = 2.5;
  EXPECT_EQ(fmnet::relative_difference(plain, other), 0.125);
  EXPECT_TRUE(passes(plain, other));
  for (const double value : {no_number, infinite}) {
    for (autodiff::Index i = 0; i < plain.size(); ++i) {
      autodiff::Tensor broken = plain;
      broken[i] = static_cast<autodiff::Real>(value);
      EXPECT_FALSE(passes(plain, broken)) << "value " << i << " = " << value;
      EXPECT_FALSE(passes(broken, plain)) << "value " << i << " = " << value;
      EXPECT_FALSE(passes(broken, broken)) << "value " << i << " = " << value;
    }
  }
}

TEST(FiniteError, IsTheLargestAndRefusesOneThatIsNoNumberWhereverItStands) {
  const auto greens_with = [](const std::vector<double>& errors) {
    std::vector<propagator::GreensFunctions> greens;
    for (const double error : errors) greens.push_back({5.0, 40.0, 1.0, 0.0, {}, error});
    return greens;
  };
  EXPECT_EQ(fmnet::finite_error(greens_with({0.25, 0.5, 0.125})), 0.5);
  const auto message = [&](const std::vector<double>& errors) {
    return support::input_error([&] { fmnet::finite_error(greens_with(errors)); });
  };
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> errors = {0.25, 0.5, 0.125};
    errors[i] = no_number;
    EXPECT_THAT(message(errors), testing::StartsWith("estimated error = nan: must be finite")) << i;
    errors[i] = infinite;
    EXPECT_THAT(message(errors), testing::StartsWith("estimated error = inf: must be finite")) << i;
  }
}

}  // namespace
